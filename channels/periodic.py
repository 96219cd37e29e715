"""Periodic jobs of which two beats, or ten, run one: a slot per period, and a lock while it runs.

Source: reliability.md §2.1 rule 6.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

from django.db import connection

# First number of our two-number advisory locks; the second stands for the job.
LOCK = 7_202

_TAKE = """
INSERT INTO channels_jobslot AS known (job, slot)
VALUES (%(job)s, floor(extract(epoch FROM clock_timestamp()) / %(period)s))
ON CONFLICT (job) DO UPDATE SET slot = excluded.slot, ran_at = clock_timestamp() WHERE known.slot < excluded.slot
"""


@contextmanager
def turn(job: str, period_s: float) -> Iterator[bool]:
    """Whether this process runs the job in this period: nobody else has, and nobody is still at it.

    Args:
        job: stable name.
        period_s: seconds; slots are counted from the epoch by the database's clock.
    """
    key = crc32(job.encode()) & 0x7FFFFFFF
    if not _ask("SELECT pg_try_advisory_lock(%s, %s)", key):
        yield False
        return
    try:
        yield _take_slot(job, period_s)
    finally:
        _ask("SELECT pg_advisory_unlock(%s, %s)", key)


def _take_slot(job: str, period_s: float) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"job": job, "period": period_s})
        return cursor.rowcount == 1


def _ask(sql: str, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, [LOCK, key])
        return bool(cursor.fetchone()[0])
