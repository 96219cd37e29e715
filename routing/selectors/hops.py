"""How quickly desks answer what they ask of each other."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from core.copying import array_literal
from inbox.policies import Access
from routing.models.handoff import Handoff

DAYS = 28
KINDS = (*Handoff.Kind.values, "content")


@dataclass(frozen=True, slots=True)
class Hop:
    """What one queue asked of another in so many days.

    Args:
        kind: handoff, escalation or content.
        open: of these, what waits for an answer now.
        acknowledged_s: median seconds until somebody said that they are on it; None where nobody has yet.
        decided_s, slow_s: median and 90th percentile of the seconds until it was accepted, declined or answered.
    """

    kind: str
    from_queue: str
    to_queue: str
    asked: int
    open: int
    accepted: int
    answered: int
    declined: int
    withdrawn: int
    chased: int
    acknowledged_s: float | None
    decided_s: float | None
    slow_s: float | None


# A question for content has no queue of its own: it comes from where the conversation lies.
_HOPS = """
WITH hop AS (
    SELECT kind, from_queue_id, to_queue_id, conversation_id, state, created_at, acknowledged_at, decided_at, chased
    FROM routing_handoff WHERE created_at > now() - make_interval(days => %(days)s)
    UNION ALL
    SELECT 'content', c.queue_id, a.to_queue_id, a.conversation_id, a.state, a.created_at, NULL, a.decided_at, 0
    FROM routing_contentask a JOIN inbox_conversation c ON c.id = a.conversation_id
    WHERE a.created_at > now() - make_interval(days => %(days)s) AND c.queue_id <> a.to_queue_id
)
SELECT hop.kind, f.name, t.name, count(*),
       count(*) FILTER (WHERE hop.state = 'open'), count(*) FILTER (WHERE hop.state = 'accepted'),
       count(*) FILTER (WHERE hop.state = 'answered'), count(*) FILTER (WHERE hop.state = 'declined'),
       count(*) FILTER (WHERE hop.state = 'withdrawn'), coalesce(sum(hop.chased), 0),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM hop.acknowledged_at - hop.created_at)),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM hop.decided_at - hop.created_at))
           FILTER (WHERE hop.state IN ('accepted', 'answered', 'declined')),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM hop.decided_at - hop.created_at))
           FILTER (WHERE hop.state IN ('accepted', 'answered', 'declined'))
FROM hop
JOIN inbox_conversation c ON c.id = hop.conversation_id AND c.brand_id = ANY(%(brands)s::bigint[])
JOIN inbox_queue f ON f.id = hop.from_queue_id
JOIN inbox_queue t ON t.id = hop.to_queue_id
WHERE f.id = ANY(%(queues)s::bigint[]) OR t.id = ANY(%(queues)s::bigint[])
GROUP BY hop.kind, f.id, t.id
ORDER BY f.name, t.name, hop.kind
"""


def hops(access: Access, *, days: int = DAYS) -> list[Hop]:
    """What was asked in the last `days` days between queues of which somebody reads one, within their brands.

    What was taken back counts as asked, and in no time. One query.
    """
    shown = {"queues": array_literal(sorted(access.readable_queue_ids)), "brands": array_literal(access.brand_ids)}
    with connection.cursor() as cursor:
        cursor.execute(_HOPS, {**shown, "days": days})
        return [Hop(*row) for row in cursor.fetchall()]
