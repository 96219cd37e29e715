"""What is nearly due and what is late: found by the clock, told once, and moved where the policy says so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from accounts.models import Membership
from core.copying import array_literal
from core.wording import stored
from inbox.models.conversation import Conversation
from inbox.services import events
from routing.models.handoff import Handoff
from routing.models.sla import ClockKind, SlaVersion
from routing.services import notices, pairs
from routing.services.notices import Telling

BATCH = 500
OnBreach = SlaVersion.OnBreach

_LATE = "s.ended_at IS NULL AND s.breached_at IS NULL AND s.due_at <= clock_timestamp()"
_AT_RISK = "s.ended_at IS NULL AND s.warned_at IS NULL AND s.breached_at IS NULL AND s.warn_at <= clock_timestamp()"
_DUE = """
SELECT id, queue_id, channel_id FROM inbox_conversation WHERE id = ANY(ARRAY(
    SELECT s.conversation_id FROM routing_slaclock s WHERE {due} ORDER BY {by} LIMIT %s))
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
        return stored(ClockKind(self.kind).label)


def sweep(limit: int = BATCH) -> int:
    """Tell of what is late, then of what is nearly due; how many clocks (at most `limit` of each).

    Records: sla.breached, sla.warned; conversation.released or conversation.moved where the policy says so.
    """
    return breach(limit) + warn(limit)


def breach(limit: int = BATCH) -> int:
    """What is not kept when it is due is a breach of that moment; how many (at most `limit`).

    What a policy does then is done to all parts of an exchange that one person holds, or nobody: they stay together.
    Records: sla.breached; conversation.released or conversation.moved. Idempotent: by the clock.
    """
    with transaction.atomic(durable=True):
        found = _found(_LATE, "s.due_at", limit)
        parts = pairs.parts_of(found)
        late = _mark(_LATE, "breached_at = s.due_at", _whole(found, parts))
        _tell("sla.breached", late)
        _act(late, parts)
    return len(late)


def warn(limit: int = BATCH) -> int:
    """Tell the owner and whom the policy names before it is late; how many (at most `limit`).

    Records: sla.warned. Idempotent: by the clock.
    """
    with transaction.atomic(durable=True):
        found = _found(_AT_RISK, "s.warn_at", limit)
        at_risk = _mark(_AT_RISK, "warned_at = clock_timestamp()", _whole(found, {}))
        _tell("sla.warned", at_risk)
    return len(at_risk)


def _found(due: str, by: str, limit: int) -> dict[int, pairs.Lane]:
    """What is due first, with where it stands."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE.format(due=due, by=by), [limit])
        return {pk: (queue_id, channel_id) for pk, queue_id, channel_id in cursor.fetchall()}


def _whole(found: Collection[int], parts: Mapping[int, Sequence[int]]) -> list[int]:
    """Those of these conversations that are locked now with all their parts; the others wait for the next sweep."""
    if not found:
        return []
    wanted = sorted({*found, *(part for pk in found for part in parts.get(pk, ()))})
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [array_literal(wanted)])
        locked = {row[0] for row in cursor.fetchall()}
    return [pk for pk in found if locked.issuperset((pk, *parts.get(pk, ())))]


def _mark(due: str, mark: str, ids: Sequence[int]) -> list[Met]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_MARK.format(mark=mark, due=due), [array_literal(ids)])
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


def _act(late: list[Met], parts: Mapping[int, Sequence[int]]) -> None:
    """Take it from its owner, or to another queue; where a hand-over is open, its receivers decide."""
    acting = {one.conversation_id: one for one in late if one.on_breach != OnBreach.NOTHING}
    if not acting:
        return
    ids = {*acting, *(part for pk in acting for part in parts.get(pk, ()))}
    asked = set(Handoff.objects.filter(conversation__in=ids, state="open").values_list("conversation_id", flat=True))
    unresolved = Conversation.objects.exclude(status=Conversation.Status.RESOLVED).filter(pk__in=ids - asked)
    rows = unresolved.select_related("queue", "owner").order_by("id")
    held = {row.pk: row for row in rows.select_for_update(no_key=True, of=("self",))}
    for pk, one in sorted(acting.items()):
        if pk in held and held[pk].status == Conversation.Status.OPEN:
            _act_on(held[pk], [held[part] for part in parts.get(pk, ()) if part in held], one)


def _act_on(conversation: Conversation, others: Sequence[Conversation], one: Met) -> None:
    """Do it to what is late and to its other parts in the same hands."""
    holder = conversation.owner_id
    does = _release if one.on_breach == OnBreach.RELEASE else _move
    does(conversation, one, f"{one.promise} is late")
    for other in others:
        if other.owner_id == holder:
            does(other, one, f"{one.promise} of its other half is late")


def _release(conversation: Conversation, _one: Met, why: str) -> None:
    previous = conversation.owner_id
    if previous is None:
        return
    conversation.owner, conversation.lease_until = None, None
    events.touch(conversation, "owner", "lease_until")
    data = {"reason": why, "owner_id": previous}
    events.record("conversation.released", conversation, data=data, also_topics=[events.user_topic(previous)])


def _move(conversation: Conversation, one: Met, why: str) -> None:
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
    data = {"old": old.name, "new": new.name, "old_id": old.pk, "new_id": new.pk, "why": why}
    topics = [events.lane_topic(old.pk, conversation.brand_id)]
    topics += [events.user_topic(previous)] if previous else []
    events.record("conversation.moved", conversation, data=data, also_topics=topics)


def _staffs(conversation: Conversation, user_id: int) -> bool:
    """Whether somebody works in the queue where it is now."""
    return Membership.objects.filter(user_id=user_id, team__queues=conversation.queue_id).exists()
