"""Conditions as data: AND, OR and NOT groups of tests, read from JSON by a strict schema of our own.

{"all": [{"field": "kind", "op": "is", "value": ["complaint"], "sure": 0.7}, {"not": {…}}, {"any": [{…}, {…}]}]}
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from core.errors import Invalid
from core.patterns import PATTERN_LENGTH
from routing.rules import matching
from routing.rules.fields import FIELDS, JUDGED, OPS, Field

DEPTH = 4
TESTS = 40
VALUES = 200
WORD_LENGTH = 100
MOST = {"followers": 10_000_000_000, "previous": 100_000, "waiting": 30 * 24 * 60}
DAY_MINUTES = 24 * 60

Value = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the facts.

    Args:
        value: the values of a choice, the words, the pattern alone, the number alone, True or False alone, or for
            hours (weekdays, first minute, minute after the last).
        sure: least confidence of the verdict, 0 to 1.
    """

    field: str
    op: str
    value: Value
    sure: float = 0.0


@dataclass(frozen=True, slots=True)
class All:
    """Every part is true; without parts always."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part is true."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part is false."""

    part: Node


Node = Asked | All | Either | Not


def parse(data: object) -> All:
    """The conditions of a rule.

    Raises: Invalid; `fields` names the place, such as `when.all.2.value`.
    """
    node = _node(data, "when", DEPTH)
    whole = node if isinstance(node, All) else All((node,))
    if sum(1 for _ in tests(whole)) > TESTS:
        _refuse("when", f"A rule has at most {TESTS} conditions.")
    _check_waiting(whole)
    return whole


def dump(node: Node) -> dict[str, Any]:
    """As `parse` reads it."""
    if isinstance(node, Asked):
        return _dump_test(node)
    if isinstance(node, Not):
        return {"not": dump(node.part)}
    return {"all" if isinstance(node, All) else "any": [dump(part) for part in node.parts]}


def tests(node: Node) -> Iterator[Asked]:
    """All tests, wherever they stand."""
    if isinstance(node, Asked):
        yield node
    elif isinstance(node, Not):
        yield from tests(node.part)
    else:
        for part in node.parts:
            yield from tests(part)


def fields_of(node: Node) -> frozenset[str]:
    """The names of the fields that are looked at."""
    return frozenset(test.field for test in tests(node))


def waiting_of(when: All) -> int | None:
    """After how many minutes of waiting the rule looks; None = it looks when a message comes."""
    found = [int(part.value[0]) for part in when.parts if isinstance(part, Asked) and part.field == "waiting"]
    return max(found, default=None)


def _check_waiting(when: All) -> None:
    """A rule that waits needs one moment at which it is due, so the waiting time stands at the top, asked plainly."""
    inner = [test for part in when.parts if not isinstance(part, Asked) for test in tests(part)]
    if any(test.field == "waiting" for test in inner):
        _refuse("when", "The waiting time stands by itself, not inside “or” or “not”.")


def _node(data: object, at: str, depth: int) -> Node:
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        _refuse(at, "A condition is an object.")
    if "field" in data:
        return _test(data, at)
    if len(data) != 1 or next(iter(data)) not in ("all", "any", "not"):
        _refuse(at, "A group has exactly one of “all”, “any” and “not”.")
    if depth == 0:
        _refuse(at, f"Groups stand at most {DEPTH} deep in each other.")
    name, inner = next(iter(data.items()))
    if name == "not":
        return Not(_node(inner, f"{at}.not", depth - 1))
    if not isinstance(inner, list):
        _refuse(f"{at}.{name}", "A group holds a list of conditions.")
    parts = tuple(_node(part, f"{at}.{name}.{place}", depth - 1) for place, part in enumerate(inner))
    if name == "any" and not parts:
        _refuse(f"{at}.any", "An “or” group needs a condition: without one it is never true.")
    return All(parts) if name == "all" else Either(parts)


def _test(data: dict[str, Any], at: str) -> Asked:
    known = FIELDS.get(data["field"]) if isinstance(data["field"], str) else None
    if known is None:
        _refuse(f"{at}.field", f"There is nothing called “{_short(data['field'])}” to ask for.")
    if extra := set(data) - {"field", "op", "value", "sure"}:
        _refuse(at, f"A condition has no “{_short(sorted(extra)[0])}”.")
    op = data.get("op", OPS[known.kind][0])
    if op not in OPS[known.kind] or (known.name == "waiting" and op != "at_least"):
        _refuse(f"{at}.op", f"The {known.label} cannot be asked for with “{_short(op)}”.")
    value = _READERS[known.kind](known, op, data.get("value"), f"{at}.value")
    return Asked(known.name, op, value, _sure(known, data.get("sure", 0.0), f"{at}.sure"))


