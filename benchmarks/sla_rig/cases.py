"""Random calendars and random cases in them, each to be asked of both sides."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from benchmarks.sla_rig.slow import MINUTE, SlowYear
from routing.calendar import Calendar, Period
from routing.clocks import Pause, Promise, moment

ZONES = (
    "UTC", "Europe/Vienna", "Europe/London", "Europe/Dublin", "America/New_York", "America/St_Johns", "Asia/Kolkata",
    "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "Asia/Beirut", "America/Havana",
)  # fmt: skip
LENGTHS = (15, 60, 240, 24 * 60, 7 * 24 * 60, 60 * 24 * 60)  # minutes; up to two months


@dataclass(frozen=True, slots=True)
class Hours:
    """A calendar as numbers, for either side."""

    zone: str
    year: int
    periods: tuple[tuple[int, int, int], ...]
    holidays: frozenset[date]

    def fast(self) -> Calendar:
        return Calendar(self.zone, tuple(Period(*period) for period in self.periods), self.holidays)

    def slow(self) -> SlowYear:
        return SlowYear(self.zone, list(self.periods), set(self.holidays), self.year)


@dataclass(frozen=True, slots=True)
class Case:
    """How long is it open from `first` to `last` (sort "between"), or when is `target` reached (sort "due")?

    All in minutes of the year.
    """

    sort: str
    first: int
    last: int
    target: int
    pauses: tuple[tuple[int, int | None], ...]

    def slow(self, year: SlowYear) -> int | None:
        if self.sort == "between":
            return year.count(self.first, self.last)
        return year.due(self.first, self.target, list(self.pauses))

    def fast(self, calendar: Calendar, year: SlowYear) -> int | None:
        at = lambda minute: year.start + minute * MINUTE  # noqa: E731
        if self.sort == "between":
            return calendar.business_between(at(self.first), at(self.last)) // MINUTE
        promise = Promise(1, 1, calendar, self.target * 60, 0)
        pauses = [Pause(at(begin), None if end is None else at(end)) for begin, end in self.pauses]
        due = moment(promise, at(self.first), pauses, timedelta(minutes=self.target))
        return None if due is None else _minute(due, year)


def _minute(at: datetime, year: SlowYear) -> int | None:
    minute, rest = divmod(at - year.start, MINUTE)
    assert not rest, "everything here is in whole minutes"
    return minute if minute <= year.minutes else None


def random_hours(chance: random.Random) -> Hours:
    """One to four periods on some weekdays, a third of them into the night; up to twenty holidays."""
    year = chance.randint(2015, 2027)
    periods = []
    for weekday in chance.sample(range(7), chance.randint(2, 7)):
        for _ in range(chance.randint(1, 3)):
            start = chance.randrange(0, 1440, chance.choice((1, 5, 30)))
            longest = 1440 if chance.random() < 0.3 else max(1440 - start, 1)
            periods.append((weekday, start, start + chance.randint(1, longest)))
    holidays = {date(year, 1, 1) + timedelta(days=chance.randrange(366)) for _ in range(chance.randint(0, 20))}
    return Hours(chance.choice(ZONES), year, tuple(periods), frozenset(holidays))


def random_case(chance: random.Random, year: SlowYear) -> Case:
    """A start near a change of the clocks in every third case, anywhere else in the others."""
    if year.changes and chance.random() < 1 / 3:
        first = max(0, chance.choice(year.changes) - chance.randrange(4 * 24 * 60))
    else:
        first = chance.randrange(year.minutes)
    length = chance.randint(0, chance.choice(LENGTHS))
    last = min(first + length, year.minutes)
    if chance.random() < 0.4:
        return Case("between", first, last, 0, ())
    target = max(1, year.count(first, last))
    return Case("due", first, last, target, _pauses(chance, first, last))


def _pauses(chance: random.Random, first: int, last: int) -> tuple[tuple[int, int | None], ...]:
    if chance.random() < 0.5 or last - first < 2:
        return ()
    edges = sorted(chance.randint(first, last) for _ in range(2 * chance.randint(1, 3)))
    pauses: list[tuple[int, int | None]] = list(zip(edges[::2], edges[1::2], strict=True))
    if chance.random() < 0.15:
        pauses[-1] = (pauses[-1][0], None)
    return tuple(pauses)
