"""Conditions made into functions once, so that a rule costs about a microsecond for each message."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from routing.rules import matching
from routing.rules.conditions import All, Asked, Node, Not
from routing.rules.contracts import Facts

NOTHING = frozenset(("", "none", "no"))
_ATTRIBUTES = {"channel": "channel_id", "brand": "brand_id", "queue": "queue_id"}


class Seen:
    """The facts of one message while many rules look at them; its words are folded once, when first asked for."""

    __slots__ = ("_plain", "facts")

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._plain: str | None = None

    @property
    def plain(self) -> str:
        if self._plain is None:
            self._plain = matching.plain(self.facts.text)
        return self._plain


Predicate = Callable[[Seen], bool]


def compile_node(node: Node) -> Predicate:
    """Whether the facts meet the conditions."""
    if isinstance(node, Asked):
        return _TESTS.get(node.field, _plain_test)(node)
    if isinstance(node, Not):
        inner = compile_node(node.part)
        return lambda seen: not inner(seen)
    parts = tuple(compile_node(part) for part in node.parts)
    if len(parts) == 1:
        return parts[0]
    return _every(parts) if isinstance(node, All) else _some(parts)


def _every(parts: tuple[Predicate, ...]) -> Predicate:
    def check(seen: Seen) -> bool:
        for part in parts:  # noqa: SIM110 (half the time of all() with a generator)
            if not part(seen):
                return False
        return True

    return check


def _some(parts: tuple[Predicate, ...]) -> Predicate:
    def check(seen: Seen) -> bool:
        for part in parts:  # noqa: SIM110
            if part(seen):
                return True
        return False

    return check


def _plain_test(test: Asked) -> Predicate:
    """A choice or a flag that stands in the facts as it is."""
    get, wanted = attrgetter(_ATTRIBUTES.get(test.field, test.field)), frozenset(test.value)
    if not test.sure:
        return lambda seen: get(seen.facts) in wanted
    name, least = test.field, test.sure
    return lambda seen: get(seen.facts) in wanted and seen.facts.sure.get(name, 0.0) >= least


def _number(test: Asked) -> Predicate:
    get, limit = attrgetter(test.field), test.value[0]
    if test.op == "at_least":
        return lambda seen: (found := get(seen.facts)) is not None and found >= limit
    return lambda seen: (found := get(seen.facts)) is not None and found < limit


def _visibility(test: Asked) -> Predicate:
    private, public = "private" in test.value, "public" in test.value
    return lambda seen: private if seen.facts.private else public


def _list(test: Asked) -> Predicate:
    wanted = frozenset(test.value)
    return lambda seen: not wanted.isdisjoint(seen.facts.lists)


def _judged_flag(test: Asked) -> Predicate:
    get, wanted = attrgetter(test.field), test.value[0]
    return lambda seen: (get(seen.facts) not in NOTHING) is wanted


def _words(test: Asked) -> Predicate:
    if test.op == "pattern":
        found = matching.pattern(test.value[0])
        return lambda seen: found(seen.facts.text)
    has = matching.any_of(test.value) if test.op == "any" else matching.all_of(test.value)
    return lambda seen: has(seen.plain)


def _hours(test: Asked) -> Predicate:
    days, begin, end = frozenset(test.value[0]), test.value[1], test.value[2]
    if begin < end:
        return lambda seen: seen.facts.weekday in days and begin <= seen.facts.minute < end
    # Over midnight: what is after it belongs to the evening before.
    return lambda seen: (
        seen.facts.weekday in days
        if seen.facts.minute >= begin
        else seen.facts.minute < end and (seen.facts.weekday - 1) % 7 in days
    )


_TESTS: dict[str, Callable[[Any], Predicate]] = {
    "followers": _number,
    "previous": _number,
    "waiting": _number,
    "visibility": _visibility,
    "list": _list,
    "personal_data": _judged_flag,
    "answerable": _judged_flag,
    "words": _words,
    "hours": _hours,
}
