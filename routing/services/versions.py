"""Changing the rules: every change is a new version of all of them, with who, when and what in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.db import transaction

from accounts.models import User
from accounts.policies import require_administrator
from accounts.services import audit
from core.contention import retried
from core.errors import Conflict, Invalid, NotFound
from routing.models.rule import RuleDraft, RuleSet
from routing.rules import actions, conditions
from routing.rules.checks import Finding, check, check_all
from routing.rules.contracts import Names
from routing.rules.sentences import changes
from routing.rules.wording import Wording, compiled
from routing.services import rules
from routing.services.naming import names

WHAT_LENGTH = 500


@dataclass(slots=True)
class Change:
    """A change under way: the version it starts from, its rules in order, and what everything is called."""

    before: RuleSet
    rules: list[Wording]
    mode: str
    names: Names

    def place(self, number: int) -> int:
        """Where the rule stands. Raises: NotFound."""
        for place, one in enumerate(self.rules):
            if one.number == number:
                return place
        raise NotFound("There is no such rule.")


@retried
def turn_on(number: int, *, actor: User, seen: int | None = None) -> RuleSet:
    """Put a draft in force: a new rule above “Everything else”, or the new wording of one that is there.

    Args:
        seen: number of the version that the actor saw, here and below; None = whatever it is now.

    Records: rules.changed. Raises: Forbidden, NotFound, Conflict (`stale`), Invalid with the sentence at fault.
    """
    with _changing(actor, seen) as change:
        draft = RuleDraft.objects.select_for_update(no_key=True).filter(number=number).first()
        if draft is None:
            raise NotFound("There is no draft of this rule.")
        what = _take_in(change, draft)
        refuse(check(compiled(change.rules, change.names, mode=change.mode), number, change.names))
        draft.delete()
        return _publish(change, what, actor)


@retried
def switch(number: int, *, is_on: bool, actor: User, seen: int | None = None) -> RuleSet:
    """Turn a rule on or off where it stands.

    Records: rules.changed. Raises: as `turn_on`. Idempotent: what is so already makes no version.
    """
    with _changing(actor, seen) as change:
        place = change.place(number)
        rule = change.rules[place]
        _require_movable(rule)
        if rule.is_on == is_on:
            return change.before
        change.rules[place] = replace(rule, is_on=is_on)
        if is_on:
            refuse(check(compiled(change.rules, change.names, mode=change.mode), number, change.names))
        return _publish(change, f"turned “{rule.name}” {'on' if is_on else 'off'}", actor)


@retried
def move(number: int, *, to: int, actor: User, seen: int | None = None) -> RuleSet:
    """Put a rule at another place, 1 = first; “Everything else” stays last.

    Records: rules.changed. Raises: as `turn_on`. Idempotent: by the place.
    """
    with _changing(actor, seen) as change:
        place = change.place(number)
        rule = change.rules[place]
        _require_movable(rule)
        others = [one for one in change.rules if one.number != number and not one.rest]
        target = min(max(to, 1), len(others) + 1) - 1
        if target == place:
            return change.before
        rests = [one for one in change.rules if one.rest]
        change.rules = [*others[:target], rule, *others[target:], *rests]
        below = change.rules[target + 1]
        refuse(check_all(compiled(change.rules, change.names, mode=change.mode), change.names), only=("shadowed",))
        return _publish(change, f"moved “{rule.name}” above “{below.name}”", actor)


@retried
def remove(number: int, *, actor: User, seen: int | None = None) -> RuleSet:
    """Take a rule out; earlier versions keep it.

    Records: rules.changed. Raises: as `turn_on`.
    """
    with _changing(actor, seen) as change:
        rule = change.rules[change.place(number)]
        _require_movable(rule)
        change.rules = [one for one in change.rules if one.number != number]
        RuleDraft.objects.filter(number=number).delete()
        return _publish(change, f"removed “{rule.name}”", actor)


@retried
def set_mode(mode: str, *, actor: User, seen: int | None = None) -> RuleSet:
    """Say whether the first rule that fits decides, or every one counts.

    Records: rules.changed. Raises: as `turn_on`. Idempotent.
    """
    if mode not in RuleSet.Mode.values:
        raise Invalid("Choose one of the list.", fields={"mode": "Choose one of the list."})
    with _changing(actor, seen) as change:
        if change.mode == mode:
            return change.before
        change.mode = mode
        refuse(check_all(compiled(change.rules, change.names, mode=mode), change.names), only=("shadowed",))
        what = "let the first rule that fits decide" if mode == RuleSet.Mode.FIRST else "let every rule count that fits"
        return _publish(change, what, actor)


@retried
def restore(version: int, *, actor: User, seen: int | None = None) -> RuleSet:
    """Make an earlier version count again, as a new one.

    Records: rules.changed. Raises: Forbidden, NotFound, Conflict (`stale`), Invalid where it names what is gone.
    """
    with _changing(actor, seen) as change:
        old = RuleSet.objects.filter(number=version).first()
        if old is None:
            raise NotFound("There is no such version.")
        change.rules, change.mode = rules.wordings(old.pk), old.mode
        refuse(check_all(compiled(change.rules, change.names, mode=change.mode), change.names))
        return _publish(change, f"went back to version {version}", actor)


def refuse(findings: Sequence[Finding], *, only: Sequence[str] = ()) -> None:
    """Raises: Invalid with the first finding that refuses; `current` has all of them."""
    serious = [one for one in findings if one.refuses and (not only or one.code in only)]
    if serious:
        told = [{"code": one.code, "rule": one.number, "sentence": one.sentence} for one in findings]
        first = serious[0]
        raise Invalid(first.sentence, code=f"rule_{first.code}", fields={"rule": first.sentence}, current={"all": told})


def with_draft(draft: RuleDraft, base: Sequence[Wording]) -> list[Wording]:
    """The rules as they would be with the draft turned on."""
    one = _wording(draft, base)
    if any(each.number == draft.number for each in base):
        return [one if each.number == draft.number else each for each in base]
    rests = [each for each in base if each.rest]
    return [*(each for each in base if not each.rest), one, *rests]


@contextmanager
def _changing(actor: User, seen: int | None) -> Iterator[Change]:
    """A transaction in which nobody else changes the rules. Raises: Forbidden, Conflict (`stale`)."""
    with transaction.atomic(durable=True):
        require_administrator(actor)
        rules.newest_id()
        RuleSet.objects.select_for_update(no_key=True).get(number=1)  # one at a time, whatever the newest is
        newest = RuleSet.objects.order_by("-number")[0]
        if seen not in (None, newest.number):
            by = newest.made_by.name if newest.made_by else "Somebody"
            current = {"version": newest.number, "by": by, "what": newest.what}
            raise Conflict(f"{by} has changed the rules since you read them.", code="stale", current=current)
        yield Change(newest, rules.wordings(newest.pk), newest.mode, names())


def _publish(change: Change, what: str, actor: User) -> RuleSet:
    what = what[:WHAT_LENGTH]
    made = RuleSet.objects.create(number=change.before.number + 1, mode=change.mode, what=what, made_by=actor)
    rules.write(made, change.rules)
    audit.record("rules.changed", actor=actor, data={"what": what, "version": made.number})
    return made


def _take_in(change: Change, draft: RuleDraft) -> str:
    """The draft among the rules; what that changes, in words."""
    before = next((one for one in change.rules if one.number == draft.number), None)
    change.rules = with_draft(draft, change.rules)
    after = change.rules[change.place(draft.number)]
    if before is None:
        return f"turned “{after.name}” on"
    said = changes((before.when, before.do), (after.when, after.do), change.names)
    renamed = f"renamed “{before.name}” to “{after.name}”" if before.name != after.name else ""
    return f"“{after.name}”: {said}" if said else renamed or f"saved “{after.name}” as it was"


def _wording(draft: RuleDraft, base: Sequence[Wording]) -> Wording:
    before: Callable[[Wording], bool] = lambda one: one.number == draft.number  # noqa: E731
    rest = any(one.rest for one in filter(before, base))
    when, do = conditions.parse(draft.when), actions.parse(draft.do)
    return Wording(draft.number, draft.name, when, do, rest=rest)


def _require_movable(rule: Wording) -> None:
    if rule.rest:
        raise Invalid(f"“{rule.name}” always stands last and is always on.", code="locked")
