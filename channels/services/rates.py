"""The network's rate windows as its headers last told them, per channel and endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from channels.contracts import RateWindow
from channels.models import Channel

_KEEP = """
INSERT INTO channels_ratebucket (channel_id, endpoint, "limit", remaining, used_percent, reset_at, seen_at)
SELECT %(channel)s, *, clock_timestamp()
FROM unnest(%(endpoint)s::text[], %(limit)s::int[], %(remaining)s::int[], %(used)s::int[], %(reset)s::timestamptz[])
ON CONFLICT (channel_id, endpoint) DO UPDATE SET "limit" = excluded."limit", remaining = excluded.remaining,
  used_percent = excluded.used_percent, reset_at = excluded.reset_at, seen_at = excluded.seen_at
"""


def remember(channel: Channel, windows: Sequence[RateWindow]) -> None:
    """Store what the headers said; of several for one endpoint the last counts."""
    last = {window.endpoint[:80]: window for window in windows}
    if not last:
        return
    seen = [last[name] for name in sorted(last)]
    columns: dict[str, list[Any]] = {
        "endpoint": sorted(last),
        "limit": [window.limit for window in seen],
        "remaining": [window.remaining for window in seen],
        "used": [window.used_percent for window in seen],
        "reset": [window.reset_at for window in seen],
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, {"channel": channel.pk, **columns})
