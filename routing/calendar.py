"""Business hours as arithmetic: a pure module, without Django and without a clock of its own.

An instant is open when its local wall clock lies in a period, so that daylight saving needs no rule of its own: the
hour that is skipped is never open, the hour that comes twice is open twice. Sums are made per UTC day, each cut where
the offset changes, and kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MINUTE = 60 * 1_000_000
_DAY = DAY_MINUTES * _MINUTE
_EPOCH_ORDINAL = EPOCH.toordinal()

Span = tuple[int, int]  # from (with) and to (without), in microseconds or in minutes


class NeverOpen(ValueError):
    """The calendar has no hours: nothing is ever due by it."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of a weekday by the local clock, in minutes since midnight; past midnight `end` is above 1440.

    Args:
        weekday: on which it begins; 0 = Monday.
        start: 0 to 1439.
        end: above `start`, at most 24 hours later.
    """

    weekday: int
    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.weekday < 7 and 0 <= self.start < DAY_MINUTES):
            raise ValueError(f"There is no such beginning: day {self.weekday}, minute {self.start}.")
        if not self.start < self.end <= self.start + DAY_MINUTES:
            raise ValueError("A period ends after it begins, and within 24 hours.")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly periods in one time zone, without its holidays.

    A holiday takes away the periods that begin on it; a night that began the evening before goes on to its end.
    Periods may overlap: they count once.

    Args:
        zone: IANA name, such as Europe/Vienna.
    """

    zone: str
    periods: tuple[Period, ...]
    holidays: frozenset[date] = frozenset()
    _days: dict[int, tuple[tuple[Span, ...], int]] = field(
        default_factory=dict, init=False, repr=False, compare=False, hash=False
    )

    def is_open(self, at: datetime) -> bool:
        """Whether the house is open at this instant."""
        moment = _microseconds(at)
        return any(start <= moment < end for start, end in self._day(moment // _DAY)[0])

    def business_between(self, start: datetime, end: datetime) -> timedelta:
        """How long the house is open between two instants; nothing where `end` is not after `start`."""
        first, last = _microseconds(start), _microseconds(end)
        if last <= first:
            return timedelta(0)
        days = range(first // _DAY + 1, last // _DAY)
        total = sum(self._day(day)[1] for day in days)
        edges = {first // _DAY, last // _DAY}
        total += sum(_overlap(spans, first, last) for spans in (self._day(day)[0] for day in edges))
        return timedelta(microseconds=total)

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """The first instant by which the house has been open for `duration` since `start`, aware UTC.

        Raises: NeverOpen.
        """
        left = duration // _MICROSECOND
        if left <= 0:
            return start.astimezone(UTC)
        if not self.periods:
            raise NeverOpen("This calendar has no hours.")
        first = _microseconds(start)
        day = first // _DAY
        while True:
            spans, total = self._day(day)
            if day * _DAY >= first and total < left:
                left -= total
            else:
                for begin, end in spans:
                    length = end - max(begin, first)
                    if length >= left:
                        return _instant(max(begin, first) + left)
                    left -= max(length, 0)
            day += 1

    def next_open(self, at: datetime) -> datetime:
        """`at` itself while the house is open, else when it opens. Raises: NeverOpen."""
        return at.astimezone(UTC) if self.is_open(at) else self.add(at, _MICROSECOND) - _MICROSECOND

    def _day(self, day: int) -> tuple[tuple[Span, ...], int]:
        """The open spans of one UTC day (days since 1970) in order, and their sum."""
        known = self._days.get(day)
        if known is None:
            spans = tuple(_joined(self._spans(day)))
            known = self._days[day] = spans, sum(end - start for start, end in spans)
        return known

    def _spans(self, day: int) -> Iterator[Span]:
        for start, end, offset in _steady(ZoneInfo(self.zone), day * _DAY, (day + 1) * _DAY):
            local_days = range((start + offset) // _DAY, (end + offset - 1) // _DAY + 1)
            for local_day in local_days:
                midnight = local_day * _DAY - offset
                for opens, closes in self._open_minutes(local_day):
                    begin, until = midnight + opens * _MINUTE, midnight + closes * _MINUTE
                    if max(begin, start) < min(until, end):
                        yield max(begin, start), min(until, end)

    def _open_minutes(self, local_day: int) -> list[Span]:
        """The open minutes of one local date: its own periods, and what the evening before left over."""
        today = date.fromordinal(local_day + _EPOCH_ORDINAL)
        spans = [(period.start, min(period.end, DAY_MINUTES)) for period in self._beginning(today)]
        yesterday = self._beginning(today - timedelta(days=1))
        spans += [(0, period.end - DAY_MINUTES) for period in yesterday if period.end > DAY_MINUTES]
        return list(_joined(sorted(spans)))

    def _beginning(self, on: date) -> list[Period]:
        weekday = on.weekday()
        return [] if on in self.holidays else [period for period in self.periods if period.weekday == weekday]


ALWAYS = Calendar("UTC", tuple(Period(weekday, 0, DAY_MINUTES) for weekday in range(7)))


def _steady(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The stretches between two instants in which the offset stays the same, each with it."""
    before, after = _offset(zone, start), _offset(zone, end - 1)
    if before == after:
        yield start, end, before
        return
    low, high = start, end - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    yield start, high, before
    yield high, end, after


def _offset(zone: ZoneInfo, moment: int) -> int:
    return (_instant(moment).astimezone(zone).utcoffset() or timedelta(0)) // _MICROSECOND


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans in order, those that touch or overlap made one."""
    current: Span | None = None
    for start, end in spans:
        if current is not None and start <= current[1]:
            current = current[0], max(current[1], end)
        else:
            if current is not None:
                yield current
            current = start, end
    if current is not None:
        yield current


def _overlap(spans: Iterable[Span], first: int, last: int) -> int:
    return sum(max(min(end, last) - max(start, first), 0) for start, end in spans)


def _microseconds(at: datetime) -> int:
    return (at - EPOCH) // _MICROSECOND


def _instant(moment: int) -> datetime:
    return EPOCH + timedelta(microseconds=moment)
