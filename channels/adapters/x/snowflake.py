"""Ids of X: time in the upper bits, so that ids order posts by time.

Source: X's announcement of Snowflake, epoch 1288834974657 ms, 22 bits below the milliseconds
(docs.x.com/fundamentals/x-ids, read 2026-08).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH_MS = 1_288_834_974_657
SHIFT = 22
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def from_time(moment: datetime) -> int:
    """The smallest id that a post made at `moment` can have; 0 before the epoch."""
    milliseconds = (moment - _EPOCH) // timedelta(milliseconds=1)
    return max(milliseconds - EPOCH_MS, 0) << SHIFT


def to_time(external_id: int) -> datetime:
    """When the post with this id was made (UTC, milliseconds)."""
    return _EPOCH + timedelta(milliseconds=(external_id >> SHIFT) + EPOCH_MS)


def minus_seconds(external_id: int, seconds: float) -> int:
    """The smallest id of `seconds` before this one; 0 at the epoch."""
    return max((external_id >> SHIFT) - int(seconds * 1000), 0) << SHIFT
