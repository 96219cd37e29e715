"""Quiet hours and digests on people's own clocks: across midnight, and when the clocks change."""

from datetime import UTC, datetime, time

import pytest

from routing.attention import Habits, is_quiet, next_change, next_digest

OSLO = "Europe/Oslo"
NIGHT = Habits(OSLO, quiet=(time(22), time(7)))
LUNCH = Habits(OSLO, quiet=(time(12), time(13)))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("habits", "moment", "quiet"),
    [
        (NIGHT, "2026-11-22T20:59", False),
        (NIGHT, "2026-11-22T21:00", True),
        (NIGHT, "2026-11-22T23:30", True),
        (NIGHT, "2026-11-23T05:59", True),
        (NIGHT, "2026-11-23T06:00", False),
        (LUNCH, "2026-11-22T11:30", True),
        (LUNCH, "2026-11-22T12:00", False),
        (LUNCH, "2026-07-22T10:30", True),  # summer: two hours before UTC
        (Habits(OSLO), "2026-11-22T23:30", False),
    ],
)
def test_quiet_hours(habits: Habits, moment: str, quiet: bool) -> None:
    assert is_quiet(habits, at(moment)) is quiet


def test_when_they_begin_or_end_next() -> None:
    assert next_change(NIGHT, at("2026-11-22T12:00")) == at("2026-11-22T21:00")
    assert next_change(NIGHT, at("2026-11-22T21:00")) == at("2026-11-23T06:00")
    assert next_change(NIGHT, at("2026-11-23T03:00")) == at("2026-11-23T06:00")
    assert next_change(Habits(), at("2026-11-22T12:00")) is None


@pytest.mark.parametrize(
    ("habits", "after", "due"),
    [
        (Habits(digest="off"), "2026-11-22T12:00", None),
        (Habits(digest="hourly"), "2026-11-22T12:00", "2026-11-22T13:00"),
        (Habits(digest="hourly"), "2026-11-22T12:59:59", "2026-11-22T13:00"),
        (Habits(OSLO, digest="daily", digest_hour=8), "2026-11-22T06:59", "2026-11-22T07:00"),
        (Habits(OSLO, digest="daily", digest_hour=8), "2026-11-22T07:00", "2026-11-23T07:00"),
        (Habits("Pacific/Kiritimati", digest="daily", digest_hour=8), "2026-11-22T12:00", "2026-11-22T18:00"),
        # what falls into quiet hours waits for their end
        (Habits(OSLO, (time(22), time(7)), "daily", 23), "2026-11-22T12:00", "2026-11-23T06:00"),
        (Habits(OSLO, (time(22), time(7)), "hourly"), "2026-11-22T20:30", "2026-11-23T06:00"),
        # Oslo sets its clocks forward on 29 March 2026 at 2:00, and back on 25 October at 3:00
        (Habits(OSLO, digest="daily", digest_hour=2), "2026-03-28T12:00", "2026-03-29T01:00"),
        (Habits(OSLO, digest="daily", digest_hour=8), "2026-03-28T12:00", "2026-03-29T06:00"),
        (Habits(OSLO, digest="daily", digest_hour=8), "2026-10-24T12:00", "2026-10-25T07:00"),
    ],
)
def test_the_next_digest(habits: Habits, after: str, due: str | None) -> None:
    assert next_digest(habits, at(after)) == (at(due) if due else None)


def test_a_year_of_daily_digests_has_one_a_day() -> None:
    habits, moment = Habits(OSLO, digest="daily", digest_hour=2), at("2026-01-01T01:00")
    for _ in range(365):
        following = next_digest(habits, moment)
        assert following is not None
        assert 22 * 3600 < (following - moment).total_seconds() <= 26 * 3600
        moment = following
