"""What is asked for content, what came back, and the story of a conversation in a few lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from core.errors import NotFound
from core.fixed import Slot, fixed
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.policies import Access
from routing.models.content import ContentAsk
from routing.models.handoff import Handoff

AT_MOST = 200
SUMMARY_LIMIT = 2000
LINE_LIMIT = 240
TOLD = 6


def asked(access: Access, *, limit: int = AT_MOST) -> list[ContentAsk]:
    """Open asks of the queues that somebody staffs, the oldest first."""
    rows = ContentAsk.objects.filter(state=ContentAsk.State.OPEN, to_queue__in=access.member_queue_ids)
    visible = rows.filter(conversation__in=Conversation.objects.visible_to(access))
    return list(visible.select_related("to_queue", "asked_by", "decided_by").order_by("id")[:limit])


def of_conversation(conversation: Conversation) -> list[ContentAsk]:
    """All asks of a conversation that the caller may read, newest first."""
    return _of(conversation=conversation.pk)


@fixed(conversation="bigint")
def _of(conversation: Slot) -> QuerySet[ContentAsk]:
    rows = ContentAsk.objects.filter(conversation=conversation).order_by("-id")
    return rows.select_related("to_queue", "asked_by", "decided_by")[:AT_MOST]


def conversation_of(ask_id: int, access: Access) -> int:
    """The conversation of an ask, where it may be read. Raises: NotFound."""
    visible = Conversation.objects.visible_to(access)
    pk = (
        ContentAsk.objects.filter(pk=ask_id, conversation__in=visible).values_list("conversation_id", flat=True).first()
    )
    if pk is None:
        raise NotFound("There is no such ask.")
    return pk


@dataclass(frozen=True, slots=True)
class Block:
    """Words that colleagues gave for this conversation: they can be inserted into an answer."""

    text: str
    by: str
    queue: str
    at: datetime


def blocks(asks: Iterable[ContentAsk], handoffs: Iterable[Handoff]) -> list[Block]:
    """What came back of these, newest first."""
    answered = [row for row in asks if row.state == ContentAsk.State.ANSWERED]
    returned = [row for row in handoffs if row.state == Handoff.State.ANSWERED]
    came_back: list[ContentAsk | Handoff] = [*answered, *returned]
    found = [
        Block(row.answer, row.decided_by.name, row.to_queue.name, row.decided_at)
        for row in came_back
        if row.decided_by is not None and row.decided_at is not None
    ]
    return sorted(found, key=lambda block: block.at, reverse=True)


def summary_of(conversation: Conversation) -> str:
    """The thread in a few lines: who, the first message, and the last ones; for the form of a hand-over."""
    rows = Message.objects.filter(conversation=conversation, deleted_at=None).select_related("author")
    first = list(rows.order_by("posted_at", "id")[:1])
    last = list(rows.order_by("-posted_at", "-id")[:TOLD])[::-1]
    lines = [_line(one) for one in [*first, *(one for one in last if one not in first)]]
    profile = conversation.profile
    name = profile.name or profile.handle or "Somebody"
    reach = f", {profile.followers:,} followers" if profile.followers is not None else ""
    return "\n".join([f"{name}{reach}.", *lines])[:SUMMARY_LIMIT]


def _line(message: Message) -> str:
    who = "They" if message.is_inbound else (message.author.short_name if message.author else "We")
    words = " ".join(message.text.split())
    words = words if len(words) <= LINE_LIMIT else f"{words[: LINE_LIMIT - 1]}…"
    return f"{who}, {message.posted_at:%-d %b %H:%M} UTC: {words}"
