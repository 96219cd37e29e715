"""What sender, settler and ingest say to each other about one try to send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to send one delivery; `fence` tells it from earlier and later ones."""

    delivery_id: int
    fence: int


@dataclass(frozen=True, slots=True)
class Posted:
    """A post of ours that stands on the network.

    Args:
        author: external id of the account that wrote it; None = the network does not say.
        exchange: id of the private exchange that it is part of, where it is private.
    """

    external_id: str
    author: str | None
    posted_at: datetime
    permalink: str = ""
    exchange: str = ""
