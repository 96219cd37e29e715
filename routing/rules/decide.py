"""What the rules say about a message: a pure function of the facts and of one version of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from routing.rules import actions, conditions
from routing.rules.actions import Action
from routing.rules.compiling import Predicate, Seen, compile_node
from routing.rules.conditions import All
from routing.rules.contracts import Facts, Outcome
from routing.rules.fields import FIELDS

FIRST, EVERY = "first", "every"


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule, ready to be asked.

    Args:
        number: stays the same through all versions.
        sentence: how it reads.
        rest: "Everything else": asked last, for new conversations that no rule has put anywhere.
        waits: minutes of waiting after which it looks; None = it looks when a message comes.
        at_arrival: needs nothing that is known only after triage.
    """

    number: int
    name: str
    sentence: str
    when: All
    do: tuple[Action, ...]
    matches: Predicate
    is_on: bool = True
    rest: bool = False
    waits: int | None = None
    at_arrival: bool = False


@dataclass(frozen=True, slots=True)
class RuleSetView:
    """One version of the rules, in order.

    Args:
        id: of the stored version; None = never stored.
        mode: "first" = the first rule that fits decides; "every" = all that fit, the higher one wins.
    """

    id: int | None
    mode: str
    rules: tuple[RuleView, ...]
    instant: tuple[RuleView, ...]
    timed: tuple[RuleView, ...]
    rest: RuleView | None


def rule_view(
    *, number: int, name: str, sentence: str, when: All, do: tuple[Action, ...], is_on: bool = True, rest: bool = False
) -> RuleView:
    """A rule with its conditions compiled."""
    waits = conditions.waiting_of(when)
    fields = conditions.fields_of(when)
    return RuleView(
        number=number,
        name=name,
        sentence=sentence,
        when=when,
        do=do,
        matches=compile_node(when),
        is_on=is_on,
        rest=rest,
        waits=waits,
        at_arrival=all(FIELDS[field].at_arrival for field in fields),
    )


def rule_set_view(rules: Iterable[RuleView], *, mode: str = FIRST, id: int | None = None) -> RuleSetView:
    """Rules in their order; those that are off are known and not asked."""
    rules = tuple(rules)
    asked = [rule for rule in rules if rule.is_on and not rule.rest]
    return RuleSetView(
        id=id,
        mode=mode,
        rules=rules,
        instant=tuple(rule for rule in asked if rule.waits is None),
        timed=tuple(rule for rule in asked if rule.waits is not None),
        rest=next((rule for rule in rules if rule.rest), None),
    )


def decide(facts: Facts, rules: RuleSetView) -> Outcome:
    """What the rules want done with this message now; rules that wait are not asked."""
    seen = Seen(facts)
    return _said(_matching(seen, rules.instant, rules.mode), facts, rules.rest)


def at_arrival(facts: Facts, rules: RuleSetView) -> Outcome:
    """Where a conversation goes before triage has spoken: only by rules that need nothing of it."""
    seen = Seen(facts)
    early = tuple(rule for rule in rules.instant if rule.at_arrival)
    return _said(_matching(seen, early, FIRST), facts, rules.rest)


def matching_rules(facts: Facts, rules: RuleSetView) -> list[RuleView]:
    """All rules that fit, also those that a higher one beats: for back-tests."""
    seen = Seen(facts)
    return [rule for rule in rules.instant if rule.matches(seen)]


def outcome_of(rule: RuleView) -> Outcome:
    """What one rule wants done where it fits."""
    return _merged([rule], rest=None)


def _matching(seen: Seen, asked: Sequence[RuleView], mode: str) -> list[RuleView]:
    found = []
    for rule in asked:
        if rule.matches(seen):
            found.append(rule)
            if mode == FIRST:
                break
    return found


def _said(found: list[RuleView], facts: Facts, rest: RuleView | None) -> Outcome:
    placed = any(action.do == "queue" for rule in found for action in rule.do)
    return _merged(found, rest=None if placed or not facts.new else rest)


def _merged(found: Sequence[RuleView], *, rest: RuleView | None) -> Outcome:
    """One outcome: of what can be said once the higher rule's word counts; lists are put together."""
    once: dict[str, Any] = {}
    lists: dict[str, list[Any]] = {"skills": [], "tags": [], "notify": [], "webhooks": []}
    for rule in [*found, *([rest] if rest else [])]:
        for name, value in actions.by_name(rule.do).items():
            if name in lists:
                lists[name] += [one for one in value if one not in lists[name]]
            else:
                once.setdefault(name, value[0])
    return Outcome(
        queue_id=once.get("queue"),
        priority=once.get("priority"),
        assign_to=once.get("assign"),
        skills=tuple(lists["skills"]),
        tags=tuple(lists["tags"]),
        issue=once.get("issue", ""),
        sla_policy_id=once.get("sla"),
        snooze=once.get("snooze"),
        mute=once.get("mute", False),
        notify=tuple(lists["notify"]),
        webhooks=tuple(lists["webhooks"]),
        reasons=tuple((rule.number, rule.sentence) for rule in found)
        + (((rest.number, rest.sentence),) if rest else ()),
        rest=rest is not None,
    )
