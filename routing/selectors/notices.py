"""What somebody was told: a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.fixed import Slot, fixed
from core.wording import filled
from inbox.models.conversation import Conversation
from inbox.policies import RIGHTS, Access, Rights, values_of
from routing.models.notice import Notice
from routing.notice_kinds import CAUSE_OF, KINDS

PAGE = 50
MARKED = 100


@dataclass(frozen=True, slots=True)
class Told:
    """One notice in words."""

    pk: int
    kind: str
    cause: str
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
        Told(
            row.pk,
            row.kind,
            CAUSE_OF[row.kind],
            sentence(row),
            row.conversation_id,
            row.created_at,
            row.read_at,
            _due(row),
        )
        for row in rows.order_by("-pk")[:limit]
    ]


@dataclass(frozen=True, slots=True)
class Unread:
    """How many are not read, counted to 100 at most, and the id of the newest; 0 = there is none."""

    count: int = 0
    newest: int = 0


def unread(access: Access) -> Unread:
    """What somebody has not read; one query."""
    found = _unread(**values_of(access))
    return Unread(len(found), found[0]) if found else Unread()


@fixed(**RIGHTS)
def _unread(**rights: Slot) -> QuerySet[Notice, int]:
    rows = _visible(Rights(**rights)).filter(read_at=None)
    return rows.order_by("-pk").values_list("pk", flat=True)[:MARKED]


def unmailed(access: Access, kinds: Collection[str], *, limit: int) -> list[Notice]:
    """What of these kinds somebody has neither read nor been sent, the newest first; one query."""
    rows = readable(access).filter(read_at=None, mailed_at=None, kind__in=kinds)
    return list(rows.select_related("conversation__queue", "conversation__brand").order_by("-pk")[:limit])


def sentence(row: Notice) -> str:
    """What it says."""
    return filled(KINDS[row.kind].sentence, defaultdict(str, row.data)).strip()


def _due(row: Notice) -> datetime | None:
    """When what it tells of is due, where it is."""
    due = row.data.get("due")
    return datetime.fromisoformat(due) if due else None


def _visible(access: Access | Rights) -> QuerySet[Notice]:
    return readable(access).filter(in_app=True)


def readable(access: Access | Rights) -> QuerySet[Notice]:
    """Somebody's notices but for those of conversations that they may not read any more."""
    theirs = Conversation.objects.visible_to(access).filter(pk=OuterRef("conversation_id"))
    return Notice.objects.filter(Q(conversation=None) | Exists(theirs), user_id=access.user_id)
