"""“My next”: the best conversation that somebody may take, by due time and priority; and leaving it with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from core.clock import database_now
from core.contention import retried
from core.copying import array_literal
from core.errors import Conflict, Invalid
from inbox.models.conversation import Conversation
from inbox.policies import Access, access_of, require
from inbox.services import events, ownership
from inbox.services.acts import Act, acting, conflict
from routing.assignment import Agent, Hindrance, hindrance, waits_for
from routing.models.staffing import Skip
from routing.services import pairs, roster
from routing.services.roster import Staffed

# Per queue and brand; among them priority decides, so that what is due much later never comes before.
LOOKED_AT = 100
NOTHING = "Nothing waits for you."
HERE = (None, Hindrance.OFF_HOURS, Hindrance.ABSENT)


@retried
def next_for(actor: User) -> Conversation:
    """Claim the best conversation that waits in the queues of one's teams: due first, then priority, then waiting.

    What one skipped comes back when the contact has written again. Who presses “next” is there, whatever their
    presence says; skills and capacity count.

    Records: conversation.claimed. Raises: Conflict (`nothing_waits`, `full`).
    """
    with transaction.atomic(durable=True):
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # pressed twice: one after the other
        access, now = access_of(actor), database_now()
        person = roster.agents([actor], now=now)[0]
        _require_room(person.load, person.capacity)
        queues = roster.staffed(access.member_queue_ids, now=now)
        page = list(Conversation.objects.filter(pk__in=_best(access)).select_related("queue", "channel"))
        needs = roster.needs_of(page, queues)
        for row in sorted(page, key=_order):
            if hindrance(person, needs[row.pk]) in HERE:
                taken = _take(row.pk, actor, access, person=person, queues=queues)
                if taken is not None:
                    return taken
        raise Conflict(_why_nothing(page), code="nothing_waits")


@retried
def skip(conversation_id: int, *, actor: User, reason: str) -> Skip:
    """Leave what one was given as one's next: back to its queue, with the reason, and counted.

    Records: conversation.skipped, conversation.released. Raises: NotFound, Forbidden, Invalid, Conflict (`owned`).
    """
    reason = ownership.cleaned_reason(reason)
    if not reason:
        raise Invalid("Say why.", code="reason_needed", fields={"reason": "Say why."})
    with acting(conversation_id, actor) as act:
        conversation = act.conversation
        require(act.access.can_act(conversation), ownership.NOT_YOURS)
        if conversation.owner_id != actor.pk:
            raise ownership.owned(conversation) if conversation.owner else _not_given(conversation)
        row = Skip.objects.create(
            conversation=conversation, user=actor, queue=conversation.queue, reason=reason, skipped_at=act.now
        )
        data = {"reason": reason, "skip_id": row.pk}
        events.record("conversation.skipped", conversation, actor=actor, data=data)
        ownership.give_back(act, reason)
    return row


_BEST = """
SELECT w.id
FROM unnest(%(queues)s::bigint[]) q(id), unnest(%(brands)s::bigint[]) b(id), LATERAL (
    SELECT c.id FROM inbox_conversation c
    WHERE c.queue_id = q.id AND c.brand_id = b.id AND c.status = 'open' AND c.owner_id IS NULL
      AND c.merged_into_id IS NULL
      AND NOT EXISTS (SELECT FROM routing_skip s WHERE s.conversation_id = c.id AND s.user_id = %(user)s
                      AND s.skipped_at >= c.last_message_at)
    ORDER BY COALESCE(c.due_at, 'infinity'::timestamptz), COALESCE(c.waiting_since, 'infinity'::timestamptz), c.id
    LIMIT %(limit)s) w
"""


def _best(access: Access) -> list[int]:
    values: dict[str, Any] = {
        "queues": array_literal(sorted(access.member_queue_ids)),
        "brands": array_literal(sorted(access.brand_ids)),
        "user": access.user_id,
        "limit": LOOKED_AT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BEST, values)
        return [row[0] for row in cursor.fetchall()]


def _order(row: Conversation) -> tuple[bool, float, int, bool, float, int]:
    """Due, priority, waiting, id; nulls last."""
    due, waiting = row.due_at, row.waiting_since
    return (
        due is None,
        due.timestamp() if due else 0.0,
        row.priority,
        waiting is None,
        waiting.timestamp() if waiting else 0.0,
        row.pk,
    )


def _take(pk: int, actor: User, access: Access, *, person: Agent, queues: Mapping[int, Staffed]) -> Conversation | None:
    """Claim it with its other parts, as far as there is room; None where it waits for somebody else."""
    free = Conversation.objects.filter(pk=pk, owner=None, status=Conversation.Status.OPEN, merged_into=None)
    rows = free.filter(queue__in=access.member_queue_ids, brand__in=access.brand_ids).select_related("queue")
    row = rows.select_for_update(no_key=True, skip_locked=True, of=("self",)).first()
    if row is None or row.queue_id not in queues:
        return None
    agents = {one.user_id: one for one in (*queues[row.queue_id].agents, person)}
    both = pairs.joined([row], queues, lambda pk, need: pk == actor.pk or waits_for(agents.get(pk), need))[0]
    if both.rest.held or both.keepers(agents, {}) - {actor.pk} or hindrance(person, both.need) not in HERE:
        return None
    now, room = database_now(), person.room
    for part in (row, *both.rest.free):
        takes_room = part.status == Conversation.Status.OPEN
        if room or not takes_room:
            ownership.take(Act(part, actor, access, now))
            room -= takes_room
    return row


def _require_room(load: int, capacity: int) -> None:
    if load >= capacity:
        raise Conflict(
            f"You have {load} open conversations and take {capacity} at a time. Answer or give back one first.",
            code="full",
        )


def _why_nothing(page: list[Conversation]) -> str:
    if page:
        return "What waits asks for a skill that you do not have or belongs to what a colleague has, or one was faster."
    return NOTHING


def _not_given(conversation: Conversation) -> Conflict:
    return conflict(conversation, "You do not have it.", code="unowned")
