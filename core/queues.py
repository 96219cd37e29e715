"""The queues of hints in Redis, by name of work."""

from __future__ import annotations

import redis

from core import live

NAMES = ("poll", "triage", "deliver", "default")


def depths() -> dict[str, int]:
    """Hints that no worker has taken, by queue; empty while Redis is away."""
    try:
        pipe = live.client().pipeline(transaction=False)
        for name in NAMES:
            pipe.llen(name)
        return dict(zip(NAMES, pipe.execute(), strict=True))
    except redis.RedisError:
        return {}
