"""Recording what happened. One row per fact, one ping per topic on commit, one dispatch hint per transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import structlog

from accounts.models import User
from core import live
from inbox.event_kinds import KINDS
from inbox.models.conversation import Conversation
from inbox.models.work import ConversationEvent


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
        conversation=conversation, kind=kind, actor=actor, data=data or {}, request_id=request_id()
    )
    if known.pings:
        for topic in {
            lane_topic(conversation.queue_id, conversation.brand_id),
            f"conversation:{conversation.pk}",
        }:
            live.ping_on_commit(topic, event=row.pk, kind=kind, conversations=[conversation.pk])
        for topic in also_topics:
            live.ping_on_commit(topic, event=row.pk, kind=kind, conversations=[conversation.pk])
    return row


def touch(conversation: Conversation, *fields: str) -> None:
    """Save the named fields and raise the revision; never a bare save."""
    conversation.revision += 1
    conversation.save(update_fields=[*fields, "revision"])
