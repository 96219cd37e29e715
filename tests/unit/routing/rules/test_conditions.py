import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from routing.rules import actions, conditions
from routing.rules.conditions import All, Asked, Either, Node, Not
from routing.rules.contracts import Facts
from routing.rules.fields import FIELDS
from routing.triage.language import NAMES, SCRIPTS
from tests.unit.routing.rules.kit import FACTS, TREES, ask, rule


@settings(deadline=None)
@given(TREES)
def test_what_is_written_is_read_again(tree: dict[str, Any]) -> None:
    read = conditions.parse(tree)

    assert conditions.parse(json.loads(json.dumps(conditions.dump(read)))) == read


@settings(deadline=None)
@given(TREES, FACTS)
def test_a_compiled_rule_says_what_a_slow_reader_says(tree: dict[str, Any], facts: Facts) -> None:
    assert rule(1, tree).matches(_Seen(facts)) is slow(conditions.parse(tree), facts)


@pytest.mark.parametrize(
    ("data", "at", "words"),
    [
        ([], "when", "A condition is an object."),
        ({"all": [], "any": []}, "when", "exactly one of"),
        ({"any": []}, "when.any", "without one it is never true"),
        ({"all": [ask("colour", ["red"])]}, "when.all.0.field", "There is nothing called “colour” to ask for."),
        ({"all": [{**ask("kind", ["praise"]), "or": 1}]}, "when.all.0", "A condition has no “or”."),
        ({"all": [ask("kind", [])]}, "when.all.0.value", "Choose at least one value for the kind."),
        ({"all": [ask("kind", ["anger"])]}, "when.all.0.value", "The kind is never “anger”."),
        ({"all": [ask("priority", [True])]}, "when.all.0.value", "The priority is never “True”."),
        ({"all": [ask("queue", ["Care"])]}, "when.all.0.value", "Name the queue by its id."),
        ({"all": [ask("followers", 0, "at_least")]}, "when.all.0.value", "a whole number from 1"),
        ({"all": [ask("followers", 5.5, "at_least")]}, "when.all.0.value", "a whole number from 1"),
        ({"all": [ask("followers", 5, "is")]}, "when.all.0.op", "The followers cannot be asked for with “is”."),
        ({"all": [ask("words", ["…"], "any")]}, "when.all.0.value", "“…” is no word"),
        ({"all": [ask("words", r"(a)\1", "pattern")]}, "when.all.0.value", r"The pattern “(a)\1” cannot be used"),
        ({"all": [ask("words", "((a{100}){100}){100}", "pattern")]}, "when.all.0.value", "cannot be used"),
        ({"all": [ask("words", "x" * 201, "pattern")]}, "when.all.0.value", "1 to 200 characters"),
        ({"all": [ask("verified", 1)]}, "when.all.0.value", "true or false"),
        ({"all": [ask("kind", ["praise"], sure=2)]}, "when.all.0.sure", "from 0 to 1"),
        ({"all": [ask("queue", [1], sure=0.5)]}, "when.all.0.sure", "Triage does not judge the queue."),
        ({"all": [ask("waiting", 20, "below")]}, "when.all.0.op", "waiting time cannot be asked for"),
        ({"all": [{"not": ask("waiting", 20, "at_least")}]}, "when", "The waiting time stands by itself"),
        (
            {"all": [ask("hours", {"days": [7], "from": "09:00", "to": "10:00"}, "within")]},
            "when.all.0.value",
            "at least one day",
        ),
        (
            {"all": [ask("hours", {"days": [0], "from": "9", "to": "25:00"}, "within")]},
            "when.all.0.value",
            "Write a time as 09:30",
        ),
        ({"not": {"not": {"not": {"not": {"not": ask("verified", True)}}}}}, "when.not.not.not.not", "4 deep"),
        ({"all": [ask("verified", True)] * 41}, "when", "at most 40 conditions"),
    ],
)
def test_bad_conditions_are_refused_with_the_place_and_a_sentence(data: object, at: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        conditions.parse(data)

    assert list(refused.value.fields) == [at]
    assert words in refused.value.message


@pytest.mark.parametrize(
    ("data", "at", "words"),
    [
        ({}, "do", "The actions are a list."),
        ([{"do": "queue"}], "do.0", "“do” and “value”"),
        ([{"do": "like", "value": 1}], "do.0.do", "There is no action “like”."),
        ([{"do": "approval", "value": 1}], "do.0.do", "There is no action “approval”."),
        ([{"do": "priority", "value": 5}], "do.0.value", "The priority is 1 (urgent)"),
        ([{"do": "priority", "value": True}], "do.0.value", "Choose what to set."),
        ([{"do": "notify", "value": []}], "do.0.value", "Name 1 to 20."),
        ([{"do": "tags", "value": [""]}], "do.0.value", "1 to 80 characters"),
        ([{"do": "snooze", "value": 0}], "do.0.value", "Snooze for 1 to"),
        ([{"do": "queue", "value": 1}, {"do": "queue", "value": 2}], "do.1", "only once"),
        ([{"do": "snooze", "value": 5}, {"do": "assign", "value": 2}], "do", "cannot assign it, too"),
    ],
)
def test_bad_actions_are_refused_with_the_place_and_a_sentence(data: object, at: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.parse(data)

    assert list(refused.value.fields) == [at]
    assert words in refused.value.message


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["all", "any", "not", "field", "op", "value", "sure", "do", "x"]), inner),
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(_JSON)
def test_whatever_is_sent_is_read_or_refused(data: object) -> None:
    for read in (conditions.parse, actions.parse):
        with contextlib.suppress(Invalid):
            read(data)


class _Seen:
    """What the compiled rule looks at, without its memory of folded words."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        words = "".join(c if c.isalnum() else " " for c in facts.text.casefold()).split()
        self.plain = f" {' '.join(words)} "


def slow(node: Node, facts: Facts) -> bool:
    """The meaning of conditions, told a second time and differently."""
    match node:
        case All(parts):
            return not [part for part in parts if not slow(part, facts)]
        case Either(parts):
            return bool([part for part in parts if slow(part, facts)])
        case Not(part):
            return not slow(part, facts)
        case Asked("visibility", _, value):
            return ("private" if facts.private else "public") in value
        case Asked("list", _, value):
            return bool(set(value) & set(facts.lists))
        case Asked("words", op, value):
            said = " ".join("".join(c if c.isalnum() else " " for c in facts.text.casefold()).split()).split(" ")
            found = [_has(said, word.split(" ")) for word in value]
            return any(found) if op == "any" else all(found)
        case Asked("hours", _, (days, begin, end)):
            return facts.weekday in days and facts.minute in range(begin, end)
        case Asked("followers" | "previous" as name, op, (limit,)):
            known = getattr(facts, name)
            return known is not None and (known >= limit if op == "at_least" else known < limit)
        case Asked(name, _, value, sure):
            known = facts.queue_id if name == "queue" else getattr(facts, name)
            return known in value and (not sure or facts.sure.get(name, 0) >= sure)
    raise AssertionError(node)


def _has(said: list[str], words: list[str]) -> bool:
    return any(said[at : at + len(words)] == words for at in range(len(said)))


def test_the_languages_that_rules_ask_for_are_those_that_triage_can_say() -> None:
    by_script = {language for language, _, _ in SCRIPTS}

    assert set(FIELDS["language"].values) == set(NAMES)
    assert by_script <= set(NAMES)
