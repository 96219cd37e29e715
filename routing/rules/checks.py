"""What is wrong with a rule before it is turned on: each finding says in a sentence which rule and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from routing.rules import logic
from routing.rules.actions import ACTIONS, by_name
from routing.rules.conditions import All, Asked, tests
from routing.rules.contracts import SKILL_LEVEL, Names
from routing.rules.decide import FIRST, RuleSetView, RuleView
from routing.rules.fields import FIELDS
from routing.rules.sentences import PRIORITIES, clause, joined


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or worth knowing.

    Args:
        refuses: the rule cannot be turned on like this.
        code: stable, for machines.
        number: of the rule at fault.
        sentence: for people.
    """

    refuses: bool
    code: str
    number: int
    sentence: str


def check(rules: RuleSetView, number: int, names: Names) -> list[Finding]:
    """What is wrong with one rule of a set, itself and beside the others."""
    rule = next(one for one in rules.rules if one.number == number)
    if rule.rest:
        return [*_gone(rule, names), *_rest_without_queue(rule), *_nobody(rule, names)]
    others = [one for one in rules.rules if one.is_on and not one.rest and one.number != number]
    above = [one for one in others if _place(rules, one) < _place(rules, rule)]
    found = [*_does_nothing(rule), *_gone(rule, names), *_never(rule, names), *_everything(rule, names)]
    if any(one.refuses for one in found):
        return found
    found += [*_shadowed(rule, above, rules.mode, names), *_loops(rule, others, names)]
    found += [*_nobody(rule, names), *_no_hours(rule, names)]
    return found + (_conflicts(rule, others, names) if rules.mode != FIRST else [])


def check_all(rules: RuleSetView, names: Names) -> list[Finding]:
    """What is wrong with each rule that is on."""
    numbers = [rule.number for rule in rules.rules if rule.is_on or rule.rest]
    return [finding for number in numbers for finding in check(rules, number, names)]


def _place(rules: RuleSetView, rule: RuleView) -> int:
    return rules.rules.index(rule)


def _does_nothing(rule: RuleView) -> Iterable[Finding]:
    if not rule.do:
        yield Finding(True, "does_nothing", rule.number, f"“{rule.name}” does nothing yet: add an action.")


def _rest_without_queue(rule: RuleView) -> Iterable[Finding]:
    if "queue" not in by_name(rule.do):
        sentence = f"“{rule.name}” must name a queue: a conversation that no rule fits would have nowhere to go."
        yield Finding(True, "nowhere_to_go", rule.number, sentence)


def _gone(rule: RuleView, names: Names) -> Iterable[Finding]:
    """Whatever the rule names that is not there."""
    asked = [(FIELDS[test.field].names, _article(FIELDS[test.field].label), test.value) for test in tests(rule.when)]
    done = [(ACTIONS[one.do].names, _WHAT.get(one.do, one.do), one.value) for one in rule.do]
    for where, label, values in [*asked, *done]:
        known: Mapping[Any, str] = getattr(names, where) if where else {}
        if where and any(value not in known for value in values):
            yield Finding(True, "gone", rule.number, f"“{rule.name}” names {label} that is gone.")


_WHAT = {
    "queue": "a queue",
    "assign": "a person",
    "notify": "a person",
    "skills": "a skill",
    "issue": "an issue",
    "sla": "a target",
    "webhooks": "a webhook",
}


