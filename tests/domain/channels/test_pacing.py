"""When to look again, as a table."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from channels import pacing
from channels.contracts import RateWindow

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("previous", "stored", "elapsed", "expected"),
    [
        (10, 1, 10, 10),  # busy
        (10, 0, 10, 20),  # quiet: doubles
        (40, 0, 40, 60),  # up to the longest
        (60, 5, 60, 10),  # busy again at once
        (10, 800, 10, 5),  # a window of 800 would overflow: half of it must fit between two polls
        (10, 100_000, 10, 1),  # never faster than this
    ],
)
def test_the_interval_follows_the_traffic(previous, stored, elapsed, expected) -> None:
    assert pacing.interval(previous, stored=stored, elapsed=elapsed, busy=10, quiet=60) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("spent", "factor"), [("0", 1), ("69.99", 1), ("70", 2), ("89.99", 2), ("90", 4), ("99.99", 4), ("100", None)]
)
def test_the_budget_slows_reading_before_it_stops_it(spent: str, factor: float | None) -> None:
    assert pacing.budget_factor(Decimal(spent), Decimal(100)) == factor


def test_without_a_budget_nothing_slows_and_a_budget_of_nothing_stops() -> None:
    assert pacing.budget_factor(Decimal(1000), None) == 1
    assert pacing.budget_factor(Decimal(0), Decimal(0)) is None


@pytest.mark.parametrize(
    ("window", "seconds"),
    [
        (RateWindow("dm", 15, 15, NOW + timedelta(minutes=15)), 60),
        (RateWindow("mentions", 300, 299, NOW + timedelta(minutes=15)), 900 / 299),
        (RateWindow("dm", 15, 0, NOW + timedelta(minutes=7)), 420),
        (RateWindow("dm", 15, 0, NOW - timedelta(minutes=7)), 0),
        (RateWindow("dm", 15, 0, NOW + timedelta(days=400)), 3600),
        (RateWindow("app", used_percent=50), 0),
        (RateWindow("app", used_percent=95), 60),
        (RateWindow("app"), 0),
    ],
)
def test_the_calls_of_a_window_are_spread_over_it(window: RateWindow, seconds: float) -> None:
    assert pacing.window_wait([window], NOW).seconds == pytest.approx(seconds)


@pytest.mark.parametrize(("after", "seconds"), [(None, 60), (-900, 1), (0, 1), (30, 30), (900, 900), (10**9, 3600)])
def test_no_absurd_reset_time_is_believed(after: int | None, seconds: float) -> None:
    until = NOW + timedelta(seconds=after) if after is not None else None
    assert pacing.limited(until, NOW) == seconds


def test_backoff_doubles_with_jitter_up_to_five_minutes() -> None:
    chance = random.Random(7)
    for errors, longest in [(1, 5), (2, 10), (3, 20), (6, 160), (7, 300), (500, 300)]:
        waits = [pacing.backoff(errors, chance=chance) for _ in range(200)]
        assert longest / 2 <= min(waits) < max(waits) <= longest


@pytest.mark.parametrize(
    ("now", "first"),
    [
        (datetime(2026, 1, 31, 23, 59, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_budgets_begin_anew_with_the_month(now: datetime, first: datetime) -> None:
    assert pacing.next_month(now) == first
