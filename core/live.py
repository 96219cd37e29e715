"""Pings: lossy hints over Redis that something changed. They carry ids, never state (house.md §6)."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson
import redis
import structlog
from django.conf import settings
from django.db import transaction

log = structlog.get_logger(__name__)
CHANNEL_PREFIX = "live:"


@cache
def client() -> redis.Redis:
    """One client per process; the pool inside is thread-safe."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, health_check_interval=30
    )


def publish(pings: dict[str, dict[str, Any]]) -> None:
    """Send one ping per topic in one round trip; a Redis that is away costs the hint and nothing else.

    Args:
        pings: topic (such as `queue:12`) → ids for the browser.
    """
    if not pings:
        return
    try:
        pipe = client().pipeline(transaction=False)
        for topic, data in pings.items():
            pipe.publish(CHANNEL_PREFIX + topic, orjson.dumps({"topic": topic, **data}))
        pipe.execute()
    except redis.RedisError:
        log.warning("live.away", topics=len(pings))


def ping_on_commit(topic: str, **data: Any) -> None:
    """Ping `topic` once after the running transaction has committed; the last value of a name wins.

    A `kind` with `conversations` becomes `kinds: {kind: [ids]}`, and lists are joined, so that a batch tells all
    its ids in one ping.
    """
    connection = transaction.get_connection()
    waiting = next((f for _, f, _ in connection.run_on_commit if isinstance(f, _Batch)), None)
    if waiting is None:
        waiting = _Batch()
        transaction.on_commit(waiting)
    waiting.add(topic, data)


class _Batch:
    """The pings of one transaction."""

    def __init__(self) -> None:
        self.pings: dict[str, dict[str, Any]] = {}

    def add(self, topic: str, data: dict[str, Any]) -> None:
        seen = self.pings.setdefault(topic, {})
        if "kind" in data and "conversations" in data:
            kinds = seen.setdefault("kinds", {})
            _join(kinds, data["kind"], data["conversations"])
            data = {name: value for name, value in data.items() if name not in ("kind", "conversations")}
        for key, value in data.items():
            if isinstance(value, list):
                _join(seen, key, value)
            else:
                seen[key] = value

    def __call__(self) -> None:
        publish(self.pings)


def _join(into: dict[str, Any], key: str, more: list[Any]) -> None:
    known = into.setdefault(key, [])
    known += [value for value in more if value not in known]
