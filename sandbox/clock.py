"""The sandbox's own time: real until somebody sets it, then standing still until it is set again."""

import time
from datetime import UTC, datetime

# The first second of 2100.
LATEST_S = 4_102_444_800


class Clock:
    """Milliseconds since 1970 as the pretend network sees them."""

    def __init__(self) -> None:
        self._base: int | None = None
        self._set_at = 0.0
        self._running = False

    @property
    def is_set(self) -> bool:
        return self._base is not None

    @property
    def running(self) -> bool:
        return self._base is None or self._running

    def now_ms(self) -> int:
        if self._base is None:
            return time.time_ns() // 1_000_000
        if not self._running:
            return self._base
        return self._base + int((time.monotonic() - self._set_at) * 1000)

    def set(self, now_ms: int | None, *, running: bool = False) -> None:
        """Set the time, standing still unless `running`; None returns to real time."""
        self._base = now_ms
        self._running = running
        self._set_at = time.monotonic()


def iso(ms: int) -> str:
    """The way X writes a time: 2026-11-21T08:00:00.000Z."""
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


def parse_time(value: object) -> int:
    """Milliseconds of an ISO 8601 text or of a number of seconds.

    Raises: ValueError for anything else; a text without an offset is read as UTC.
    """
    if isinstance(value, bool):
        raise ValueError("not a time")
    if isinstance(value, str):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        value = moment.timestamp()
    if not isinstance(value, int | float) or not 0 <= value < LATEST_S:
        raise ValueError("not a time between 1970 and 2100")
    return round(value * 1000)
