"""Upward talk by event: higher layers register here in `AppConfig.ready`, inbox calls them and never imports them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded event, as subscribers get it."""

    id: int
    kind: str
    conversation_id: int
    actor_id: int | None
    occurred_at: datetime
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of a conversation at the moment it opens; the first routing decides from it.

    `followers` is None where the network does not say.
    """

    channel_id: int
    brand_id: int
    private: bool
    followers: int | None
    verified: bool


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a new conversation goes first, and why (a sentence for people)."""

    queue_id: int
    queue: str
    why: str


Subscriber = Callable[[Recorded], None]
Placer = Callable[[Sequence[Arrival]], list[Placement]]

subscribers: dict[str, Subscriber] = {}
_placers: list[Placer] = []


def subscribe(name: str, subscriber: Subscriber) -> None:
    """Register under a stable name; each subscriber is run separately and must be idempotent by event id."""
    subscribers[name] = subscriber


def place_with(placer: Placer) -> None:
    """Register the one function that says where new conversations go; the last one registered counts."""
    _placers[:] = [placer]


def place(arrivals: Sequence[Arrival]) -> list[Placement]:
    """A placement per arrival, in order."""
    return _placers[0](arrivals)
