"""Hours as people write them."""

from datetime import date

import pytest

from routing.calendar import Period
from routing.hours_text import Unreadable, read_day, read_holidays, write_day, write_holidays


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("", []),
        ("closed", []),
        ("24 h", [Period(2, 0, 1440)]),
        ("09:00–17:00", [Period(2, 540, 1020)]),
        ("9-13, 14.30 to 18", [Period(2, 540, 780), Period(2, 870, 1080)]),
        ("22:00–06:00", [Period(2, 1320, 1800)]),
        ("18:00–24:00", [Period(2, 1080, 1440)]),
        ("00:00–00:00", [Period(2, 0, 1440)]),
    ],
)
def test_a_day(text: str, periods: list[Period]) -> None:
    assert read_day(text, 2) == periods
    assert read_day(write_day(periods), 2) == periods


@pytest.mark.parametrize(
    "text", ["nine to five", "9:00", "09:60–10:00", "25:00–26:00", "09:00–17:00 or so", "09:00–17:00,,"]
)
def test_no_day(text: str) -> None:
    with pytest.raises(Unreadable):
        read_day(text, 0)


def test_holidays() -> None:
    days = [(date(2026, 12, 25), "Christmas Day"), (date(2027, 1, 1), "")]
    assert read_holidays("2026-12-25 Christmas Day\n\n2027-01-01\n") == days
    assert read_holidays(write_holidays(days)) == days


@pytest.mark.parametrize("text", ["Christmas", "2026-13-01", "2026-02-30 never", "25.12.2026"])
def test_no_holiday(text: str) -> None:
    with pytest.raises(Unreadable):
        read_holidays(text)
