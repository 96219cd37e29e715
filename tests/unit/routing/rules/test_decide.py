import dataclasses

import pytest
from hypothesis import given, settings

from routing.rules import packing
from routing.rules.contracts import Facts, Outcome
from routing.rules.decide import at_arrival, decide, outcome_of
from routing.rules.shipped import REACH, REST, shipped
from tests.unit.routing.rules.kit import CARE, FACTS, MARKETING, PR, ask, facts, rule, rule_set

NEGATIVE = ask("sentiment", ["negative"])
LARGE = ask("followers", 50_000, "at_least")


def test_the_first_rule_that_fits_decides() -> None:
    rules = rule_set(rule(1, NEGATIVE, do={"queue": PR}), rule(2, LARGE, do={"queue": MARKETING, "priority": 1}))

    said = decide(facts(sentiment="negative", followers=90_000), rules)

    assert (said.queue_id, said.priority, said.rules) == (PR, None, (1,))


def test_where_every_rule_counts_the_higher_one_wins_and_lists_are_put_together() -> None:
    rules = rule_set(
        rule(1, NEGATIVE, do={"queue": PR, "tags": ["angry"], "notify": [7]}),
        rule(2, LARGE, do={"queue": MARKETING, "priority": 1, "tags": ["large", "angry"], "notify": [8]}),
        mode="every",
    )

    said = decide(facts(sentiment="negative", followers=90_000), rules)

    assert (said.queue_id, said.priority, said.tags, said.notify) == (PR, 1, ("angry", "large"), (7, 8))
    assert said.rules == (1, 2)


def test_everything_else_takes_what_no_rule_has_put_anywhere() -> None:
    rules = rule_set(rule(1, NEGATIVE, do={"tags": ["angry"]}))

    tagged, untouched = decide(facts(sentiment="negative"), rules), decide(facts(), rules)

    assert (tagged.queue_id, tagged.tags, tagged.rules, tagged.rest) == (CARE, ("angry",), (1, 99), True)
    assert (untouched.queue_id, untouched.rules) == (CARE, (99,))


def test_everything_else_moves_nothing_that_goes_on() -> None:
    assert decide(facts(new=False, queue_id=PR), rule_set()) == Outcome()


def test_rules_that_are_off_and_rules_that_wait_are_not_asked() -> None:
    off = rule(1, NEGATIVE, is_on=False)
    waits = rule(2, ask("waiting", 20, "at_least"), ask("owned", False))

    rules = rule_set(off, waits)

    assert decide(facts(sentiment="negative", waiting=90), rules).rules == (99,)
    assert [one.waits for one in rules.timed] == [20]
    assert outcome_of(waits).queue_id == PR


def test_before_triage_only_rules_speak_that_need_nothing_of_it() -> None:
    calm = rule(1, {"not": NEGATIVE}, do={"queue": MARKETING})
    rules = rule_set(calm, rule(2, LARGE, do={"queue": PR}))

    assert at_arrival(facts(followers=90_000), rules).queue_id == PR
    assert at_arrival(facts(followers=3), rules).queue_id == CARE


@pytest.mark.parametrize("days", [[4], [4, 5]])
def test_a_night_belongs_to_the_day_on_which_it_begins(days: list[int]) -> None:
    night = rule(1, ask("hours", {"days": days, "from": "22:00", "to": "06:00"}, "within"))
    rules = rule_set(night)

    def fits(weekday: int, minute: int) -> bool:
        return 1 in decide(facts(weekday=weekday, minute=minute), rules).rules

    assert fits(4, 23 * 60)
    assert fits(5, 5 * 60)
    assert not fits(4, 5 * 60)
    assert not fits(5, 12 * 60)
    assert fits(5, 23 * 60) is (5 in days)


def test_what_is_personal_in_public_and_answerable_is_a_yes_or_a_no() -> None:
    rules = rule_set(rule(1, ask("personal_data", True), ask("answerable", True)))

    assert decide(facts(personal_data="card", answerable="yes"), rules).rules == (1,)
    assert decide(facts(personal_data="none", answerable="yes"), rules).rules == (99,)
    assert decide(facts(personal_data="card", answerable="no"), rules).rules == (99,)


def test_shipped_rules_do_what_was_done_before_there_were_rules() -> None:
    assert [one.number for one in shipped(care_id=CARE, pr_id=PR, reach=50_000)] == [REACH, REST]
    assert [one.number for one in shipped(care_id=CARE, pr_id=None, reach=50_000)] == [REST]


@settings(deadline=None)
@given(FACTS)
def test_stored_facts_come_back_as_they_were(seen: Facts) -> None:
    again = packing.unpack_facts(
        packing.pack_facts(seen), message_id=seen.message_id, conversation_id=seen.conversation_id, text=seen.text
    )

    assert again == seen


def test_stored_facts_hold_no_text_and_everything_else() -> None:
    full = facts(text="my card is 4111", followers=3, lists=(1,), verified=True, waiting=4, open_hours=False)

    assert "4111" not in str(packing.pack_facts(full))
    assert packing.fact_names() == set(packing._FACT_KEYS)
    assert set(packing._OUTCOME_KEYS) == {one.name for one in dataclasses.fields(Outcome)} - {"reasons"}


def test_stored_outcomes_come_back_as_they_were() -> None:
    said = Outcome(queue_id=2, priority=1, tags=("a", "b"), notify=(7,), snooze=30, mute=True, reasons=((1, "Why"),))

    assert packing.unpack_outcome(packing.pack_outcome(said), said.reasons) == said
