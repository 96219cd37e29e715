"""Counting calls in fixed windows of real time, as the networks do."""

import time
from dataclasses import dataclass

QUARTER = 900
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `calls` in `seconds` for one user or one app."""

    calls: int
    seconds: int = QUARTER


@dataclass(slots=True)
class Window:
    """The state of one limit: how many calls are left and when it begins anew (Unix seconds)."""

    limit: int
    remaining: int
    reset: int
    refused: bool = False


class Limits:
    """Windows by (who, route, length); the real clock is used, since clients compare `reset` with theirs."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str, int], tuple[int, int]] = {}

    def take(self, who: str, route: str, limit: Limit) -> Window:
        """Count one call; `refused` is set when none was left (then it is not counted)."""
        now = int(time.time())
        key = (who, route, limit.seconds)
        used, reset = self._windows.get(key, (0, 0))
        if now >= reset:
            used, reset = 0, now + limit.seconds
        if used >= limit.calls:
            return Window(limit.calls, 0, reset, refused=True)
        self._windows[key] = (used + 1, reset)
        return Window(limit.calls, limit.calls - used - 1, reset)

    def clear(self) -> None:
        self._windows.clear()
