"""Numbers for those who watch the machine: how much waits where. One query each; nothing is counted row by row."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from inbox.models.work import Delivery

# Settled deliveries are looked for among the newest so many, so that the answer does not slow down with the years.
RECENT = 20_000


@dataclass(frozen=True, slots=True)
class QueueFigure:
    """Conversations of one queue by status; `waiting` = somebody waits for our answer."""

    queue: str
    status: str
    waiting: bool
    n: int


_QUEUES = """
SELECT q.slug, c.status, c.waiting, sum(c.n)::bigint FROM (
  SELECT queue_id, status, waiting, n FROM inbox_count
  UNION ALL SELECT queue_id, status, waiting, n FROM inbox_countdelta
) AS c JOIN inbox_queue q ON q.id = c.queue_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_UNSETTLED = "SELECT state, count(*) FROM inbox_delivery WHERE state = ANY(%s) GROUP BY state"
_SETTLED = """
SELECT state, count(*) FROM (
  SELECT state, settled_at FROM inbox_delivery ORDER BY id DESC LIMIT %s
) AS recent WHERE settled_at > clock_timestamp() - interval '24 hours' AND NOT state = ANY(%s) GROUP BY state
"""
_UNDISPATCHED = """
SELECT coalesce(extract(epoch FROM clock_timestamp() - min(occurred_at)), 0)::float
FROM (SELECT occurred_at FROM inbox_conversationevent WHERE dispatched_at IS NULL ORDER BY id LIMIT 1) AS oldest
"""


def conversations_by_queue() -> list[QueueFigure]:
    """The kept counters, summed over brands and owners."""
    with connection.cursor() as cursor:
        cursor.execute(_QUEUES)
        return [QueueFigure(*row) for row in cursor.fetchall()]


def deliveries_by_state() -> dict[str, int]:
    """Every state: those that are not settled in all, those that are settled within the last 24 hours."""
    unsettled = list(Delivery.UNSETTLED)
    figures = dict.fromkeys((state.value for state in Delivery.State), 0)
    with connection.cursor() as cursor:
        cursor.execute(_UNSETTLED, [unsettled])
        figures.update(cursor.fetchall())
        cursor.execute(_SETTLED, [RECENT, unsettled])
        figures.update(cursor.fetchall())
    return figures


def oldest_undispatched() -> float:
    """Seconds since the oldest event that no subscriber was told of; 0 where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_UNDISPATCHED)
        age: float = cursor.fetchone()[0]
    return age
