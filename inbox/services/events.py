"""Recording what happened. One row per fact, one ping per topic on commit, one dispatch hint per transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db.models.functions import Now

from accounts.models import User
from core import live
from core.hints import hint_on_commit
from inbox import dispatch
from inbox.event_kinds import KINDS
from inbox.models.conversation import Conversation
from inbox.models.work import ConversationEvent

DISPATCH = "inbox.tasks.dispatch_events"
# What the clocks of a conversation rest on.
TURNS_CLOCKS = frozenset(
    {"status", "waiting_since", "answered_at", "answer_seen_at", "snoozed_until", "queue", "priority", "merged_into"}
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened to one of many conversations, for `record_many`."""

    conversation_id: int
    queue_id: int
    brand_id: int
    data: dict[str, Any] = field(default_factory=dict)
    also_topics: tuple[str, ...] = ()


def request_id() -> str:
    """The id of the web request or task that runs, where there is one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64]


def lane_topic(queue_id: int, brand_id: int) -> str:
    """The topic of one queue's conversations of one brand; browsers get only the lanes they may see."""
    return f"lane:{queue_id}:{brand_id}"


def user_topic(user_id: int) -> str:
    """The topic of one person's own lists."""
    return f"user:{user_id}"


def record(
    kind: str,
    conversation: Conversation,
    *,
    actor: User | None = None,
    data: dict[str, Any] | None = None,
    also_topics: Iterable[str] = (),
) -> ConversationEvent:
    """Record one fact about `conversation` and ping who may see it, after the commit.

    Args:
        data: payload as listed in `event_kinds`.
        also_topics: further topics, such as the lane that it has left or `user:7`.

    Raises: UnknownKind for a kind or key that is not in the catalogue.
    """
    known = KINDS.check(kind, data or {})
    row = ConversationEvent.objects.create(
        conversation=conversation,
        kind=kind,
        actor=actor,
        data=data or {},
        request_id=request_id(),
        dispatched_at=told_at_once(kind),
    )
    if known.pings:
        _ping(row, lane_topic(conversation.queue_id, conversation.brand_id), also_topics)
    if dispatch.is_wanted(kind):
        hint_subscribers()
    return row


def record_many(kind: str, facts: Sequence[Fact], *, actor: User | None = None) -> None:
    """Record one fact of the same kind about each of many conversations, in one statement.

    Raises: UnknownKind as `record`.
    """
    for fact in facts:
        KINDS.check(kind, fact.data)
    rows = ConversationEvent.objects.bulk_create(
        ConversationEvent(
            conversation_id=fact.conversation_id,
            kind=kind,
            actor=actor,
            data=fact.data,
            request_id=request_id(),
            dispatched_at=told_at_once(kind),
        )
        for fact in facts
    )
    if KINDS[kind].pings:
        for row, fact in zip(rows, facts, strict=True):
            _ping(row, lane_topic(fact.queue_id, fact.brand_id), fact.also_topics)
    if rows and dispatch.is_wanted(kind):
        hint_subscribers()


def told_at_once(kind: str) -> Now | None:
    """What a new event has as `dispatched_at`: one of which nobody wants to be told is not written a second time."""
    return None if dispatch.is_wanted(kind) else Now()


def _ping(event: ConversationEvent, lane: str, also_topics: Iterable[str]) -> None:
    for topic in {lane, f"conversation:{event.conversation_id}", *also_topics}:
        live.ping_on_commit(topic, event=event.pk, kind=event.kind, conversations=[event.conversation_id])


def hint_subscribers() -> None:
    if dispatch.subscribers:
        hint_on_commit(DISPATCH)


def touch(conversation: Conversation, *fields: str) -> None:
    """Save the named fields and raise the revision; never a bare save. Clocks follow in the same transaction."""
    conversation.revision += 1
    conversation.save(update_fields=[*fields, "revision"])
    if TURNS_CLOCKS.intersection(fields):
        conversation.due_at = dispatch.set_clocks([conversation.pk]).get(conversation.pk, conversation.due_at)
