"""The influencer lane: what has reach or spreads fast lies with another queue for some minutes, then comes back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from core.clock import database_now
from core.contention import retried
from core.copying import array_literal
from core.errors import Conflict
from inbox.models.conversation import Conversation
from inbox.models.queue import Queue
from inbox.policies import require
from inbox.services import events, ownership
from inbox.services.acts import Act, acting
from routing.models.staffing import Lane

BATCH = 200
State = Lane.State
OVER = "nobody took it in time"

# Unowned work of queues with a lane whose author has the reach, or below whose post so much was written in the last
# hour; once for each case.
_FITTING = """
SELECT c.id, s.lane_queue_id, s.lane_minutes, k.number, p.followers, spread.n,
       COALESCE(p.followers >= s.lane_followers, false)
FROM inbox_conversation c
JOIN routing_queuestaffing s ON s.queue_id = c.queue_id AND s.lane_queue_id IS NOT NULL
JOIN inbox_profile p ON p.id = c.profile_id
JOIN inbox_case k ON k.conversation_id = c.id AND k.resolved_at IS NULL
CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM inbox_conversation o JOIN inbox_message m ON m.conversation_id = o.id
    WHERE s.lane_per_hour IS NOT NULL AND o.thread_id = c.thread_id AND m.direction = 'in'
      AND m.posted_at > %(now)s::timestamptz - interval '1 hour') spread
WHERE {which} AND c.status = 'open' AND c.owner_id IS NULL AND c.waiting_since IS NOT NULL
  AND c.merged_into_id IS NULL
  AND NOT EXISTS (SELECT FROM routing_lane l WHERE l.conversation_id = c.id AND l.case_number = k.number)
  AND NOT EXISTS (SELECT FROM routing_handoff h WHERE h.conversation_id = c.id AND h.state = 'open')
  AND (p.followers >= s.lane_followers OR spread.n >= s.lane_per_hour)
