"""What is kept for 30 days only: payloads as they came, and what could not be read."""

from __future__ import annotations

from django.db import connection

# Source: product.md, MessageRaw; reliability.md §3 Retention (raw payloads 30 days).
RAW_DAYS = 30
BATCH = 1000

# Ids grow with time, so the oldest come first and the first batch without an old one ends the search.
_RAW = """
DELETE FROM inbox_messageraw WHERE message_id IN (
  SELECT old.message_id FROM (SELECT message_id FROM inbox_messageraw ORDER BY message_id LIMIT %(batch)s) AS old
  JOIN inbox_message m ON m.id = old.message_id
  WHERE m.ingested_at < clock_timestamp() - make_interval(days => %(days)s)
)
"""
_UNREADABLE = """
DELETE FROM channels_unreadableitem WHERE id IN (
  SELECT id FROM (SELECT id, seen_at FROM channels_unreadableitem ORDER BY id LIMIT %(batch)s) AS old
  WHERE seen_at < clock_timestamp() - make_interval(days => %(days)s)
)
"""


def purge_raw() -> int:
    """Delete the raw bytes of messages that came more than 30 days ago, in batches. Returns how many. Idempotent."""
    return _purge(_RAW)


def purge_unreadable() -> int:
    """Delete what could not be read and came more than 30 days ago, in batches. Returns how many. Idempotent."""
    return _purge(_UNREADABLE)


def _purge(statement: str) -> int:
    total = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"batch": BATCH, "days": RAW_DAYS})
            if cursor.rowcount == 0:
                return total
            total += cursor.rowcount