def _article(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _never(rule: RuleView, names: Names) -> Iterable[Finding]:
    if not logic.can_be((rule.when, True), names=names):
        sentence = f"“{rule.name}” can never fit: {_why_never(rule.when, names)}."
        yield Finding(True, "never", rule.number, sentence)


def _why_never(when: All, names: Names) -> str:
    """The conditions that exclude each other, from the first alternative."""
    first = next(iter(logic.alternatives(when)), ())
    at_fault = logic.clash(first, names) if first else ()
    said = [f"“{clause(one.test, names, denied=not one.holds)}”" for one in at_fault]
    if not said:
        return "its conditions exclude each other"
    both = joined(said, names.say("and"))
    return f"{both} exclude each other" if len(said) > 1 else f"{both} is never true"


def _everything(rule: RuleView, names: Names) -> Iterable[Finding]:
    if not logic.can_be((rule.when, False), names=names):
        why = "it has no condition" if not rule.when.parts else "its conditions are always true"
        sentence = f"“{rule.name}” fits everything: {why}. What holds for all else belongs into “Everything else”."
        yield Finding(True, "everything", rule.number, sentence)


def _shadowed(rule: RuleView, above: Sequence[RuleView], mode: str, names: Names) -> Iterable[Finding]:
    """Where the first rule decides, one that fits always when this one does leaves it nothing."""
    if mode != FIRST or rule.waits is not None:
        return
    for one in above:
        if one.waits is None and not logic.can_be((rule.when, True), (one.when, False), names=names):
            sentence = f"“{rule.name}” would never be reached: “{one.name}” stands above it and fits whenever it does."
            yield Finding(True, "shadowed", rule.number, sentence)


def _loops(rule: RuleView, others: Sequence[RuleView], names: Names) -> Iterable[Finding]:
    """Rules that ask where a conversation stands and move it on to where another of them takes it back."""
    for field, do in (("queue", "queue"), ("priority", "priority")):
        ring = _ring(rule, [one for one in others if _asks(one, field)], field, do, names) if _asks(rule, field) else []
        if ring:
            there = [_target_words(one, do, names) for one in ring]
            steps = [f"“{one.name}” sets {what}" for one, what in zip(ring, there, strict=True)]
            chain = joined(steps, names.say("and"))
            with_whom = joined([f"“{one.name}”" for one in ring[1:]], names.say("and"))
            sentence = f"“{rule.name}” loops with {with_whom}: {chain}, and then the first one fits again."
            yield Finding(True, "loop", rule.number, sentence)


def _ring(start: RuleView, others: Sequence[RuleView], field: str, do: str, names: Names) -> list[RuleView]:
    """The rules through which a conversation would come back to `start`; empty where it does not."""
    paths = [[start]]
    while paths:
        path = paths.pop()
        for one in [start, *others]:
            if not _leads(path[-1], one, field, do, names):
                continue
            if one is start:
                if len(path) > 1:
                    return path
            elif one not in path:
                paths.append([*path, one])
    return []


def _leads(one: RuleView, other: RuleView, field: str, do: str, names: Names) -> bool:
    """Whether a conversation that `one` has moved can meet `other`, which moves it on."""
    target, onward = by_name(one.do).get(do), by_name(other.do).get(do)
    if target is None or onward is None or target == onward:
        return False
    stands = All((Asked(field, "is", target),))
    rest = logic.without(one.when, field)
    return logic.can_be((stands, True), (other.when, True), (rest, True), names=names)


def _asks(rule: RuleView, field: str) -> bool:
    return any(test.field == field for test in tests(rule.when))


def _target_words(rule: RuleView, do: str, names: Names) -> str:
    value = by_name(rule.do)[do][0]
    return names.queues.get(value, "a queue") if do == "queue" else f"priority {PRIORITIES[value]}"


def _nobody(rule: RuleView, names: Names) -> Iterable[Finding]:
    """Where what it moves would wait for people who are not there."""
    if names.staff is None:
        return
    wanted = by_name(rule.do)
    for queue in (one for one in wanted.get("queue", ()) if one in names.queues and one not in names.staff):
        sentence = f"“{rule.name}” puts it into {names.queues[queue]}, which nobody staffs: there it would wait."
        yield Finding(False, "no_members", rule.number, sentence)
    rows = [names.staff.get(queue, frozenset()) for queue in wanted.get("queue", names.staff)]
    held: frozenset[str] = frozenset().union(*rows)
    queue = names.queues.get(wanted["queue"][0], "that queue") if "queue" in wanted else ""
    for slug in (one for one in wanted.get("skills", ()) if one in names.skills and one not in held):
        sentence = _nobody_has(rule.name, names.skills[slug], queue)
        yield Finding(False, "nobody_has", rule.number, sentence)


def _nobody_has(rule: str, skill: str, queue: str) -> str:
    if queue:
        return f"“{rule}” asks for {skill}, which nobody who staffs {queue} has at level {SKILL_LEVEL}."
    return f"“{rule}” asks for {skill}, which nobody has at level {SKILL_LEVEL}."


def _no_hours(rule: RuleView, names: Names) -> Iterable[Finding]:
    """Business hours that are asked for and that nobody keeps."""
    if names.opens is not None and not names.opens and _asks(rule, "open_hours"):
        sentence = f"“{rule.name}” asks for business hours, and no queue has any in which it is open."
        yield Finding(False, "no_hours", rule.number, sentence)


def _conflicts(rule: RuleView, others: Sequence[RuleView], names: Names) -> list[Finding]:
    """Where all rules that fit are applied: two that can both fit and say different things. The higher one wins."""
    found = []
    for one in others:
        if (one.waits is None) is not (rule.waits is None):
            continue
        mine, theirs = by_name(rule.do), by_name(one.do)
        both = [do for do in ("queue", "priority", "assign", "sla", "issue") if do in mine and do in theirs]
        if not any(mine[do] != theirs[do] for do in both):
            continue
        if logic.can_be((rule.when, True), (one.when, True), names=names):
            sentence = f"“{rule.name}” and “{one.name}” can both fit and say different things: the higher one wins."
            found.append(Finding(False, "conflict", rule.number, sentence))
    return found
