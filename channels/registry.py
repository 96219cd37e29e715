"""The one table of networks: adding one is a folder under adapters/ and a line here."""

from __future__ import annotations

from channels.adapters.x.adapter import XAdapter
from channels.contracts import Adapter, Capabilities, Kind, type_json

ADAPTERS = {
    Kind.X: XAdapter,
}


def capabilities(kind: Kind | str) -> Capabilities:
    """What a channel of this kind can do."""
    return ADAPTERS[Kind(kind)].capabilities


def build(kind: Kind | str, credentials: type_json, account_external_id: str, options: type_json) -> Adapter:
    """The adapter of one account. Makes no call."""
    return ADAPTERS[Kind(kind)](credentials, account_external_id, options)
