from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from routing.rules import checks, conditions, logic
from routing.rules.compiling import Seen
from routing.rules.contracts import Facts
from routing.rules.decide import rule_set_view
from tests.unit.routing.rules.kit import CARE, FACTS, MARKETING, NAMES, PR, TREES, ask, rest, rule, rule_set

NEGATIVE = ask("sentiment", ["negative"])


def found(*rules: Any, number: int = 1, mode: str = "first") -> dict[str, str]:
    return {one.code: one.sentence for one in checks.check(rule_set(*rules, mode=mode), number, NAMES)}


@pytest.mark.parametrize(
    "asked",
    [
        [ask("sentiment", ["negative"]), ask("sentiment", ["positive"])],
        [ask("sentiment", ["negative"]), {"not": ask("sentiment", ["negative", "neutral"])}],
        [ask("followers", 100, "at_least"), ask("followers", 50, "below")],
        [ask("verified", True), ask("verified", False)],
        [ask("words", ["bag"], "any"), {"not": ask("words", ["bag", "case"], "any")}],
        [ask("words", ["lost bag"], "any"), {"not": ask("words", ["bag"], "any")}],
        [ask("channel", [10]), ask("brand", [200])],
        [ask("channel", [10]), ask("network", ["facebook"])],
        [ask("list", [1]), {"not": ask("list", [1, 2])}],
        [{"any": [NEGATIVE, ask("sentiment", ["neutral"])]}, ask("sentiment", ["positive"])],
        [
            ask("hours", {"days": [0], "from": "09:00", "to": "10:00"}, "within"),
            ask("hours", {"days": [0], "from": "10:00", "to": "11:00"}, "within"),
        ],
    ],
)
def test_a_rule_that_can_never_fit_is_refused(asked: list[dict[str, object]]) -> None:
    assert "“Rule 1” can never fit" in found(rule(1, *asked))["never"]


def test_the_conditions_at_fault_are_named() -> None:
    said = found(rule(1, ask("verified", True), NEGATIVE, ask("sentiment", ["positive"])))["never"]

    assert said == "“Rule 1” can never fit: “is negative” and “is positive” exclude each other."


@pytest.mark.parametrize(
    "asked",
    [
        [],
        [{"any": [ask("verified", True), ask("verified", False)]}],
        [ask("visibility", ["public", "private"])],
        [{"any": [NEGATIVE, {"not": NEGATIVE}]}],
        [ask("status", ["open", "pending", "snoozed", "resolved"])],
    ],
)
def test_a_rule_that_fits_everything_is_refused(asked: list[dict[str, object]]) -> None:
    assert "fits everything" in found(rule(1, *asked))["everything"]


def test_what_triage_did_not_judge_keeps_a_list_of_all_values_from_fitting_everything() -> None:
    assert found(rule(1, ask("sentiment", ["negative", "neutral", "positive"]))) == {}


def test_a_rule_below_one_that_fits_whenever_it_does_is_refused_where_the_first_decides() -> None:
    wide, narrow = rule(1, NEGATIVE), rule(2, NEGATIVE, ask("verified", True))

    assert "“Rule 1” stands above it" in found(wide, narrow, number=2)["shadowed"]
    assert found(narrow, wide, number=1) == {}
    assert "shadowed" not in found(wide, narrow, number=2, mode="every")


def test_two_rules_that_move_a_conversation_to_and_fro_are_refused() -> None:
    there = rule(1, ask("queue", [CARE]), NEGATIVE, do={"queue": PR})
    back = rule(2, ask("queue", [PR]), do={"queue": CARE})

    assert found(there, back)["loop"] == (
        "“Rule 1” loops with “Rule 2”: “Rule 1” sets PR and “Rule 2” sets Care, and then the first one fits again."
    )


def test_three_rules_in_a_ring_are_refused_and_a_chain_is_not() -> None:
    first = rule(1, ask("queue", [CARE]), ask("verified", True), do={"queue": PR})
    second = rule(2, ask("queue", [PR]), NEGATIVE, do={"queue": MARKETING})
    third = rule(3, ask("queue", [MARKETING]), ask("new", False), do={"queue": CARE})

    assert "loop" in found(first, second, third)
    assert "loop" not in found(first, second)


def test_rules_for_different_messages_do_not_loop() -> None:
    there = rule(1, ask("queue", [CARE]), ask("brand", [100]), do={"queue": PR})
    back = rule(2, ask("queue", [PR]), ask("brand", [200]), do={"queue": CARE})

    assert found(there, back) == {}


