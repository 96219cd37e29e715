"""What somebody was told: a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from inbox.models.conversation import Conversation
from inbox.policies import Access
from routing.models.notice import Notice
from routing.notice_kinds import KINDS

PAGE = 50
MARKED = 100


@dataclass(frozen=True, slots=True)
class Told:
    """One notice in words."""

    pk: int
    kind: str
    sentence: str
    conversation_id: int | None
    created_at: datetime
    read_at: datetime | None
    due_at: datetime | None = None


def notices_of(access: Access, *, before: int | None = None, unread: bool = False, limit: int = PAGE) -> list[Told]:
    """What somebody was told, newest first; nothing of conversations that they may not read any more. One query.

    Args:
        before: id of the last one of the page before.
    """
    rows = _visible(access)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if unread:
        rows = rows.filter(read_at=None)
    return [
        Told(row.pk, row.kind, sentence(row), row.conversation_id, row.created_at, row.read_at, _due(row))
        for row in rows.order_by("-pk")[:limit]
    ]


def unread_count(access: Access) -> int:
    """How many are not read; counted to 100 at most."""
    return len(_visible(access).filter(read_at=None).values("pk")[:MARKED])


def sentence(row: Notice) -> str:
    """What it says."""
    return KINDS[row.kind].sentence.format_map(defaultdict(str, row.data)).strip()


def _due(row: Notice) -> datetime | None:
    """When what it tells of is due, where it is."""
    due = row.data.get("due")
    return datetime.fromisoformat(due) if due else None


def _visible(access: Access) -> QuerySet[Notice]:
    readable = Conversation.objects.visible_to(access).filter(pk=OuterRef("conversation_id"))
    return Notice.objects.filter(Q(conversation=None) | Exists(readable), user_id=access.user_id)
