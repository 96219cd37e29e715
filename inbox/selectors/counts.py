"""How many conversations wait where, from the kept counters: the cost does not grow with the conversations."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from core.copying import array_literal
from inbox.policies import Access

_COUNTS = """
SELECT queue_id, owner_id IS NOT NULL AND owner_id = %(user)s, owner_id IS NULL, status, waiting, sum(n)
FROM (
  SELECT queue_id, brand_id, owner_id, status, waiting, n FROM inbox_count
  UNION ALL
  SELECT queue_id, brand_id, owner_id, status, waiting, n FROM inbox_countdelta
) AS kept
WHERE (queue_id = ANY(%(queues)s::bigint[]) OR owner_id = %(user)s) AND brand_id = ANY(%(brands)s::bigint[])
GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """`n` conversations of one queue: mine, nobody's (`free`) or somebody else's; `waiting` = needs a reply."""

    queue_id: int
    mine: bool
    free: bool
    status: str
    waiting: bool
    n: int


def kept(access: Access) -> list[Kept]:
    """All counters that this person may see, their own conversations in whatever queue included; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTS,
            {
                "user": access.user_id,
                "queues": array_literal(sorted(access.readable_queue_ids)),
                "brands": array_literal(sorted(access.brand_ids)),
            },
        )
        return [
            Kept(queue, mine, free, status, waiting, int(n))
            for queue, mine, free, status, waiting, n in cursor.fetchall()
        ]


def waiting_of_mine(rows: list[Kept]) -> int:
    """What this person owns and has to answer."""
    return sum(row.n for row in rows if row.mine and row.waiting and row.status == "open")


def waiting_for(access: Access, rows: list[Kept]) -> int:
    """What waits for this person's reply: their own, and nobody's in the queues that their teams staff."""
    return sum(
        row.n
        for row in rows
        if row.waiting and row.status == "open" and (row.mine or (row.free and row.queue_id in access.member_queue_ids))
    )
