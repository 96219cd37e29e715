"""Conversations while a page is stored: plain records that follow the rules of `services.status`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from inbox.dispatch import Placement
from inbox.models.conversation import Conversation
from inbox.services import status


@dataclass(slots=True)
class QueueFacts:
    """What the status rules ask of a queue."""

    id: int
    lease_minutes: int | None
    name: str = ""


@dataclass(slots=True)
class Turn:
    """One conversation of the page: what is stored of it, and what the page adds."""

    id: int
    thread_key: str
    profile_id: int
    queue: QueueFacts
    brand_id: int
    owner_id: int | None = None
    status: str = Conversation.Status.OPEN
    waiting_since: datetime | None = None
    answered_at: datetime | None = None
    answer_seen_at: datetime | None = None
    lease_until: datetime | None = None
    snoozed_until: datetime | None = None
    last_message_at: datetime | None = None
    last_message: int | None = None
    is_new: bool = False
    thread_id: int | None = None
    why: str = ""
    status_before: str = ""
    owner_before: int | None = None
    received: list[tuple[int, datetime]] = field(default_factory=list)
    answered: list[tuple[int, datetime]] = field(default_factory=list)
    silent: bool = True
    touched: bool = False

    @property
    def queue_id(self) -> int:
        return self.queue.id

    def note_message(self, message_id: int, posted_at: datetime) -> None:
        """The newest message is the one that the list shows."""
        self.touched = True
        if self.last_message_at is None or posted_at >= self.last_message_at:
            self.last_message_at, self.last_message = posted_at, message_id

    def receive(self, message_id: int, posted_at: datetime, *, now: datetime, asks: bool) -> None:
        """The contact wrote. `asks` is False for what carries no clock: imported, or from a muted profile."""
        self.note_message(message_id, posted_at)
        self.received.append((message_id, posted_at))
        if asks:
            self.silent = False
            status.received(cast(Conversation, self), posted_at, now=now)

    def answer(self, message_id: int, posted_at: datetime) -> None:
        """We wrote; what follows of it is settled for all answered turns at once."""
        self.note_message(message_id, posted_at)
        self.answered.append((message_id, posted_at))
        status.note_answer(cast(Conversation, self), posted_at, None)

    def settle(self, waiting: datetime | None, *, now: datetime) -> None:
        """After an answer: whoever still waits goes on waiting, else it is the contact's turn."""
        if self.status not in (Conversation.Status.OPEN, Conversation.Status.PENDING):
            return
        if waiting is None:
            self.status, self.waiting_since, self.lease_until = Conversation.Status.PENDING, None, None
        else:
            status.received(cast(Conversation, self), waiting, now=now)
            self.waiting_since = waiting


def stored_turn(row: tuple[Any, ...]) -> Turn:
    """From a row of `rows.turns`."""
    id_, key, profile, queue, brand, lease, name, owner, state, waiting, answered, *rest = row
    seen, until, snoozed, last_at, last = rest
    return Turn(
        id=id_,
        thread_key=key,
        profile_id=profile,
        queue=QueueFacts(queue, lease, name),
        brand_id=brand,
        owner_id=owner,
        status=state,
        waiting_since=waiting,
        answered_at=answered,
        answer_seen_at=seen,
        lease_until=until,
        snoozed_until=snoozed,
        last_message_at=last_at,
        last_message=last,
        status_before=state,
        owner_before=owner,
    )


def new_turn(
    id_: int, key: str, profile_id: int, brand_id: int, thread_id: int | None, placement: Placement, *, muted: bool
) -> Turn:
    """A conversation that opens now; one with a muted profile asks for nobody from the start."""
    return Turn(
        id=id_,
        thread_key=key,
        profile_id=profile_id,
        queue=QueueFacts(placement.queue_id, None, placement.queue),
        brand_id=brand_id,
        thread_id=thread_id,
        why=placement.why,
        is_new=True,
        status=Conversation.Status.RESOLVED if muted else Conversation.Status.OPEN,
    )
