"""Hours as people write them: "09:00–13:00, 14:00–18:00" for a day, "2026-12-25 Christmas Day" for a holiday.

Pure. What cannot be read is refused with a sentence that names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from routing.calendar import DAY_MINUTES, Period

CLOSED = ("", "closed", "-", "–")
ALL_DAY = ("24 h", "24h", "all day")
_PERIOD = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—|to)\s*(\d{1,2})(?:[:.](\d{2}))?")
_HOLIDAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[\s,;]+(.*))?")


class Unreadable(ValueError):
    """These words are no hours; the sentence says which."""


def read_day(text: str, weekday: int) -> list[Period]:
    """The periods of one weekday; an end at or before the beginning is on the next day. Raises: Unreadable."""
    text = text.strip()
    if text.casefold() in CLOSED:
        return []
    if text.casefold() in ALL_DAY:
        return [Period(weekday, 0, DAY_MINUTES)]
    return [_read_period(part.strip(), weekday) for part in re.split(r"[,;]", text)]


def _read_period(text: str, weekday: int) -> Period:
    match = _PERIOD.fullmatch(text)
    if match is None:
        raise Unreadable(f"“{text[:40]}” is no period. Write it as 09:00–17:00.")
    hour, minute, end_hour, end_minute = (int(part or 0) for part in match.groups())
    start, end = hour * 60 + minute, end_hour * 60 + end_minute
    if minute > 59 or end_minute > 59 or start >= DAY_MINUTES or end > DAY_MINUTES:
        raise Unreadable(f"“{text[:40]}” is no time of a day.")
    return Period(weekday, start, end if end > start else end + DAY_MINUTES)


def write_day(periods: Iterable[Period]) -> str:
    """As `read_day` reads it; empty = closed."""
    return ", ".join(
        "24 h" if (one.start, one.end) == (0, DAY_MINUTES) else f"{_clock(one.start)}–{_clock(one.end)}"
        for one in sorted(periods)
    )


def _clock(minutes: int) -> str:
    if minutes == DAY_MINUTES:
        return "24:00"
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def read_holidays(text: str) -> list[tuple[date, str]]:
    """One a line, with or without a name. Raises: Unreadable."""
    return [_read_holiday(line.strip()) for line in text.splitlines() if line.strip()]


def _read_holiday(line: str) -> tuple[date, str]:
    match = _HOLIDAY.fullmatch(line)
    try:
        on = date.fromisoformat(match[1]) if match else None
    except ValueError:
        on = None
    if match is None or on is None:
        raise Unreadable(f"“{line[:40]}” is no holiday. Write it as 2026-12-25 Christmas Day.")
    return on, (match[2] or "").strip()


def write_holidays(holidays: Iterable[tuple[date, str]]) -> str:
    """As `read_holidays` reads them."""
    return "\n".join(f"{on.isoformat()} {name}".strip() for on, name in sorted(holidays))
