"""When somebody may be disturbed, and when the next digest is due. Pure: no Django, no database. Moments in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Habits:
    """What somebody wants.

    Args:
        zone: IANA name; `quiet` and `digest_hour` are on its clocks.
        quiet: from and until; across midnight where `until` is the earlier one. None = never.
        digest_hour: 0 to 23, for daily digests.
    """

    zone: str = "UTC"
    quiet: tuple[time, time] | None = None
    digest: Literal["off", "hourly", "daily"] = "off"
    digest_hour: int = 8
    sound: bool = False


def is_quiet(habits: Habits, at: datetime) -> bool:
    """Whether their quiet hours are on."""
    if habits.quiet is None:
        return False
    begins, ends = habits.quiet
    now = at.astimezone(ZoneInfo(habits.zone)).time()
    return begins <= now < ends if begins < ends else now >= begins or now < ends


def next_change(habits: Habits, at: datetime) -> datetime | None:
    """When their quiet hours begin or end next; None = they have none."""
    if habits.quiet is None:
        return None
    return min(_next(habits.zone, wall, at) for wall in habits.quiet)


def next_digest(habits: Habits, after: datetime) -> datetime | None:
    """When the next digest is due: the next full hour, or the hour of the day; what falls into quiet hours waits for
    their end. None = never.
    """
    if habits.digest == "off":
        return None
    if habits.digest == "hourly":
        due = after.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + HOUR
    else:
        due = _next(habits.zone, time(habits.digest_hour), after)
    if habits.quiet is not None and is_quiet(habits, due):
        return _next(habits.zone, habits.quiet[1], due)
    return due


def _next(zone: str, wall: time, after: datetime) -> datetime:
    """The first moment after `after` at which their clocks show that time."""
    return next(moment for moment in _moments(zone, wall, after) if moment > after)


def _moments(zone: str, wall: time, near: datetime) -> Iterator[datetime]:
    """A time of day on the days around; one that a change of the clocks leaves out comes that much later."""
    place = ZoneInfo(zone)
    today = near.astimezone(place).date()
    for days in range(-1, 3):
        yield datetime.combine(today + days * DAY, wall, place).astimezone(UTC)
