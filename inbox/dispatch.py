"""Upward talk by event: higher layers register here in `AppConfig.ready`, inbox calls them and never imports them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from inbox.models.conversation import Conversation
    from inbox.services.acts import Act


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
    network: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a new conversation goes first, and why (a sentence for people)."""

    queue_id: int
    queue: str
    why: str


Subscriber = Callable[[Recorded], None]
Placer = Callable[[Sequence[Arrival]], list[Placement]]
Linguist = Callable[[str], str]
Clocks = Callable[[Collection[int]], dict[int, datetime | None]]


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who is told, and of which kinds of events."""

    tell: Subscriber
    kinds: frozenset[str]


class Hanging(Protocol):
    """What a higher layer has hanging on conversations; called inside the transaction that changes them."""

    def end(self, act: Act) -> None:
        """The conversation of this act is being resolved."""

    def carry_over(self, gone: Conversation, kept: Conversation) -> None:
        """`gone` has turned out to be part of `kept`; both are locked."""


subscribers: dict[str, Subscription] = {}
_placers: list[Placer] = []
_triage: list[str] = []
_clocks: list[Clocks] = []
_linguists: list[Linguist] = []
_hanging: dict[str, Hanging] = {}


def subscribe(name: str, subscriber: Subscriber, *, kinds: Collection[str]) -> None:
    """Register under a stable name for these kinds; each subscriber is run separately, in any order of events.

    It runs inside the dispatcher's transaction, so that what it writes stands exactly when the event counts as
    told: it calls no network and opens no durable transaction. It may be told twice, and is idempotent by event id.
    """
    subscribers[name] = Subscription(subscriber, frozenset(kinds))


def is_wanted(kind: str) -> bool:
    """Whether anybody is to be told; an event that nobody wants counts as dispatched from the start."""
    return any(kind in subscription.kinds for subscription in subscribers.values())


def place_with(placer: Placer) -> None:
    """Register the one function that says where new conversations go; the last one registered counts."""
    _placers[:] = [placer]


def place(arrivals: Sequence[Arrival]) -> list[Placement]:
    """A placement per arrival, in order."""
    return _placers[0](arrivals)


def triage_with(task: str) -> None:
    """Register the task that takes in what is stored (`TriageWork`); the last one registered counts."""
    _triage[:] = [task]


def triage_task() -> str:
    """The task to hint when something waits for triage; empty = nobody triages, and nothing is to wait for it."""
    return _triage[0] if _triage else ""


def clocks_with(clocks: Clocks) -> None:
    """Register the one function that sets clocks; it writes `due_at`, and returns it by conversation."""
    _clocks[:] = [clocks]


def set_clocks(conversation_ids: Collection[int]) -> dict[int, datetime | None]:
    """The turn, queue, priority or answers of these conversations have changed: their clocks follow.

    Called inside the transaction that changed them, after their cases were written; they are locked. Returns when
    each is due now; nothing about those that no promise was ever made to.
    """
    return _clocks[0](conversation_ids) if _clocks and conversation_ids else {}


def languages_with(linguist: Linguist) -> None:
    """Register the one function that says what language a text is in; the last one registered counts."""
    _linguists[:] = [linguist]


def language_of(text: str) -> str:
    """The language of a text by its code, "" where nothing says so."""
    return _linguists[0](text) if _linguists else ""


def hang(name: str, hanging: Hanging) -> None:
    """Register under a stable name what is to end with a conversation, or to be carried over."""
    _hanging[name] = hanging


def end_all(act: Act) -> None:
    """Nothing stays open on what is resolved: no question without an end."""
    for each in _hanging.values():
        each.end(act)


def carry_all(gone: Conversation, kept: Conversation) -> None:
    """Whatever hung on `gone` hangs on `kept` from now on."""
    for each in _hanging.values():
        each.carry_over(gone, kept)