def test_priorities_loop_as_queues_do() -> None:
    up = rule(1, ask("priority", [3]), ask("waiting", 20, "at_least"), do={"priority": 2})
    down = rule(2, ask("priority", [2]), NEGATIVE, do={"priority": 3})

    assert "loops with “Rule 2”" in found(up, down)["loop"]


@pytest.mark.parametrize(
    ("asked", "do", "words"),
    [
        ([ask("queue", [55])], {"queue": PR}, "names a queue that is gone"),
        ([NEGATIVE], {"queue": 55}, "names a queue that is gone"),
        ([NEGATIVE], {"notify": [1234]}, "names a person that is gone"),
        ([ask("issue", ["strike"])], {"queue": PR}, "names an issue that is gone"),
        ([NEGATIVE], {"skills": ["Klingon"]}, "names a skill that is gone"),
    ],
)
def test_a_rule_that_names_what_is_gone_is_refused(asked: list[Any], do: dict[str, Any], words: str) -> None:
    assert words in found(rule(1, *asked, do=do))["gone"]


@pytest.mark.parametrize(
    ("do", "staff", "code", "words"),
    [
        ({"queue": PR}, {CARE: {"French"}}, "no_members", "puts it into PR, which nobody staffs"),
        ({"queue": PR, "skills": ["French"]}, {PR: set(), CARE: {"French"}}, "nobody_has", "nobody who staffs PR has"),
        ({"skills": ["French"]}, {PR: set()}, "nobody_has", "asks for French, which nobody has at level 3"),
    ],
)
def test_what_nobody_could_take_is_warned_of(do: dict[str, Any], staff: dict[int, set[str]], code: str, words: str):
    known = replace(NAMES, staff={queue: frozenset(skills) for queue, skills in staff.items()})

    (finding,) = [one for one in checks.check(rule_set(rule(1, NEGATIVE, do=do)), 1, known) if one.code == code]

    assert words in finding.sentence
    assert not finding.refuses


def test_what_somebody_can_take_is_not_warned_of() -> None:
    known = replace(NAMES, staff={CARE: frozenset({"French"})}, opens=frozenset({CARE}))

    fine = rule(1, NEGATIVE, ask("open_hours", True), do={"queue": CARE, "skills": ["French"]})

    assert checks.check(rule_set(fine), 1, known) == []


def test_business_hours_that_nobody_keeps_are_warned_of() -> None:
    known = replace(NAMES, opens=frozenset())

    (finding,) = checks.check(rule_set(rule(1, ask("open_hours", True))), 1, known)

    assert (finding.code, finding.refuses) == ("no_hours", False)


def test_rules_that_both_fit_and_disagree_are_pointed_out_where_every_rule_counts() -> None:
    one, other = rule(1, NEGATIVE), rule(2, ask("verified", True), do={"queue": MARKETING})

    (finding,) = checks.check(rule_set(one, other, mode="every"), 2, NAMES)

    assert (finding.code, finding.refuses) == ("conflict", False)
    assert found(one, other, number=2) == {}


def test_a_rule_without_actions_and_a_rest_without_a_queue_are_refused() -> None:
    homeless = rule(99, do={"tags": ["x"]}, name="Everything else", rest=True)

    assert "does_nothing" in found(rule(1, NEGATIVE, do={}))
    assert [one.code for one in checks.check(rule_set_view([homeless]), 99, NAMES)] == ["nowhere_to_go"]
    assert checks.check_all(rule_set(), NAMES) == []


def test_conditions_too_tangled_to_judge_are_not_refused() -> None:
    either = {"any": [ask("followers", n, "at_least") for n in range(1, 8)]}

    assert logic.can_be((conditions.parse({"all": [either] * 5}), True), names=NAMES)


@settings(max_examples=400, deadline=None)
@given(TREES, TREES, FACTS)
def test_no_rule_that_fits_something_is_called_impossible(one: Any, other: Any, facts: Facts) -> None:
    """Whatever a message shows to be possible, the checks hold possible: refusals are never wrong."""
    first, second, seen = rule(1, one), rule(2, other), Seen(facts)
    a, b = first.matches(seen), second.matches(seen)

    assert logic.can_be((first.when, a), names=NAMES)
    assert logic.can_be((first.when, a), (second.when, b), names=NAMES)


def test_the_rest_is_checked_for_its_queue_only() -> None:
    assert checks.check(rule_set(), rest().number, NAMES) == []
