"""Doing what nobody came for: hints were lost, the broker or beat is away, or the workers are too few.

Run by every worker itself, of which one at a time does it. Source: reliability.md §2.1 rule 5.
"""

from __future__ import annotations

import time

from django.db import connection

from channels import periodic
from inbox.services import delivery, polling, settlement

EVERY_S = 10
# What waits this long has been hinted more than once, and nobody came.
OVERDUE_S = 20
BUDGET_S = 20.0

_STREAMS = """
SELECT s.id FROM channels_stream s JOIN channels_channel c ON c.id = s.channel_id
WHERE s.next_poll_at < clock_timestamp() - make_interval(secs => %s) AND c.status = 'active'
  AND (s.lease_until IS NULL OR s.lease_until < clock_timestamp())
  AND (c.breaker_until IS NULL OR c.breaker_until < clock_timestamp())
ORDER BY s.next_poll_at LIMIT 100
"""


def sweep() -> int:
    """Send what is due and read what is overdue, for about 20 s. Returns how many pieces of work there were."""
    with periodic.turn("inbox.sweep", EVERY_S) as ours:
        if not ours:
            return 0
        done = delivery.send_due() + settlement.settle_due()
        until = time.monotonic() + BUDGET_S
        for stream_id in _overdue_streams():
            if time.monotonic() > until:
                break
            done += polling.poll_stream(stream_id).claimed
        return done


def _overdue_streams() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_STREAMS, [OVERDUE_S])
        return [row[0] for row in cursor.fetchall()]
