"""What a rule would have done: stored facts once more, by the rules as they are and by the rules with the change.

Whatever stays the same is decided once. Memory grows with conversations (two queues each), never with messages.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from routing.rules import conditions
from routing.rules.compiling import Seen, compile_node
from routing.rules.contracts import Facts, Outcome
from routing.rules.decide import RuleSetView, RuleView, decide, matching_rules, outcome_of
from routing.rules.fields import FIELDS, Field

EXAMPLES = 8
# A later message counts as work of its own when nothing came for so long before it, seconds.
TURN_S = 3600


class Terms(NamedTuple):
    """What decides which response is promised for a piece of work.

    Args:
        first: it is the first response of the case.
        policy_id: of the policy that a rule has chosen.
    """

    first: bool
    channel_id: int
    priority: int
    policy_id: int | None


@dataclass(slots=True)
class Lot:
    """Where one set of rules leaves a conversation. priority None = as it came."""

    queue: int
    priority: int | None = None
    policy: int | None = None

    def take(self, said: Outcome, *, owned: bool) -> None:
        """What the rules say; what somebody owns stays where it is."""
        if said.queue_id is not None and not owned:
            self.queue = said.queue_id
        if said.priority is not None:
            self.priority = said.priority
        if said.sla_policy_id is not None:
            self.policy = said.sla_policy_id


@dataclass(slots=True)
class Stand:
    """One conversation during the replay."""

    before: Lot
    after: Lot
    last: datetime | None = None
    fitted: bool = False
    apart_on: str = ""
    waits_since: datetime | None = None

    @property
    def moved(self) -> bool:
        return self.before.queue != self.after.queue


@dataclass(slots=True)
class Arrivals:
    """When work came into each queue: (epoch seconds, rounded to the minute; its terms) → how often."""

    by_queue: dict[int, Counter[tuple[int, Terms]]] = field(default_factory=dict)

    def add(self, lot: Lot, at: datetime, facts: Facts, *, first: bool) -> None:
        minute = int(at.timestamp()) // 60 * 60
        terms = Terms(first, facts.channel_id, lot.priority or facts.priority, lot.policy)
        self.by_queue.setdefault(lot.queue, Counter())[minute, terms] += 1


class Replay:
    """Sees messages in the order in which they were decided, and tells at the end what would have been different.

    Args:
        base: the rules in force; `trial`: the same with the tested rule in its new wording.
        number: of the tested rule.
        seed: chooses the examples.
    """

    def __init__(self, base: RuleSetView, trial: RuleSetView, number: int, *, seed: int = 0) -> None:
        self.base, self.trial = base, trial
        self.rule = _of(trial, number)
        self.before = next((one for one in base.rules if one.number == number and one.is_on), None)
        self.messages = 0
        self.fitted = 0
        self.stands: dict[int, Stand] = {}
        self.funnel = [0] * len(self.rule.when.parts)
        self.also: dict[int, set[int]] = {}
        self.examples: list[int] = []
        self.load_before, self.load_after = Arrivals(), Arrivals()
        self._sampled = 0
        self._parts = [compile_node(part) for part in self.rule.when.parts]
        self._chance = random.Random(seed)  # noqa: S311 (which examples are shown is no secret)

    def see(self, facts: Facts, at: datetime, *, quiet_until: datetime | None = None) -> None:
        """One message, posted `at`; for a rule that waits also when its wait ended (None = never)."""
        self.messages += 1
        stand = self._stand(facts)
        was = decide(facts, self.base)
        fits = self._fits(facts, at, stand, quiet_until)
        now = self._decide_again(facts, was, fits)
        stand.before.take(was, owned=facts.owned)
        stand.after.take(now, owned=facts.owned)
        if fits:
            self._note(facts, stand)
        if stand.moved and not stand.apart_on:
            stand.apart_on = at.date().isoformat()
        self._arrive(stand, at, facts)

    def moved(self) -> dict[int, tuple[int, int]]:
        """Conversations that would stand elsewhere at the end: from where, to where."""
        return {pk: (one.before.queue, one.after.queue) for pk, one in self.stands.items() if one.moved}

    def result(self) -> dict[str, Any]:
        """Counts for people; JSON-serialisable."""
        flows = Counter(self.moved().values())
        days = Counter(one.apart_on for one in self.stands.values() if one.moved)
        return {
            "messages": self.messages,
            "conversations": len(self.stands),
            "fitted": self.fitted,
            "moved": sum(flows.values()),
            "flows": [{"from": a, "to": b, "n": n} for (a, b), n in flows.most_common()],
            "days": dict(sorted(days.items())),
            "funnel": self.funnel,
            "also": [
                {"rule": one.number, "name": one.name, "n": len(self.also[one.number]), "wins": self._wins(one)}
                for one in self.trial.rules
                if one.number in self.also
            ],
            "examples": sorted(self.examples),
            "approximate": is_approximate(self.rule),
        }

    def _stand(self, facts: Facts) -> Stand:
        stand = self.stands.get(facts.conversation_id)
        if stand is None:
            stand = self.stands[facts.conversation_id] = Stand(Lot(facts.queue_id), Lot(facts.queue_id))
        return stand

    def _fits(self, facts: Facts, at: datetime, stand: Stand, quiet_until: datetime | None) -> bool:
        """Whether the tested rule, new wording, fits; and how far each message came through its conditions."""
        if self.rule.waits is not None:
            return self._would_wait(facts, at, stand, quiet_until)
        seen = Seen(facts)
        for place, part in enumerate(self._parts):
            if not part(seen):
                return False
            self.funnel[place] += 1
        return self.rule.is_on and (not self.rule.rest or facts.new)

    def _would_wait(self, facts: Facts, at: datetime, stand: Stand, quiet_until: datetime | None) -> bool:
        """Nothing happened for long enough after this message; a wait that has begun already is counted once."""
        waits = self.rule.waits or 0
        if quiet_until is not None and (quiet_until - at).total_seconds() < waits * 60:
            stand.waits_since = None
            return False
        if stand.waits_since is not None:
            return False
        imagined = replace(facts, waiting=waits, owned=False, status="open")
        if not self.rule.matches(Seen(imagined)):
            return False
        stand.waits_since = at
        return True

    def _decide_again(self, facts: Facts, was: Outcome, fits: bool) -> Outcome:
        """The outcome with the change: only where the rule fits now, or fitted before, can it differ."""
        if self.rule.waits is not None:
            return was
        before = self.before is not None and (self.before.rest or self.before.matches(Seen(facts)))
        return decide(facts, self.trial) if fits or before else was

    def _note(self, facts: Facts, stand: Stand) -> None:
        if self.rule.waits is not None:
            stand.after.take(outcome_of(self.rule), owned=facts.owned)
        self.fitted += 1
        for one in matching_rules(facts, self.trial):
            if one.number != self.rule.number:
                self.also.setdefault(one.number, set()).add(facts.conversation_id)
        if not stand.fitted:
            stand.fitted = True
            self._sampled += 1
            self._keep(facts.message_id)

    def _keep(self, message_id: int) -> None:
        """A fair sample of what fitted."""
        if len(self.examples) < EXAMPLES:
            self.examples.append(message_id)
            return
        place = self._chance.randrange(self._sampled)
        if place < EXAMPLES:
            self.examples[place] = message_id

    def _arrive(self, stand: Stand, at: datetime, facts: Facts) -> None:
        first = stand.last is None and facts.new
        fresh = stand.last is None or (at - stand.last).total_seconds() >= TURN_S
        stand.last = at
        if fresh:
            self.load_before.add(stand.before, at, facts, first=first)
            self.load_after.add(stand.after, at, facts, first=first)

    def _wins(self, one: RuleView) -> bool:
        """Whether the other rule stands higher than the tested one."""
        return self.trial.rules.index(one) < self.trial.rules.index(self.rule)


def is_approximate(rule: RuleView) -> bool:
    """Whether it looks at live state, of which only a moment was stored."""
    return _looks_at(rule, lambda one: one.live)


def needs_text(*sets: RuleSetView) -> bool:
    """Whether any rule looks at words."""
    return any(test.field == "words" for view in sets for rule in view.rules for test in conditions.tests(rule.when))


def _looks_at(rule: RuleView, wanted: Callable[[Field], bool]) -> bool:
    return any(wanted(FIELDS[name]) for name in conditions.fields_of(rule.when))


def _of(rules: RuleSetView, number: int) -> RuleView:
    return next(one for one in rules.rules if one.number == number)
