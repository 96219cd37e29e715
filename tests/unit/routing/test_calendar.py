"""Business hours: by example where the clocks change, and by property against a walk minute by minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.calendar import ALWAYS, Calendar, NeverOpen, Period

MINUTE = timedelta(minutes=1)
VIENNA = ZoneInfo("Europe/Vienna")
WORKDAYS = tuple(Period(day, 9 * 60, 17 * 60) for day in range(5))
OFFICE = Calendar("Europe/Vienna", WORKDAYS, frozenset({date(2026, 12, 8)}))
ZONES = (
    "UTC",
    "Europe/Vienna",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour
    "America/Sao_Paulo",  # at midnight, until 2019
    "Africa/Casablanca",  # back for a month
    "Asia/Kolkata",
)


def vienna(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=VIENNA, fold=fold)  # type: ignore[misc]


def open_by_the_clock(calendar: Calendar, at: datetime) -> bool:
    """The definition, read off the wall."""
    local = at.astimezone(ZoneInfo(calendar.zone))
    minute = local.hour * 60 + local.minute
    for back in (0, 1):
        on = local.date() - timedelta(days=back)
        if on in calendar.holidays:
            continue
        for period in calendar.periods:
            if period.weekday == on.weekday() and period.start <= minute + back * 1440 < period.end:
                return True
    return False


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        (vienna(2026, 11, 20, 16, 30), 60, vienna(2026, 11, 23, 9, 30)),  # Friday evening to Monday
        (vienna(2026, 12, 7, 16, 30), 60, vienna(2026, 12, 9, 9, 30)),  # over a holiday
        (vienna(2026, 11, 21, 12, 0), 30, vienna(2026, 11, 23, 9, 30)),  # said on a Saturday
        (vienna(2026, 11, 23, 9, 0), 8 * 60, vienna(2026, 11, 23, 17, 0)),  # the end of a day, not the next morning
        (vienna(2026, 3, 27, 16, 0), 120, vienna(2026, 3, 30, 10, 0)),  # the weekend in which spring skips an hour
        (vienna(2026, 10, 23, 16, 0), 120, vienna(2026, 10, 26, 10, 0)),
    ],
)
def test_due(start, minutes, due):
    assert OFFICE.add(start, minutes * MINUTE) == due
    assert OFFICE.business_between(start, due) == minutes * MINUTE


def test_the_hour_that_is_skipped_is_never_open():
    night = Calendar("Europe/Vienna", (Period(6, 90, 210),))  # Sunday 01:30 to 03:30
    assert night.business_between(vienna(2026, 3, 29, 0, 0), vienna(2026, 3, 29, 12, 0)) == 60 * MINUTE


def test_the_hour_that_comes_twice_is_open_twice():
    night = Calendar("Europe/Vienna", (Period(6, 90, 150),))  # Sunday 01:30 to 02:30
    assert night.business_between(vienna(2026, 10, 25, 0, 0), vienna(2026, 10, 25, 12, 0)) == 90 * MINUTE
    assert night.is_open(vienna(2026, 10, 25, 2, 15, fold=1))
    assert not night.is_open(vienna(2026, 10, 25, 2, 45))


def test_a_night_that_began_before_a_holiday_goes_on():
    night = Calendar("Europe/Vienna", (Period(0, 22 * 60, 30 * 60),), frozenset({date(2026, 12, 8)}))
    assert night.is_open(vienna(2026, 12, 8, 5, 59))
    assert not night.is_open(vienna(2026, 12, 8, 6, 0))
    tuesday = Calendar("Europe/Vienna", (Period(1, 22 * 60, 30 * 60),), frozenset({date(2026, 12, 8)}))
    assert not tuesday.is_open(vienna(2026, 12, 9, 5, 0))


def test_periods_that_overlap_count_once():
    twice = Calendar("UTC", (Period(0, 480, 720), Period(0, 600, 900), Period(0, 900, 960)))
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    assert twice.business_between(monday, monday + timedelta(days=1)) == timedelta(hours=8)


def test_always_is_the_plain_clock():
    start = datetime(2026, 3, 1, 4, 5, 6, 7, tzinfo=UTC)
    assert ALWAYS.add(start, timedelta(days=40, seconds=1)) == start + timedelta(days=40, seconds=1)


def test_without_hours_nothing_is_due():
    with pytest.raises(NeverOpen):
        Calendar("UTC", ()).add(vienna(2026, 1, 1), MINUTE)
    assert Calendar("UTC", ()).business_between(vienna(2026, 1, 1), vienna(2027, 1, 1)) == timedelta(0)


def test_next_open():
    assert OFFICE.next_open(vienna(2026, 11, 20, 17, 0)) == vienna(2026, 11, 23, 9, 0)
    assert OFFICE.next_open(vienna(2026, 11, 20, 12, 0)) == vienna(2026, 11, 20, 12, 0)


@pytest.mark.parametrize("wrong", [(7, 0, 60), (0, 1440, 1500), (0, 60, 60), (0, 60, 1501)])
def test_no_such_period(wrong):
    with pytest.raises(ValueError):
        Period(*wrong)


periods = st.builds(
    lambda weekday, start, length: Period(weekday, start, start + length),
    st.integers(0, 6),
    st.integers(0, 1439),
    st.integers(1, 1440),
)
# Around the changes of Europe and America, of Lord Howe and (2018) of Brazil.
starts = st.sampled_from(
    [date(2026, 3, 7), date(2026, 3, 28), date(2026, 10, 24), date(2018, 11, 3), date(2018, 2, 17), date(2026, 4, 4)]
).flatmap(
    lambda on: st.integers(-2880, 2880).map(lambda n: datetime(on.year, on.month, on.day, tzinfo=UTC) + n * MINUTE)
)


@st.composite
def calendars(draw):
    near = draw(starts).date()
    holidays = draw(st.frozensets(st.integers(-3, 3).map(lambda n: near + timedelta(days=n)), max_size=3))
    return Calendar(draw(st.sampled_from(ZONES)), tuple(draw(st.lists(periods, max_size=5))), holidays)


@settings(max_examples=60, deadline=None)
@given(calendars(), starts, st.integers(0, 4000))
def test_it_agrees_with_the_wall_clock(calendar, start, length):
    minutes = [start + n * MINUTE for n in range(length)]
    opened = [at for at in minutes if open_by_the_clock(calendar, at)]
    assert calendar.business_between(start, start + length * MINUTE) == len(opened) * MINUTE
    if opened:
        assert calendar.add(start, len(opened) * MINUTE) == opened[-1] + MINUTE
        assert calendar.next_open(start) == opened[0]


@settings(max_examples=150, deadline=None)
@given(
    calendars(), starts, st.timedeltas(timedelta(0), timedelta(days=9)), st.timedeltas(timedelta(0), timedelta(days=9))
)
def test_parts_make_the_whole_to_the_microsecond(calendar, start, first, second):
    middle, end = start + first, start + first + second
    whole = calendar.business_between(start, end)
    assert calendar.business_between(start, middle) + calendar.business_between(middle, end) == whole
    if calendar.periods:
        due = calendar.add(start, whole)
        assert due <= end
        assert calendar.business_between(start, due) == whole
