"""What the rule builder posts, read into the data that rules are made of. The domain checks it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict

from core.errors import Invalid
from routing.rules.actions import ACTIONS
from routing.rules.contracts import Names
from routing.rules.fields import FIELDS, OPS, Field

STARTS: dict[str, Any] = {
    "followers": 10_000,
    "previous": 1,
    "waiting": 20,
    "hours": {"days": [0, 1, 2, 3, 4], "from": "09:00", "to": "17:00"},
}
ALL_DAY = "24:00"


def choices(known: Field, names: Names) -> list[tuple[str | int, str]]:
    """What can be chosen for a field, in its order."""
    if known.names:
        return list(getattr(names, known.names).items())
    return [(value, names.say(words)) for value, words in known.values.items()]


def fresh_condition(field: str, names: Names) -> dict[str, Any]:
    """A condition to begin with. Raises: Invalid where there is nothing to choose yet."""
    known = FIELDS.get(field)
    if known is None:
        raise Invalid("Choose what to look at.", fields={"field": "Choose one of the list."})
    op = OPS[known.kind][0]
    if known.kind == "choice":
        offered = choices(known, names)
        if not offered:
            raise Invalid(f"There is no {known.label} yet to choose.", fields={"field": "Nothing to choose yet."})
        return {"field": field, "op": op, "value": [offered[0][0]]}
    value = STARTS.get(field, ["refund"] if known.kind == "words" else known.name != "owned")
    return {"field": field, "op": op, "value": value}


def condition(field: str, data: QueryDict) -> dict[str, Any]:
    """The condition as the popover posts it."""
    known = FIELDS[field]
    op = data.get("op") or OPS[known.kind][0]
    found: dict[str, Any] = {"field": field, "op": op, "value": _value(known, op, data)}
    if sure := _number(data.get("sure", "")):
        found["sure"] = sure / 100
    return found


def _value(known: Field, op: str, data: QueryDict) -> Any:
    if known.kind == "choice":
        return [_key(one) for one in data.getlist("value")]
    if known.kind == "number":
        return _number(data.get("value", ""))
    if known.kind == "flag":
        return data.get("value") == "1"
    if known.kind == "hours":
        return {"days": [_key(day) for day in data.getlist("days")], "from": data.get("from"), "to": _end(data)}
    written = data.get("value", "")
    return written.strip() if op == "pattern" else words(written)


def _end(data: QueryDict) -> str:
    """Midnight as the end of a day is 24:00; browsers know 00:00 only."""
    return ALL_DAY if data.get("to") == "00:00" else data.get("to", "")


def words(written: str) -> list[str]:
    """Words and phrases between commas or line ends."""
    return [word for part in written.splitlines() for one in part.split(",") if (word := one.strip())]


def fresh_action(do: str, names: Names) -> dict[str, Any]:
    """An action to begin with. Raises: Invalid where there is nothing to choose yet."""
    kind = ACTIONS.get(do)
    if kind is None:
        raise Invalid("Choose what to do.", fields={"do": "Choose one of the list."})
    first: Any = {"priority": 2, "snooze": 60, "mute": True, "tags": "follow up"}.get(do)
    if kind.names:
        offered = list(getattr(names, kind.names))
        if not offered:
            raise Invalid(f"There is nothing yet to {kind.label}.", fields={"do": "Nothing to choose yet."})
        first = offered[0]
    return {"do": do, "value": [first] if kind.many else first}


def action(do: str, data: QueryDict) -> dict[str, Any]:
    """The action as the popover posts it."""
    kind = ACTIONS[do]
    if do == "tags":
        return {"do": do, "value": words(data.get("value", ""))}
    given: Sequence[Any] = data.getlist("value")
    if kind.of is int:
        given = [_number(one) for one in given]
    if kind.of is bool:
        given = [one == "1" for one in given]
    return {"do": do, "value": list(given) if kind.many else given[0] if given else None}


def _key(value: str) -> str | int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else value


def _number(value: str) -> int | None:
    """A whole number, however its thousands are written."""
    plain = value.replace(",", "").replace(".", "").replace(" ", "").replace("\u202f", "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 16 else None
