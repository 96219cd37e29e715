"""Halves of an exchange that wait for the colleague who has the other half. Reads only, a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import connection

from core.copying import array_literal
from inbox.models.conversation import Conversation
from routing.assignment import Agent, Hindrance, Need, hindrance, waits_for
from routing.services import pairs, roster
from routing.services.roster import Staffed


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation that waits for one person, and what keeps that person from taking it now."""

    conversation: Conversation
    keeper: Agent
    why: Hindrance


_LINKED = """
SELECT c.id, c.queue_id, c.channel_id FROM inbox_conversation c
WHERE c.queue_id = ANY(%s::bigint[]) AND c.brand_id = ANY(%s::bigint[]) AND c.status = 'open' AND c.owner_id IS NULL
  AND c.merged_into_id IS NULL AND EXISTS (
    SELECT FROM inbox_conversationlink l WHERE l.public_id = c.id
    UNION ALL SELECT FROM inbox_conversationlink l WHERE l.private_id = c.id)
ORDER BY c.due_at NULLS LAST, c.waiting_since NULLS LAST, c.id
"""


def waiting(queues: Mapping[int, Staffed], brand_ids: Collection[int]) -> list[Waiting]:
    """What in these queues waits for who has another part of it and cannot take it now, by due time."""
    with connection.cursor() as cursor:
        cursor.execute(_LINKED, [array_literal(sorted(queues)), array_literal(sorted(brand_ids))])
        lanes = {pk: (queue_id, channel_id) for pk, queue_id, channel_id in cursor.fetchall()}
    parts = pairs.parts_of(lanes)
    rows = Conversation.objects.in_bulk({*parts, *(part for others in parts.values() for part in others)})
    needs = roster.needs_of(rows.values(), queues)
    found: list[Waiting] = []
    for pk in lanes:
        if pk in parts and pk in rows:
            found += _kept(rows[pk], [rows[part] for part in parts[pk] if part in rows], queues, needs)
    return found


def _kept(
    half: Conversation, others: list[Conversation], queues: Mapping[int, Staffed], needs: Mapping[int, Need]
) -> list[Waiting]:
    """Whom it waits for: one of those who have another part; none where one of them can take it."""
    agents = {agent.user_id: agent for agent in queues[half.queue_id].agents}
    rest = pairs.rest_of(row for row in others if _stays(row, agents, needs[half.pk]))
    one = pairs.together(half, rest, needs)
    whys = [(agents[pk], hindrance(agents[pk], one.need)) for pk in sorted(one.keepers(agents, {}))]
    if any(why is None for _, why in whys):
        return []
    return [Waiting(half, agent, why) for agent, why in whys[:1] if why is not None]


def _stays(part: Conversation, agents: Mapping[int, Agent], need: Need) -> bool:
    """What rests is taken from who is not waited for (`pairs.joined`); what is open stays with its owner."""
    return part.status == Conversation.Status.OPEN or waits_for(agents.get(part.owner_id or 0), need)
