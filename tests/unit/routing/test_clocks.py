"""From facts to clocks: what begins, pauses, is due, met and late; and by property, asking twice changes nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.calendar import Calendar, Period
from routing.clocks import Clock, Facts, Kind, Pause, Promise, advance, elapsed, least_due, moment

MINUTE = timedelta(minutes=1)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OFFICE = Calendar("UTC", tuple(Period(day, 540, 1020) for day in range(5)))
LENGTHS = {Kind.FIRST: 60, Kind.NEXT: 30, Kind.RESOLUTION: 24 * 60}
NORMAL = {kind: Promise(1, None, None, minutes * 60, minutes * 18) for kind, minutes in LENGTHS.items()}


def at(minute: float) -> datetime:
    return MONDAY + minute * MINUTE


def waits(minute: float, **more) -> Facts:
    since = at(minute)
    return Facts("open", waiting_since=since, **{"first_in": since, "ingested_at": since + MINUTE, **more})


def answered(since: float, answer: float, **more) -> Facts:
    known = {"answered_at": at(answer), "first_in": at(since), "first_answer": at(answer)}
    return Facts("pending", answers=((at(since), at(answer)),), **known | more)


def after(*steps: tuple[float, Facts], promised=NORMAL.get) -> dict[str, Clock]:
    """The clocks after these facts were told one after the other, by kind and turn."""
    clocks: list[Clock] = []
    for minute, facts in steps:
        clocks = advance(clocks, facts, promised, now=at(minute))
        assert advance(clocks, facts, promised, now=at(minute + 1)) == clocks, "twice changes nothing"
    return {f"{clock.kind}{clock.turn}": clock for clock in clocks}


def test_the_first_answer_is_due_from_the_networks_time() -> None:
    first = after((5, waits(0)))["first0"]
    assert (first.started_at, first.due_at, first.warn_at) == (at(0), at(60), at(42))
    assert first.ingested_at == at(1)


def test_met() -> None:
    clocks = after((1, waits(0)), (40, answered(0, 40)))
    assert (clocks["first0"].met_at, clocks["first0"].breached_at) == (at(40), None)
    assert clocks["resolution0"].is_paused
    assert least_due(clocks.values()) is None


def test_an_answer_that_comes_late_breached_when_it_was_due() -> None:
    first = after((1, waits(0)), (90, answered(0, 75)))["first0"]
    assert (first.met_at, first.breached_at) == (at(75), at(60))


def test_the_next_turn_has_a_promise_of_its_own() -> None:
    again = waits(100, first_in=at(0), answered_at=at(40), first_answer=at(40))
    clocks = after((1, waits(0)), (40, answered(0, 40)), (100, again))
    assert clocks["next1"].due_at == at(130)
    assert clocks["resolution0"].pauses == (Pause(at(40), at(100)),)
    assert clocks["resolution0"].due_at == at(24 * 60 + 60)


def test_a_page_that_brings_question_answer_and_question_makes_both_clocks() -> None:
    clocks = after((101, waits(100, first_in=at(0), answered_at=at(40), first_answer=at(40))))
    assert (clocks["first0"].met_at, clocks["next1"].due_at) == (at(40), at(130))


@pytest.mark.parametrize("minute", [-1, 30])
def test_what_an_answer_could_not_know_of_has_a_clock_of_its_own_and_the_met_one_stays_met(minute: float) -> None:
    """Polled after the answer had left, and posted before it, or even before what it answers."""
    unseen = waits(minute, first_in=at(0), first_answer=at(40), answered_at=at(40), answer_seen_at=at(39))
    unseen = replace(unseen, ingested_at=at(45))
    clocks = after((1, waits(0)), (40, answered(0, 40)), (45, unseen), (46, unseen))
    assert (clocks["first0"].started_at, clocks["first0"].met_at) == (at(0), at(40))
    assert (clocks["next1"].started_at, clocks["next1"].met_at) == (at(minute), None)


def test_an_older_message_moves_the_start_and_a_younger_one_does_not() -> None:
    clocks = after((10, waits(8)), (12, waits(3)), (15, waits(14)))
    assert clocks["first0"].started_at == at(3)


def test_a_snooze_stops_it() -> None:
    asleep = Facts("snoozed", first_in=at(0))
    clocks = after((1, waits(0)), (20, asleep))
    assert clocks["first0"].due_at is None
    assert clocks["first0"].is_paused
    awake = after((1, waits(0)), (20, asleep), (200, waits(0)))["first0"]
    assert awake.due_at == at(240)
    assert elapsed(awake, until=at(210)) == 30 * MINUTE


def test_a_snooze_that_does_not_stop_it() -> None:
    runs = {kind: replace(promise, pause_snoozed=False) for kind, promise in NORMAL.items()}
    clocks = after((1, waits(0)), (20, Facts("snoozed", first_in=at(0))), promised=runs.get)
    assert clocks["first0"].due_at == at(60)


def test_resolved_without_an_answer_ends_it_and_taking_that_back_gives_no_time() -> None:
    done = Facts("resolved", first_in=at(0), resolved_at=at(30))
    ended = after((1, waits(0)), (30, done))["first0"]
    assert (ended.ended_at, ended.met_at, ended.breached_at) == (at(30), None, None)
    clocks = after((1, waits(0)), (30, done), (50, waits(0)))
    assert (clocks["first0"].due_at, clocks["first0"].ended_at) == (at(60), None)
    assert clocks["resolution0"].due_at == at(24 * 60)


def test_resolved_without_an_answer_after_it_was_due_is_a_breach() -> None:
    done = Facts("resolved", first_in=at(0), resolved_at=at(90))
    assert after((1, waits(0)), (90, done))["first0"].breached_at == at(60)


def test_who_writes_after_the_resolution_finds_the_same_promise_without_the_time_between() -> None:
    done = Facts("resolved", first_in=at(0), first_answer=at(10), answered_at=at(10), resolved_at=at(20))
    again = waits(500, first_in=at(0), first_answer=at(10), answered_at=at(10))
    clocks = after((1, waits(0)), (10, answered(0, 10)), (20, done), (500, again))
    assert clocks["resolution0"].due_at == at(24 * 60 + 490)
    assert clocks["next1"].due_at == at(530)


@pytest.mark.parametrize(("minutes", "due"), [(20, 20), (200, 60)])
def test_a_stricter_promise_shortens_from_the_start_and_a_looser_one_changes_nothing(minutes, due) -> None:
    other = NORMAL | {Kind.FIRST: Promise(2, None, None, minutes * 60, 60)}
    clocks = advance([], waits(0), NORMAL.get, now=at(1))
    [first, _] = advance(clocks, waits(0), other.get, now=at(10))
    assert (first.started_at, first.due_at) == (at(0), at(due))


def test_without_a_promise_in_force_a_clock_goes_on() -> None:
    clocks = advance([], waits(0), NORMAL.get, now=at(1))
    assert advance(clocks, waits(0), lambda kind: None, now=at(5)) == clocks


def test_what_is_late_stays_due_when_it_was() -> None:
    [first, *_] = advance([], waits(0), NORMAL.get, now=at(1))
    late = replace(first, breached_at=at(60))
    shorter = NORMAL | {Kind.FIRST: Promise(2, None, None, 60, 6)}
    assert advance([late], waits(0), shorter.get, now=at(70))[0].due_at == at(60)


def test_business_time() -> None:
    promise = Promise(1, 1, OFFICE, 3600, 600)
    friday = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
    assert moment(promise, friday, (), 60 * MINUTE) == datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
    assert moment(promise, friday, (Pause(friday + 10 * MINUTE),), 60 * MINUTE) is None


def test_hours_that_never_open_promise_nothing() -> None:
    closed = {kind: replace(promise, calendar=Calendar("UTC", ())) for kind, promise in NORMAL.items()}
    assert after((1, waits(0)), promised=closed.get)["first0"].due_at is None


def test_nobody_waits_any_more() -> None:
    ended = after((1, waits(0)), (9, Facts("open")))["first0"]
    assert (ended.ended_at, ended.met_at) == (at(9), None)


def test_merged_away() -> None:
    assert all(clock.ended_at for clock in after((1, waits(0)), (9, Facts("open", asks=False))).values())


class Talk:
    """A conversation as `inbox.services.status` keeps it, in minutes."""

    def __init__(self) -> None:
        self.status, self.first_in, self.answers, self.messages = "open", None, [], []
        self.resolved_at = None

    def facts(self) -> Facts:
        last = max(self.answers, default=-1)
        open_ones = [m for m in self.messages if m > last and (self.status != "resolved")]
        waiting = min(open_ones, default=None) if self.status == "open" else None
        first = min(self.messages, default=None)
        return Facts(
            self.status,
            waiting_since=None if waiting is None else at(waiting),
            answered_at=at(last) if self.answers else None,
            resolved_at=None if self.resolved_at is None else at(self.resolved_at),
            first_in=None if first is None else at(first),
            first_answer=next((at(a) for a in self.answers if first is not None and a >= first), None),
            answers=tuple((at(m), at(next(a for a in self.answers if a >= m))) for m in self.messages if m <= last),
        )

    def do(self, what: str, minute: int) -> None:
        if what == "write":
            self.messages.append(minute)
            self.status, self.resolved_at = "open", None
        elif what == "answer" and self.status in ("open", "pending"):
            self.answers.append(minute)
            self.status = "pending"
        elif what == "snooze" and self.status in ("open", "pending"):
            self.status = "snoozed"
        elif what == "wake" and self.status == "snoozed":
            self.status = "open"
        elif what == "resolve" and self.status != "resolved":
            self.status, self.resolved_at = "resolved", minute
        elif what == "reopen" and self.status == "resolved":
            self.status, self.resolved_at = "open", None


acts = st.lists(
    st.tuples(st.sampled_from(["write", "answer", "snooze", "wake", "resolve", "reopen"]), st.integers(1, 200)),
    max_size=14,
)


@settings(max_examples=300, deadline=None)
@given(acts, st.integers(5, 90), st.booleans())
def test_whatever_happens_the_clocks_are_sound(steps, stricter_after, in_business_time) -> None:
    calendar = OFFICE if in_business_time else None
    base = {kind: replace(promise, calendar=calendar) for kind, promise in NORMAL.items()}
    strict = {kind: replace(promise, version_id=2, seconds=promise.seconds // 2) for kind, promise in base.items()}
    talk, clocks, minute = Talk(), [], 0
    for number, (what, gap) in enumerate([("write", 1), *steps]):
        minute += gap
        talk.do(what, minute)
        promised = (strict if number > stricter_after % 10 else base).get
        before = {(clock.kind, clock.turn): clock for clock in clocks}
        clocks = advance(clocks, talk.facts(), promised, now=at(minute))
        assert advance(clocks, talk.facts(), promised, now=at(minute)) == clocks
        check(clocks, talk, before)


def check(clocks: list[Clock], talk: Talk, before: dict) -> None:
    waiting = talk.facts().waiting_since
    answering = [clock for clock in clocks if clock.kind != Kind.RESOLUTION and clock.ended_at is None]
    assert len({(clock.kind, clock.turn) for clock in clocks}) == len(clocks)
    assert len(answering) == (1 if waiting else len(answering) if talk.status == "snoozed" else 0)
    assert len(answering) <= 1
    for clock in clocks:
        assert all(pause.end is None or pause.end >= pause.start for pause in clock.pauses)
        assert all(a.end and a.end <= b.start for a, b in zip(clock.pauses, clock.pauses[1:], strict=False))
        assert clock.ended_at is None or not clock.is_paused
        if clock.is_running and clock.due_at:
            assert elapsed(clock, until=clock.due_at) == timedelta(seconds=clock.promise.seconds)
        if waiting and clock in answering:
            assert clock.started_at <= waiting
        known = before.get((clock.kind, clock.turn))
        if known:
            assert clock.started_at <= known.started_at, "nothing restarts"
            assert clock.promise.seconds <= known.promise.seconds, "nothing gets looser"