ORDER BY c.id LIMIT %(limit)s
"""
_OF_THESE = _FITTING.format(which="c.id = ANY(%(ids)s::bigint[])")
# What began to wait lately: what has waited for long was looked at when it came.
_LATELY = _FITTING.format(which="c.waiting_since > %(now)s::timestamptz - interval '2 hours'")


@dataclass(frozen=True, slots=True)
class _Fit:
    conversation_id: int
    lane_queue_id: int
    minutes: int
    case_number: int
    why: str


def offer(conversation_ids: Collection[int], *, now: datetime) -> int:
    """Put those of these conversations that fit into the lane of their queue; how many.

    Inside the caller's transaction; what somebody else holds under lock is left to `look`.

    Records: lane.offered, conversation.moved. Idempotent: by (conversation, case).
    """
    held = _held(conversation_ids, owner=None, status=Conversation.Status.OPEN)
    fits = _fitting(_OF_THESE, now, ids=array_literal(held))
    return _offer(fits, held, now) if fits else 0


def look(limit: int = BATCH) -> int:
    """The same for whatever began to wait lately: speed is reached after the arrival. Given by beat.

    Records: lane.offered, conversation.moved.
    """
    with transaction.atomic(durable=True):
        now = database_now()
        return offer([fit.conversation_id for fit in _fitting(_LATELY, now, limit=limit)], now=now)


def return_due(limit: int = BATCH) -> int:
    """End the lanes whose time is over: back home where nobody took it; how many.

    Records: lane.ended, conversation.moved.
    """
    with transaction.atomic(durable=True):
        now = database_now()
        due = Lane.objects.filter(state=State.OPEN, until__lte=now).order_by("until")
        rows = _held(due.values_list("conversation_id", flat=True)[:limit])
        lanes = Lane.objects.filter(state=State.OPEN, conversation__in=rows).select_related("home_queue", "lane_queue")
        for row in lanes.select_for_update(no_key=True, of=("self",)).order_by("conversation_id"):
            _end(row, rows[row.conversation_id], now, OVER)
    return len(rows)


@retried
def give_back(conversation_id: int, *, actor: User) -> Lane:
    """Hand it back before the time is over: not ours.

    Records: lane.ended, conversation.moved. Raises: NotFound, Forbidden, Conflict (`no_lane`, `owned`).
    """
    with acting(conversation_id, actor) as act:
        require(act.access.staffs(act.conversation), ownership.NOT_YOURS)
        rows = Lane.objects.filter(conversation=act.conversation, state=State.OPEN)
        lane = rows.select_related("home_queue", "lane_queue").select_for_update(no_key=True, of=("self",)).first()
        if lane is None or act.conversation.queue_id != lane.lane_queue_id:
            raise Conflict("It lies in no lane any more.", code="no_lane")
        _free(act)
        _end(lane, act.conversation, act.now, f"{actor.name} handed it back", actor=actor)
    return lane


def end_with(conversation: Conversation, now: datetime) -> None:
    """The conversation is being resolved: whoever did it took it. Records nothing: the resolution tells it."""
    Lane.objects.filter(conversation=conversation, state=State.OPEN).update(state=State.TAKEN, ended_at=now)


def _free(act: Act) -> None:
    """Raises: Conflict when somebody else has it."""
    ownership.end_lease_if_over(act)
    if act.conversation.owner_id not in (None, act.actor.pk):
        raise ownership.owned(act.conversation)
    if act.conversation.owner_id is not None:
        ownership.give_back(act, "Not ours.")


def _fitting(statement: str, now: datetime, limit: int = BATCH, **values: Any) -> list[_Fit]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"now": now, "limit": limit, **values})
        return [
            _Fit(pk, queue, minutes, case, f"{followers:,} followers" if reach else f"{spread:,} messages in an hour")
            for pk, queue, minutes, case, followers, spread, reach in cursor.fetchall()
        ]


def _offer(fits: Sequence[_Fit], held: Mapping[int, Conversation], now: datetime) -> int:
    queues = Queue.objects.in_bulk({fit.lane_queue_id for fit in fits})
    lanes = Lane.objects.bulk_create(
        Lane(
            conversation_id=fit.conversation_id,
            home_queue_id=held[fit.conversation_id].queue_id,
            lane_queue_id=fit.lane_queue_id,
            case_number=fit.case_number,
            why=fit.why,
            until=now + timedelta(minutes=fit.minutes),
        )
        for fit in fits
    )
    for lane in lanes:
        conversation, to = held[lane.conversation_id], queues[lane.lane_queue_id]
        move(conversation, to, f"{lane.why}: {to.name} goes first")
        data = {"lane_id": lane.pk, "to": to.name, "to_id": to.pk, "until": lane.until.isoformat(), "why": lane.why}
        events.record("lane.offered", conversation, data=data)
    return len(lanes)


def _held(conversation_ids: Collection[int], **still: Any) -> dict[int, Conversation]:
    """These conversations under lock, in order of their ids, without those that somebody else holds."""
    rows = Conversation.objects.filter(pk__in=list(conversation_ids), **still).select_related("queue").order_by("id")
    return {row.pk: row for row in rows.select_for_update(no_key=True, skip_locked=True, of=("self",))}


def _end(lane: Lane, conversation: Conversation, now: datetime, why: str, *, actor: User | None = None) -> None:
    """Back home, or it stays where somebody took it."""
    left = conversation.queue_id != lane.lane_queue_id or conversation.status == Conversation.Status.RESOLVED
    taken = left or conversation.owner_id is not None
    lane.state, lane.ended_at = (State.TAKEN if taken else State.RETURNED), now
    lane.save(update_fields=["state", "ended_at"])
    if not taken:
        move(conversation, lane.home_queue, why, actor=actor)
    data = {"lane_id": lane.pk, "to": lane.lane_queue.name, "why": "somebody took it" if taken else why}
    events.record("lane.ended", conversation, actor=actor, data=data)


def move(conversation: Conversation, to: Queue, why: str, *, actor: User | None = None) -> None:
    """Change the queue of a locked conversation and tell both lanes. Records: conversation.moved."""
    old, conversation.queue = conversation.queue, to
    events.touch(conversation, "queue")
    data = {"old": old.name, "new": to.name, "old_id": old.pk, "new_id": to.pk, "why": why}
    topics = [events.lane_topic(old.pk, conversation.brand_id)]
    events.record("conversation.moved", conversation, actor=actor, data=data, also_topics=topics)
