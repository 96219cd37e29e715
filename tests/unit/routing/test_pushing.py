"""Who is rung when, and when it is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from routing import pushing
from routing.pushing import Facts

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FRESH = timedelta(seconds=6)


def test_a_fresh_notice_rings() -> None:
    assert pushing.held_back(Facts(FRESH)) == ""
    assert pushing.held_back(Facts(timedelta(hours=1))) == ""


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (Facts(FRESH, active=False), "disabled"),
        (Facts(FRESH, theirs=False), "not_theirs"),
        (Facts(FRESH, awake=False), "signed_out"),
        (Facts(timedelta(hours=1, seconds=1)), "too_late"),
        (Facts(FRESH, wanted=False), "unwanted"),
        (Facts(FRESH, readable=False), "out_of_sight"),
        (Facts(FRESH, read=True), "read"),
        (Facts(FRESH, silent=True), "in_peace"),
        (Facts(FRESH, awake=False, trial=True), "signed_out"),
        (Facts(FRESH, active=False, trial=True), "disabled"),
    ],
)
def test_what_must_not_ring_does_not(facts: Facts, why: str) -> None:
    assert pushing.held_back(facts) == why


def test_a_trial_rings_in_peace_too() -> None:
    assert pushing.held_back(Facts(FRESH, silent=True, wanted=False, readable=False, read=True, trial=True)) == ""


def test_waits_double_and_end_with_the_fifth_try_or_the_hour() -> None:
    waits = [pushing.next_wait(attempts, FRESH) for attempts in range(1, 6)]
    assert [wait.total_seconds() for wait in waits if wait] == [30, 60, 120, 240]
    assert waits[-1] is None
    assert pushing.next_wait(1, timedelta(minutes=59, seconds=31)) is None


def test_what_a_push_service_asks_for_counts() -> None:
    assert pushing.next_wait(1, FRESH, timedelta(minutes=5)) == timedelta(minutes=5)
    assert pushing.next_wait(1, FRESH, timedelta(seconds=1)) == timedelta(seconds=30)
    assert pushing.next_wait(1, FRESH, timedelta(hours=2)) is None


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Sun, 22 Nov 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Sun, 22 Nov 2026 11:00:00 GMT", timedelta()),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("9" * 30, None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", None),
        (f"Sun, 22 Nov 2026 12:05:00 +{'9' * 12}", None),
        ("١٢", None),
    ],
)
def test_retry_after_is_read_in_both_forms(header: str, wait: timedelta | None) -> None:
    assert pushing.asked_wait(header, NOW) == wait


def test_topics_fit_whatever_the_number() -> None:
    assert pushing.topic_of(45, 7) == "conversation-45"
    assert pushing.topic_of(None, 7) == "notice-7"
    assert pushing.topic_of(None, None) == "trial"
    assert len(pushing.topic_of(2**63 - 1, None)) <= 32


def test_a_push_service_keeps_it_no_longer_than_it_is_news() -> None:
    assert pushing.seconds_left(timedelta(minutes=10)) == 3000
    assert pushing.seconds_left(timedelta(hours=2)) == 0
