"""The one table of networks: adding one is a folder under adapters/ and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from channels import vault
from channels.adapters.facebook.adapter import FacebookAdapter
from channels.adapters.x.adapter import XAdapter
from channels.contracts import Adapter, Capabilities, Connecting, Kind, type_json
from channels.models import Channel


@dataclass(frozen=True, slots=True)
class Network:
    """One line of the table."""

    adapter: Callable[..., Adapter]
    capabilities: Capabilities
    connecting: Connecting


ADAPTERS = {
    Kind.X: Network(XAdapter, XAdapter.capabilities, XAdapter.connecting),
    Kind.FACEBOOK: Network(FacebookAdapter, FacebookAdapter.capabilities, FacebookAdapter.connecting),
}


def capabilities(kind: Kind | str) -> Capabilities:
    """What a channel of this kind can do."""
    return ADAPTERS[Kind(kind)].capabilities


def connecting(kind: Kind | str) -> Connecting:
    """How accounts of this kind are connected."""
    return ADAPTERS[Kind(kind)].connecting


def build(kind: Kind | str, credentials: type_json, account_external_id: str, options: type_json) -> Adapter:
    """The adapter of one account. Makes no call."""
    return ADAPTERS[Kind(kind)].adapter(credentials, account_external_id, options)


def adapter_for(channel: Channel) -> Adapter:
    """The adapter of a connected account, with the credentials of its own row and no other.

    Raises: VaultError.
    """
    credentials = vault.unseal(channel.sealed_credentials, channel)
    return build(channel.kind, credentials, channel.external_id, channel.options)


def rules_for(channel: Channel) -> Adapter:
    """The adapter without credentials: it counts characters and says what is answerable, and can call nobody."""
    return build(channel.kind, {}, channel.external_id, channel.options)
