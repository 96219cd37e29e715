"""What is nearly due and what is late: found by the clock, told once, and moved where the policy says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from accounts.models import Membership
from core.copying import array_literal
from inbox.models.conversation import Conversation
from inbox.services import events
from routing.models.handoff import Handoff
from routing.models.sla import ClockKind, SlaVersion
from routing.services import notices
from routing.services.notices import Telling

BATCH = 500
OnBreach = SlaVersion.OnBreach

_LATE = "s.ended_at IS NULL AND s.breached_at IS NULL AND s.due_at <= clock_timestamp()"
_AT_RISK = "s.ended_at IS NULL AND s.warned_at IS NULL AND s.breached_at IS NULL AND s.warn_at <= clock_timestamp()"
_DUE = """
SELECT DISTINCT conversation_id FROM (
    SELECT s.conversation_id FROM routing_slaclock s WHERE {due} ORDER BY {by} LIMIT %s) AS first_ones
"""
# Whatever somebody holds right now may be answered in this moment: it is looked at again the next time.
_LOCK = """
SELECT id FROM inbox_conversation WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""
_MARK = """
UPDATE routing_slaclock s SET {mark} FROM inbox_conversation c, routing_slaversion v, inbox_profile p
WHERE s.conversation_id = ANY(%s::bigint[]) AND {due} AND c.id = s.conversation_id AND v.id = s.version_id
  AND p.id = c.profile_id
RETURNING s.id, s.kind, s.turn, s.due_at, c.id, c.queue_id, c.brand_id, c.owner_id, v.id, v.tell_owner, v.on_breach,
          v.move_to_id, COALESCE(NULLIF(p.name, ''), NULLIF('@' || p.handle, '@'), 'Somebody')
"""


@dataclass(frozen=True, slots=True)
class Met:
    """A clock that has come to its warning or its end."""

    clock_id: int
    kind: str
    turn: int
    due_at: datetime
    conversation_id: int
    queue_id: int
    brand_id: int
    owner_id: int | None
    version_id: int
    tell_owner: bool
    on_breach: str
    move_to_id: int | None
    person: str

    @property
    def promise(self) -> str:
        return str(ClockKind(self.kind).label)


def sweep(limit: int = BATCH) -> int:
    """Tell of what is late, then of what is nearly due; how many clocks (at most `limit` of each).

    Records: sla.breached, sla.warned; conversation.released or conversation.moved where the policy says so.
    """
    return breach(limit) + warn(limit)


def breach(limit: int = BATCH) -> int:
    """What is not kept when it is due is a breach of that moment; how many (at most `limit`).

    Records: sla.breached; conversation.released or conversation.moved. Idempotent: by the clock.
    """
    with transaction.atomic(durable=True):
        late = _mark(_LATE, "s.due_at", "breached_at = s.due_at", limit)
        _tell("sla.breached", late)
        _act(late)
    return len(late)


def warn(limit: int = BATCH) -> int:
    """Tell the owner and whom the policy names before it is late; how many (at most `limit`).

    Records: sla.warned. Idempotent: by the clock.
    """
    with transaction.atomic(durable=True):
        at_risk = _mark(_AT_RISK, "s.warn_at", "warned_at = clock_timestamp()", limit)
        _tell("sla.warned", at_risk)
    return len(at_risk)


def _mark(due: str, by: str, mark: str, limit: int) -> list[Met]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE.format(due=due, by=by), [limit])
        found = [row[0] for row in cursor.fetchall()]
        if not found:
            return []
        cursor.execute(_LOCK, [array_literal(found)])
        locked = [row[0] for row in cursor.fetchall()]
        cursor.execute(_MARK.format(mark=mark, due=due), [array_literal(locked)])
        return sorted((Met(*row) for row in cursor.fetchall()), key=lambda one: one.clock_id)


def _tell(kind: str, clocks: list[Met]) -> None:
    events.record_many(kind, [_fact(one) for one in clocks])
    named = _named({one.version_id for one in clocks})
    notices.tell_many(
        Telling(
            frozenset(named.get(one.version_id, ())) | ({one.owner_id} if one.owner_id and one.tell_owner else set()),
            kind,
            one.conversation_id,
            {"person": one.person, "promise": one.promise, "due": one.due_at.isoformat()},
            key=f"clock:{one.clock_id}:{kind}:{one.due_at:%Y%m%dT%H%M%S}",
        )
        for one in clocks
    )


def _fact(one: Met) -> events.Fact:
    data: dict[str, Any] = {
        "promise": one.promise,
        "kind": one.kind,
        "turn": one.turn,
        "due": one.due_at.isoformat(),
    }
    also = (events.user_topic(one.owner_id),) if one.owner_id else ()
    return events.Fact(one.conversation_id, one.queue_id, one.brand_id, data, also)


def _named(version_ids: Iterable[int]) -> dict[int, list[int]]:
    """Whom these versions name."""
    named: dict[int, list[int]] = {}
    rows = SlaVersion.told.through.objects.filter(slaversion_id__in=list(version_ids))
    for version_id, user_id in rows.values_list("slaversion_id", "user_id"):
        named.setdefault(version_id, []).append(user_id)
    return named


# --- what a policy does about it


def _act(late: list[Met]) -> None:
    """Take it from its owner, or to another queue; where a hand-over is open, its receivers decide."""
    acting = {one.conversation_id: one for one in late if one.on_breach != OnBreach.NOTHING}
    if not acting:
        return
    asked = set(Handoff.objects.filter(conversation__in=acting, state="open").values_list("conversation_id", flat=True))
    rows = Conversation.objects.filter(pk__in=acting, status=Conversation.Status.OPEN).select_related("queue", "owner")
    for conversation in rows.order_by("id").select_for_update(no_key=True, of=("self",)):
        one = acting[conversation.pk]
        if conversation.pk in asked:
            continue
        if one.on_breach == OnBreach.RELEASE:
            _release(conversation, one)
        else:
            _move(conversation, one)


def _release(conversation: Conversation, one: Met) -> None:
    previous = conversation.owner_id
    if previous is None:
        return
    conversation.owner, conversation.lease_until = None, None
    events.touch(conversation, "owner", "lease_until")
    data = {"reason": f"{one.promise} is late", "owner_id": previous}
    events.record("conversation.released", conversation, data=data, also_topics=[events.user_topic(previous)])


def _move(conversation: Conversation, one: Met) -> None:
    old, previous = conversation.queue, conversation.owner_id
    if one.move_to_id is None or old.pk == one.move_to_id:
        return
    conversation.queue_id = one.move_to_id
    fields = ["queue"]
    if previous is not None and not _staffs(conversation, previous):
        conversation.owner, conversation.lease_until = None, None
        fields += ["owner", "lease_until"]
    events.touch(conversation, *fields)
    new = conversation.queue
    data = {"old": old.name, "new": new.name, "old_id": old.pk, "new_id": new.pk, "why": f"{one.promise} is late"}
    topics = [events.lane_topic(old.pk, conversation.brand_id)]
    topics += [events.user_topic(previous)] if previous else []
    events.record("conversation.moved", conversation, data=data, also_topics=topics)


def _staffs(conversation: Conversation, user_id: int) -> bool:
    """Whether somebody works in the queue where it is now."""
    return Membership.objects.filter(user_id=user_id, team__queues=conversation.queue_id).exists()
