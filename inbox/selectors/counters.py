"""Counters as they are kept: one query for all of somebody's queues, whatever is stored."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection

from core.copying import array_literal
from inbox.policies import Access


@dataclass(slots=True)
class Numbers:
    """What stands in one queue, or is owned by one person."""

    open: int = 0
    needs_reply: int = 0
    unowned: int = 0
    pending: int = 0
    snoozed: int = 0


@dataclass(slots=True)
class Counters:
    """All numbers of somebody's lists, within the brands that the person sees."""

    queues: dict[int, Numbers] = field(default_factory=dict)
    mine: Numbers = field(default_factory=Numbers)

    def of(self, queue_id: int) -> Numbers:
        return self.queues.get(queue_id) or Numbers()


_SUMS = """
SELECT queue_id, owner_id, status, waiting, sum(n) FROM (
    SELECT queue_id, brand_id, owner_id, status, waiting, n FROM inbox_count
    UNION ALL SELECT queue_id, brand_id, owner_id, status, waiting, n FROM inbox_countdelta
) AS kept
WHERE brand_id = ANY(%s::bigint[]) AND (queue_id = ANY(%s::bigint[]) OR owner_id = %s) AND status <> 'resolved'
GROUP BY 1, 2, 3, 4
"""


def counters_for(access: Access) -> Counters:
    """The kept counters of everything that the person reads, and of what the person owns. One query."""
    found = Counters()
    readable = access.readable_queue_ids
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [array_literal(access.brand_ids), array_literal(readable), access.user_id])
        for queue_id, owner_id, status, waiting, n in cursor.fetchall():
            if queue_id in readable:
                _add(found.queues.setdefault(queue_id, Numbers()), owner_id, status, waiting, int(n))
            if owner_id == access.user_id:
                _add(found.mine, owner_id, status, waiting, int(n))
    return found


def _add(numbers: Numbers, owner_id: int | None, status: str, waiting: bool, n: int) -> None:
    setattr(numbers, status, getattr(numbers, status) + n)
    if waiting:
        numbers.needs_reply += n
    if status == "open" and owner_id is None:
        numbers.unowned += n
