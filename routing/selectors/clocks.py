"""What the clocks of conversations show: for the row the one that is due first, for the thread all of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from core.fixed import Slot, fixed
from inbox.models.conversation import Conversation
from routing.models.sla import SlaClock

MOST = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """One clock. `due_at` is None while it is paused; `warn_at` is from when it is at risk."""

    kind: str
    label: str
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    ended_at: datetime | None
    met_at: datetime | None
    breached_at: datetime | None
    ingested_at: datetime | None
    policy: str = ""
    seconds: int = 0


def first_due(conversation_ids: Collection[int]) -> dict[int, Shown]:
    """Of each of these conversations the running clock that is due first. One query; who may see them is checked."""
    if not conversation_ids:
        return {}
    rows = SlaClock.objects.filter(conversation__in=conversation_ids, ended_at=None, due_at__isnull=False)
    least = rows.order_by("conversation", "due_at", "id").distinct("conversation")
    return {row.conversation_id: _shown(row) for row in least}


def head_clock(conversation: Conversation) -> Shown | None:
    """What the head of a thread shows: the first that is due, else one that stands still. One query."""
    if conversation.status == Conversation.Status.RESOLVED:
        return None
    row = _running.first(conversation=conversation.pk)
    return _shown(row) if row else None


@fixed(conversation="bigint")
def _running(conversation: Slot) -> QuerySet[SlaClock]:
    rows = SlaClock.objects.filter(conversation=conversation, ended_at=None)
    return rows.order_by(F("due_at").asc(nulls_last=True), "id")[:1]


def clocks_of(conversation_id: int) -> list[Shown]:
    """All clocks of a conversation, the newest case and turn first, at most 200. One query."""
    rows = SlaClock.objects.filter(conversation=conversation_id).select_related("version__policy")
    return [_shown(row, row.version.policy.name) for row in rows.order_by("-case_id", "-started_at", "-id")[:MOST]]


def _shown(row: SlaClock, policy: str = "") -> Shown:
    return Shown(
        row.kind,
        str(row.get_kind_display()),
        row.started_at,
        row.due_at,
        row.warn_at,
        row.ended_at,
        row.met_at,
        row.breached_at,
        row.ingested_at,
        policy,
        row.seconds,
    )
