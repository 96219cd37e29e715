"""Escalating: a hand-over with urgency and a deadline to acknowledge it, chased until somebody does."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import Membership, Role, User
from core.clock import database_now
from core.contention import retried
from core.errors import Conflict, Invalid
from inbox.models.conversation import Grant
from inbox.models.queue import Queue
from inbox.policies import Access, access_of_all, require
from inbox.services import events
from inbox.services.acts import acting, current
from routing import policies
from routing.models.handoff import Handoff
from routing.services import handoff, notices
from routing.services.questions import deciding

WITHIN_MINUTES = (1, 24 * 60)
CHASE_EVERY = (timedelta(minutes=5), timedelta(hours=1))
BATCH = 100
Urgency = Handoff.Urgency


@retried
def escalate(
    conversation_id: int,
    *,
    to: Queue,
    actor: User,
    reason: str,
    within: int = 30,
    urgency: int = Urgency.HIGH,
    summary: str = "",
    ask: str = "",
) -> Handoff:
    """Ask another queue urgently; somebody there is to acknowledge it in time, else it climbs.

    Args:
        within: minutes to acknowledge it, 1 to 1,440.

    Records: handoff.escalated. Raises: as `handoff.ask`. Idempotent: by the words, while it is open.
    """
    words = handoff.cleaned(reason=reason, summary=summary, ask=ask)
    if not WITHIN_MINUTES[0] <= within <= WITHIN_MINUTES[1]:
        raise _not_so("within", f"Choose {WITHIN_MINUTES[0]} to {WITHIN_MINUTES[1]:,} minutes.")
    if urgency not in Urgency.values:
        raise _not_so("urgency", "Choose urgent or high.")
    with acting(conversation_id, actor) as act:
        by = act.now + timedelta(minutes=within)
        kind = Handoff.Kind.ESCALATION
        return handoff.ask_locked(act, to, words, kind=kind, urgency=urgency, respond_by=by, chase_at=by)


@retried
def acknowledge(handoff_id: int, *, actor: User) -> Handoff:
    """Say that one is on it: nobody is chased any more, queue and owner stay.

    Records: handoff.acknowledged. Raises: NotFound, Forbidden, Invalid, Conflict (`acknowledged`, `decided`).
    Idempotent: by who acknowledged.
    """
    with deciding(Handoff, handoff_id, actor) as (row, act):
        require(policies.may_receive(act.access, row), policies.NOT_ASKED)
        if row.kind != Handoff.Kind.ESCALATION:
            raise Invalid("Only an escalation is acknowledged. Accept or decline this one.", code="not_escalated")
        if row.acknowledged_by_id == actor.pk:
            return row
        if row.acknowledged_by is not None or row.state != Handoff.State.OPEN:
            raise _too_late(row, current(act.conversation))
        row.acknowledged_by, row.acknowledged_at, row.chase_at = actor, act.now, None
        row.save(update_fields=["acknowledged_by", "acknowledged_at", "chase_at"])
        events.touch(act.conversation)
        handoff.record("handoff.acknowledged", row, act)
    return row


def chase(limit: int = BATCH) -> int:
    """Tell who can help of escalations that nobody has acknowledged in time; how many.

    First the supervisors of the desk that was asked and who asked, then again and again, administrators too. Whoever
    is told may read it, and accept it.

    Records: handoff.overdue. Idempotent: by (hand-over, level).
    """
    with transaction.atomic(durable=True):
        now = database_now()
        due = Handoff.objects.filter(state=Handoff.State.OPEN, chase_at__lte=now).order_by("chase_at")
        related = due.select_related("to_queue", "conversation__profile")
        rows = list(related.select_for_update(no_key=True, skip_locked=True, of=("self",))[:limit])
        people, rights = _helpers(rows)
        facts = [_climb(row, _for(row, people, rights), now) for row in rows]
        events.record_many("handoff.overdue", facts)
    return len(rows)


def _climb(row: Handoff, helpers: list[User], now: datetime) -> events.Fact:
    """One more level: the next time is later, but at most an hour."""
    row.chased += 1
    assert row.respond_by is not None  # held by the check constraint
    row.chase_at = now + min(max(row.respond_by - row.created_at, CHASE_EVERY[0]), CHASE_EVERY[1])
    row.save(update_fields=["chased", "chase_at"])
    conversation = row.conversation
    Grant.objects.bulk_create(
        [Grant(conversation=conversation, user=one, reason=Grant.Reason.HANDOFF) for one in helpers],
        ignore_conflicts=True,
    )
    to = row.to_queue.name
    data = {"person": handoff.person_of(conversation), "to": to, "due": row.respond_by.isoformat()}
    told = {*(one.pk for one in helpers), row.asked_by_id}
    notices.tell(told, "handoff.overdue", conversation.pk, data, key=overdue_key(row, row.chased))
    names = ", ".join(one.name for one in helpers) or "who asked"
    payload = {"handoff_id": row.pk, "to": to, "to_id": row.to_queue_id, "told": names, "level": row.chased}
    topics = [events.lane_topic(row.to_queue_id, conversation.brand_id), *map(events.user_topic, sorted(told))]
    return events.Fact(conversation.pk, conversation.queue_id, conversation.brand_id, payload, tuple(topics))


def overdue_key(row: Handoff, level: int) -> str:
    """What the notices of one level are about."""
    return f"handoff:{row.pk}:{level}"


def _helpers(rows: Collection[Handoff]) -> tuple[list[User], dict[int, Access]]:
    """Everybody who may be told of one of these: supervisors and administrators, with their rights; two queries."""
    if not rows:
        return [], {}
    leading = Membership.objects.filter(role=Role.SUPERVISOR, team__queues__desk__in=[r.to_queue.desk_id for r in rows])
    people = User.objects.filter(is_active=True, is_integration=False).order_by("pk")
    found = list(people.filter(Q(pk__in=leading.values("user_id")) | Q(role=Role.ADMINISTRATOR)))
    return found, access_of_all([one.pk for one in found])


def _for(row: Handoff, people: list[User], rights: dict[int, Access]) -> list[User]:
    """The supervisors of the desk that was asked who see the brand; from the second time on administrators too.

    Where a desk has no supervisor it climbs to the administrators at once.
    """
    brand = row.conversation.brand_id
    leading = [
        one
        for one in people
        if row.to_queue_id in rights[one.pk].supervised_queue_ids and brand in rights[one.pk].brand_ids
    ]
    if leading and row.chased == 0:
        return leading
    return [*leading, *(one for one in people if one.is_administrator and one not in leading)]


def _too_late(row: Handoff, facts: dict[str, object]) -> Conflict:
    by = row.acknowledged_by.name if row.acknowledged_by else ""
    if row.state != Handoff.State.OPEN:
        return Conflict("It is decided already.", code="decided", current=facts)
    return Conflict(f"{by} has acknowledged it.", code="acknowledged", current={**facts, "acknowledged_by": by})


def _not_so(field: str, message: str) -> Invalid:
    return Invalid(message, fields={field: message})
