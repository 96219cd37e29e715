"""Django's Redis cache, except that a Redis which is away is an empty cache and not a broken page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

log = structlog.get_logger(__name__)


def _forgiving(name: str, fallback: Callable[..., Any]) -> Callable[..., Any]:
    original = getattr(RedisCacheClient, name)

    def call(self: RedisCacheClient, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(self, *args, **kwargs)
        except (RedisConnectionError, RedisTimeoutError):
            log.warning("cache.away", operation=name)
            return fallback(*args, **kwargs)

    return call


class ForgivingClient(RedisCacheClient):
    """Every operation answers as an empty cache would when the server cannot be reached."""

    add = _forgiving("add", lambda *a, **k: True)
    get = _forgiving("get", lambda key, default=None: default)
    set = _forgiving("set", lambda *a, **k: None)
    touch = _forgiving("touch", lambda *a, **k: False)
    delete = _forgiving("delete", lambda *a, **k: False)
    get_many = _forgiving("get_many", lambda *a, **k: {})
    has_key = _forgiving("has_key", lambda *a, **k: False)
    incr = _forgiving("incr", lambda key, delta: delta)
    set_many = _forgiving("set_many", lambda *a, **k: None)
    delete_many = _forgiving("delete_many", lambda *a, **k: None)
    clear = _forgiving("clear", lambda *a, **k: False)


class ForgivingRedisCache(RedisCache):
    """`CACHES` backend. Source: reliability.md §2.3 row 7 (Redis down: no 5xx)."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingClient
