"""Can these conditions ever be true together? Conditions as a list of alternatives, each a list of literals.

An answer is given only where it is certain: what is too large or too loose to judge counts as possible.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from routing.rules.conditions import All, Asked, Either, Node, Not
from routing.rules.contracts import Names
from routing.rules.fields import FIELDS
from routing.rules.matching import needle

ALTERNATIVES = 400


class TooMany(Exception):
    """More alternatives than are looked at."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A test that has to be true, or (holds=False) false."""

    test: Asked
    holds: bool


Alternative = tuple[Literal, ...]


def alternatives(node: Node, *, holds: bool = True) -> list[Alternative]:
    """The node as "one of these is true, each with all of its literals". Raises: TooMany."""
    if isinstance(node, Asked):
        return [(Literal(node, holds),)]
    if isinstance(node, Not):
        return alternatives(node.part, holds=not holds)
    parts = [alternatives(part, holds=holds) for part in node.parts]
    if isinstance(node, All) is holds:
        return _products(parts)
    return [one for part in parts for one in part]


def can_be(*nodes: tuple[Node, bool], names: Names) -> bool:
    """Whether all these nodes can be as given (true or false) for one message. Too large to tell = yes."""
    try:
        found = _products([alternatives(node, holds=holds) for node, holds in nodes])
    except TooMany:
        return True
    return any(_possible(one, names) for one in found)


def clash(alternative: Alternative, names: Names) -> tuple[Literal, ...]:
    """The literals of one field that cannot be true together; empty where there are none."""
    by_field: dict[str, list[Literal]] = {}
    for literal in alternative:
        by_field.setdefault(literal.test.field, []).append(literal)
    for field, literals in by_field.items():
        if not _CHECKS[FIELDS[field].kind](field, literals):
            return tuple(literals)
    return _wrong_account(by_field, names)


def without(node: Node, field: str) -> Node:
    """The conditions as if nothing were asked of this field."""
    if isinstance(node, Asked):
        return All(()) if node.field == field else node
    if isinstance(node, Not):
        # "Not" of what is left open is left open as well, never "nothing".
        return All(()) if field in {test.field for test in _tests(node)} else node
    parts = tuple(without(part, field) for part in node.parts)
    return All(parts) if isinstance(node, All) else Either(parts)


def _tests(node: Node) -> Iterable[Asked]:
    if isinstance(node, Asked):
        return [node]
    if isinstance(node, Not):
        return _tests(node.part)
    return [test for part in node.parts for test in _tests(part)]


def _products(parts: list[list[Alternative]]) -> list[Alternative]:
    size = 1
    for part in parts:
        size *= len(part)
        if size > ALTERNATIVES:
            raise TooMany
    return [tuple(literal for one in chosen for literal in one) for chosen in product(*parts)]


def _possible(alternative: Alternative, names: Names) -> bool:
    return not clash(alternative, names)


def _choice(field: str, literals: list[Literal]) -> bool:
    """Some value is left. Triage's values are one each; a list of authors may hold many at once."""
    if field == "list":
        return not _list_clash(literals)
    known = FIELDS[field]
    allowed: set[object] | None = set(known.values) if known.closed else None
    denied: set[object] = set()
    for literal in literals:
        if literal.holds:
            allowed = set(literal.test.value) if allowed is None else allowed & set(literal.test.value)
        elif not literal.test.sure:
            denied |= set(literal.test.value)
    return allowed is None or bool(allowed - denied)


def _list_clash(literals: list[Literal]) -> bool:
    denied = {value for one in literals if not one.holds for value in one.test.value}
    return any(one.holds and set(one.test.value) <= denied for one in literals)


def _number(field: str, literals: list[Literal]) -> bool:
    """Some number is left; for what may be unknown, "unknown" satisfies every denial."""
    least, below, must = 0, None, False
    for literal in literals:
        limit = literal.test.value[0]
        if (literal.test.op == "at_least") is literal.holds:
            least = max(least, limit)
        else:
            below = limit if below is None else min(below, limit)
        must = must or literal.holds
    return (field != "previous" and not must) or below is None or least < below


def _flag(field: str, literals: list[Literal]) -> bool:
    """Not both; where nobody has set business hours neither is true."""
    told = [one for one in literals if one.holds or field != "open_hours"]
    return len({one.test.value[0] is one.holds for one in told}) < 2


def _words(_field: str, literals: list[Literal]) -> bool:
    """No word is both needed and forbidden; patterns are compared as they are written."""
    forbidden = {word for one in literals if not one.holds for word in _forbids(one.test)}
    for one in literals:
        if one.holds and one.test.op == "any" and all(_contains_one(word, forbidden) for word in one.test.value):
            return False
        if one.holds and one.test.op == "all" and any(_contains_one(word, forbidden) for word in one.test.value):
            return False
        if one.holds and any(not other.holds and other.test == one.test for other in literals):
            return False
    return True


def _forbids(test: Asked) -> list[str]:
    if test.op == "any" or (test.op == "all" and len(test.value) == 1):
        return [needle(word) for word in test.value]
    return []


def _contains_one(word: str, forbidden: set[str]) -> bool:
    """Whether a text with this word has a forbidden one as well."""
    return any(one in needle(word) for one in forbidden)


def _hours(_field: str, literals: list[Literal]) -> bool:
    """Some minute of the week is left."""
    left = set(range(7 * 1440))
    for one in literals:
        week = _week(*one.test.value)
        left = left & week if one.holds else left - week
    return bool(left)


@lru_cache(maxsize=256)
def _week(days: tuple[int, ...], begin: int, end: int) -> frozenset[int]:
    length = end - begin if begin < end else 1440 - begin + end
    return frozenset((day * 1440 + begin + minute) % (7 * 1440) for day in days for minute in range(length))


_CHECKS = {"choice": _choice, "number": _number, "flag": _flag, "words": _words, "hours": _hours}


def _wrong_account(by_field: dict[str, list[Literal]], names: Names) -> tuple[Literal, ...]:
    """An account belongs to one brand and one network: the conditions on both must agree."""
    asked = [one for one in by_field.get("channel", []) if one.holds]
    for field, of in (("brand", names.channel_brand), ("network", names.channel_network)):
        others = by_field.get(field, [])
        for channel in asked:
            known = [of[pk] for pk in channel.test.value if pk in of]
            if known and others and not any(_agrees(value, others) for value in known):
                return (channel, *others)
    return ()


def _agrees(value: object, others: list[Literal]) -> bool:
    return all((value in one.test.value) is one.holds for one in others)