def _sure(known: Field, value: object, at: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        _refuse(at, "How sure triage must be is a number from 0 to 1.")
    if value and known.name not in JUDGED:
        _refuse(at, f"Triage does not judge the {known.label}.")
    return float(value)


def _choice(known: Field, _op: str, value: object, at: str) -> Value:
    if not isinstance(value, list) or not value or len(value) > VALUES:
        _refuse(at, f"Choose at least one value for the {known.label}.")
    if known.values and (unknown := [one for one in value if not _is_key(one) or one not in known.values]):
        _refuse(at, f"The {known.label} is never “{_short(unknown[0])}”.")
    wanted = str if known.names in ("networks", "issues") else int
    if known.names and any(isinstance(one, bool) or not isinstance(one, wanted) for one in value):
        _refuse(at, f"Name the {known.label} by its {'code' if wanted is str else 'id'}.")
    return tuple(dict.fromkeys(value))


def _is_key(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _number(known: Field, _op: str, value: object, at: str) -> Value:
    most = MOST[known.name]
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        _refuse(at, f"The number for the {known.label} is a whole number from 1 to {most:,}.")
    return (value,)


def _flag(known: Field, _op: str, value: object, at: str) -> Value:
    if not isinstance(value, bool):
        _refuse(at, f"The condition on “{known.label}” is true or false.")
    return (value,)


def _some_words(_known: Field, op: str, value: object, at: str) -> Value:
    if op == "pattern":
        return _pattern(value, at)
    if not isinstance(value, list) or not value or len(value) > VALUES:
        _refuse(at, f"Write 1 to {VALUES} words.")
    for one in value:
        if not isinstance(one, str) or len(one) > WORD_LENGTH or not matching.needle(one):
            _refuse(at, f"“{_short(one)}” is no word: it has 1 to {WORD_LENGTH} characters, one of them a letter.")
    return tuple(dict.fromkeys(value))


def _pattern(value: object, at: str) -> Value:
    if not isinstance(value, str) or not 0 < len(value) <= PATTERN_LENGTH:
        _refuse(at, f"A pattern has 1 to {PATTERN_LENGTH} characters.")
    try:
        matching.pattern(value)
    except Invalid as error:
        _refuse(at, error.message)
    return (value,)


def _hours(_known: Field, _op: str, value: object, at: str) -> Value:
    if not isinstance(value, dict) or set(value) != {"days", "from", "to"}:
        _refuse(at, "A time has “days”, “from” and “to”.")
    days = value["days"]
    if not isinstance(days, list) or not days or any(isinstance(d, bool) or d not in range(7) for d in days):
        _refuse(at, "Choose at least one day, 0 for Monday to 6 for Sunday.")
    begin, end = _clock(value["from"], at), _clock(value["to"], at)
    if begin == end:
        _refuse(at, "A time needs a beginning and another end.")
    return (tuple(sorted(set(days))), begin, end)


def _clock(value: object, at: str) -> int:
    hours, _, minutes = value.partition(":") if isinstance(value, str) else ("", "", "")
    if len(hours) == 2 and len(minutes) == 2 and (hours + minutes).isascii() and (hours + minutes).isdigit():
        at_minute = int(hours) * 60 + int(minutes)
        if int(minutes) < 60 and at_minute <= DAY_MINUTES:
            return at_minute
    _refuse(at, "Write a time as 09:30, up to 24:00.")


_READERS: dict[str, Callable[[Field, str, object, str], Value]] = {
    "choice": _choice,
    "number": _number,
    "flag": _flag,
    "words": _some_words,
    "hours": _hours,
}


def _dump_test(test: Asked) -> dict[str, Any]:
    data: dict[str, Any] = {"field": test.field, "op": test.op, "value": _dump_value(test)}
    return {**data, "sure": test.sure} if test.sure else data


def _dump_value(test: Asked) -> Any:
    kind = FIELDS[test.field].kind
    if kind == "hours":
        days, begin, end = test.value
        return {"days": list(days), "from": clock(begin), "to": clock(end)}
    if kind in ("number", "flag") or test.op == "pattern":
        return test.value[0]
    return list(test.value)


def clock(minute: int) -> str:
    """A minute of the day as people write it."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _short(value: object) -> str:
    return str(value)[:60]


def _refuse(at: str, message: str) -> NoReturn:
    raise Invalid(message, fields={at: message})
