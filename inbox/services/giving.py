"""Giving many conversations to people at once, by the system: owners, leases, rights and events in four statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from core.copying import array_literal
from inbox.models.conversation import Conversation, Grant
from inbox.services import events


@dataclass(frozen=True, slots=True)
class Gift:
    """One conversation, to whom, and why them (words for people)."""

    conversation: Conversation
    to_id: int
    to_name: str
    why: str


_GIVE = """
UPDATE inbox_conversation c
SET owner_id = n.owner, revision = c.revision + 1,
    lease_until = CASE WHEN c.status = 'open' THEN clock_timestamp() + make_interval(mins => q.lease_minutes) END
FROM unnest(%(ids)s::bigint[], %(owners)s::bigint[]) n(id, owner), inbox_queue q
WHERE c.id = n.id AND q.id = c.queue_id
"""


def give(gifts: Sequence[Gift]) -> int:
    """Make these people the owners of conversations that the caller holds under lock and found unowned; how many.

    Records: conversation.assigned.
    """
    if not gifts:
        return 0
    ids, owners = [one.conversation.pk for one in gifts], [one.to_id for one in gifts]
    with connection.cursor() as cursor:
        cursor.execute(_GIVE, {"ids": array_literal(ids), "owners": array_literal(owners)})
    rights = [Grant(conversation_id=one.conversation.pk, user_id=one.to_id, reason=Grant.Reason.OWNER) for one in gifts]
    Grant.objects.bulk_create(rights, ignore_conflicts=True)
    events.record_many("conversation.assigned", [_fact(one) for one in gifts])
    return len(gifts)


def _fact(gift: Gift) -> events.Fact:
    row = gift.conversation
    data = {"to": gift.to_name, "to_id": gift.to_id, "from_id": None, "why": gift.why}
    return events.Fact(row.pk, row.queue_id, row.brand_id, data, (events.user_topic(gift.to_id),))
