import random
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.rules.contracts import Facts
from routing.rules.decide import RuleSetView, decide
from routing.rules.queueing import HOUR, Crew, Work, serve
from routing.rules.replay import Replay, Terms
from tests.unit.routing.rules.kit import CARE, FACTS, MARKETING, PR, TREES, ask, facts, rule, rule_set

NEGATIVE = ask("sentiment", ["negative"])
MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)


def replayed(base: RuleSetView, trial: RuleSetView, seen: list[Facts], number: int = 1) -> Replay:
    run = Replay(base, trial, number)
    for place, one in enumerate(seen):
        run.see(one, MONDAY + timedelta(minutes=place))
    return run


def message(conversation: int, **known: Any) -> Facts:
    return facts(message_id=conversation * 10, conversation_id=conversation, **known)


def test_it_tells_what_would_have_moved_from_where_to_where() -> None:
    seen = [
        message(1, sentiment="negative"),
        message(2, sentiment="positive"),
        message(3, sentiment="negative", queue_id=PR, new=False),
        message(4, sentiment="negative", verified=True),
    ]
    higher = rule(2, ask("verified", True), do={"queue": MARKETING})
    tested = rule(1, NEGATIVE, ask("previous", 5, "below"))

    told = replayed(rule_set(higher), rule_set(higher, tested), seen).result()

    assert (told["messages"], told["moved"], told["fitted"]) == (4, 1, 3)
    assert told["flows"] == [{"from": CARE, "to": PR, "n": 1}]
    assert told["funnel"] == [3, 3]
    assert told["also"] == [{"rule": 2, "name": "Rule 2", "n": 1, "wins": True}]
    assert told["days"] == {"2026-11-16": 1}
    assert told["approximate"] is False


def test_what_somebody_owns_is_not_moved() -> None:
    told = replayed(rule_set(), rule_set(rule(1, NEGATIVE)), [message(1, sentiment="negative", owned=True)])

    assert told.moved() == {}


def test_a_new_wording_is_compared_with_the_old_one() -> None:
    seen = [message(n, followers=n * 10_000) for n in range(1, 11)]
    old = rule(1, ask("followers", 30_000, "at_least"))
    new = rule(1, ask("followers", 80_000, "at_least"))

    told = replayed(rule_set(old), rule_set(new), seen)

    assert told.moved() == dict.fromkeys(range(3, 8), (PR, CARE))


def test_a_rule_that_waits_fits_once_for_each_wait() -> None:
    waits = rule(1, ask("waiting", 20, "at_least"), ask("owned", False))
    run = Replay(rule_set(), rule_set(waits), 1)
    at = MONDAY
    run.see(message(1), at, quiet_until=at + timedelta(minutes=19))
    run.see(message(2), at, quiet_until=at + timedelta(minutes=21))
    run.see(message(2, new=False), at + timedelta(minutes=5), quiet_until=at + timedelta(minutes=90))
    run.see(message(3), at)

    told = run.result()

    assert (told["fitted"], told["approximate"]) == (2, True)
    assert set(run.moved()) == {2, 3}


@settings(max_examples=150, deadline=None)
@given(TREES, TREES, st.lists(FACTS, max_size=8), st.randoms(use_true_random=False))
def test_the_replay_agrees_with_deciding_everything_twice(
    one: Any, other: Any, seen: list[Facts], chance: random.Random
) -> None:
    """What it saves (deciding again only where the rule fits) changes nothing."""
    numbered = [message(chance.randrange(3), **_known(each)) for each in seen]
    base = rule_set(rule(2, other, do={"queue": MARKETING}))
    trial = rule_set(rule(1, one), rule(2, other, do={"queue": MARKETING}))
    stands: dict[int, list[int]] = {}
    for each in numbered:
        stand = stands.setdefault(each.conversation_id, [each.queue_id, each.queue_id])
        for place, rules in enumerate((base, trial)):
            stand[place] = decide(each, rules).queue_id or stand[place]

    moved = replayed(base, trial, numbered).moved()

    assert moved == {pk: (a, b) for pk, (a, b) in stands.items() if a != b}


def _known(one: Facts) -> dict[str, Any]:
    names = ("sentiment", "queue_id", "kind", "followers", "verified", "lists", "text", "new", "status", "sure")
    return {name: getattr(one, name) for name in names}


def test_work_arrives_under_the_terms_of_each_side() -> None:
    """A priority or a promise that the rule sets stays with the conversation; only new work is a first response."""
    tested = rule(1, NEGATIVE, do={"priority": 1, "sla": 9})
    run = Replay(rule_set(), rule_set(tested), 1)
    run.see(message(1, sentiment="negative"), MONDAY)
    run.see(message(1, sentiment="positive", new=False), MONDAY + timedelta(hours=2))
    run.see(message(2, sentiment="negative", new=False), MONDAY)

    before, after = ({terms for _, terms in load.by_queue[CARE]} for load in (run.load_before, run.load_after))

    assert before == {Terms(True, 10, 3, None), Terms(False, 10, 3, None)}
    assert after == {Terms(True, 10, 1, 9), Terms(False, 10, 1, 9)}
    assert run.moved() == {}


def test_work_is_done_in_turn_at_the_pace_of_who_is_there() -> None:
    nine = int(MONDAY.timestamp())
    crew = Crew({nine: 1, nine + HOUR: 2}, pace=2)

    told = serve([Work(nine, nine + 45 * 60, 4)], crew)

    # 30, 60 minutes with one person; then two people: 75, 90.
    assert (told.pieces, told.promised, told.met, told.longest) == (4, 4, 1, 90 * 60)
    assert list(told.late_by_day.values()) == [45 * 60]


def test_each_piece_of_work_has_its_own_promise_and_some_have_none() -> None:
    nine = int(MONDAY.timestamp())
    crew = Crew({nine: 1}, pace=3)

    told = serve([Work(nine, None), Work(nine, nine + 40 * 60), Work(nine, nine + 40 * 60)], crew)

    assert (told.pieces, told.promised, told.met, told.longest) == (3, 2, 1, 3600)


def test_work_waits_for_the_morning_and_for_ever_where_nobody_comes() -> None:
    nine = int(MONDAY.timestamp())

    overnight = serve([Work(nine - 10 * HOUR, nine - 9 * HOUR)], Crew({nine: 1}, pace=1))
    nobody = serve([Work(nine, nine + HOUR)], Crew({}, pace=1))

    assert (overnight.met, overnight.longest) == (0, 11 * HOUR)
    assert (nobody.met, nobody.promised, nobody.longest) == (0, 1, None)


@settings(deadline=None)
@given(st.lists(st.integers(0, 3 * HOUR), max_size=30), st.integers(1, 4), st.integers(1, 6))
def test_the_queue_agrees_with_a_second_by_second_one(arrivals: list[int], people: int, pace: int) -> None:
    crew = Crew({hour * HOUR: people for hour in range(48)}, pace=pace)

    told = serve([Work(at, at + 1800) for at in arrivals], crew)

    step = HOUR / (people * pace)
    free, waits = 0.0, []
    for at in sorted(arrivals):
        free = max(free, at) + step
        waits.append(free - at)
    certain, possible = (sum(wait <= limit for wait in waits) for limit in (1800 - 1e-3, 1800 + 1e-3))
    assert certain <= told.met <= possible
    assert told.pieces == told.promised == len(arrivals)
