"""What a rule does, as data: a list of actions, read from JSON by a strict schema of our own.

[{"do": "queue", "value": 2}, {"do": "priority", "value": 1}, {"do": "notify", "value": [7]}]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from core.errors import Invalid

AT_MOST = 20
VALUES = 20
SNOOZE_MINUTES = 366 * 24 * 60


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of action.

    Args:
        says: in a sentence, about {value}; `names`: the attribute of `Names` that holds what may be named.
        many: takes a list.
        of: type of a value.
        leads: how the line begins in the builder, such as "Move".
    """

    name: str
    label: str
    says: str
    names: str = ""
    many: bool = False
    of: type = int
    leads: str = "Set"


_ALL = (
    Kind("queue", "put it into a queue", "put it into {value}", names="queues", leads="Move"),
    Kind("priority", "set the priority", "set priority {value}", leads="Set"),
    Kind("assign", "assign it", "assign it to {value}", names="people", leads="Give"),
    Kind("skills", "ask for a skill", "ask for the skill {value}", names="skills", many=True, of=str, leads="Need"),
    Kind("tags", "tag it", "tag it {value}", many=True, of=str, leads="Tag"),
    Kind("issue", "name the issue", "name {value} as the issue", names="issues", of=str, leads="Name"),
    Kind("sla", "choose the target", "promise {value}", names="policies", leads="Promise"),
    Kind("snooze", "snooze it", "snooze it for {value}", leads="Snooze"),
    Kind("mute", "mute the author", "mute the author", of=bool, leads="Mute"),
    Kind("notify", "tell people", "tell {value}", names="people", many=True, leads="Tell"),
    Kind("webhooks", "call a webhook", "call {value}", names="webhooks", many=True, leads="Call"),
)

ACTIONS: Mapping[str, Kind] = {one.name: one for one in _ALL}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. `value`: ids, codes, words, minutes; always a tuple."""

    do: str
    value: tuple[Any, ...]


def parse(data: object) -> tuple[Action, ...]:
    """The actions of a rule, each kind at most once.

    Raises: Invalid; `fields` names the place, such as `do.1.value`.
    """
    if not isinstance(data, list) or len(data) > AT_MOST:
        _refuse("do", "The actions are a list.")
    found = tuple(_action(one, f"do.{place}") for place, one in enumerate(data))
    names = [action.do for action in found]
    for place, name in enumerate(names):
        if name in names[:place]:
            _refuse(f"do.{place}", f"A rule can {ACTIONS[name].label} only once.")
    if {"snooze", "assign"} <= set(names):
        _refuse("do", "A rule that snoozes it cannot assign it, too.")
    return found


def dump(actions: tuple[Action, ...]) -> list[dict[str, Any]]:
    """As `parse` reads it."""
    return [{"do": one.do, "value": list(one.value) if ACTIONS[one.do].many else one.value[0]} for one in actions]


def by_name(actions: tuple[Action, ...]) -> dict[str, tuple[Any, ...]]:
    """The values by kind of action."""
    return {action.do: action.value for action in actions}


def _action(data: object, at: str) -> Action:
    if not isinstance(data, dict) or set(data) != {"do", "value"}:
        _refuse(at, "An action has “do” and “value”.")
    kind = ACTIONS.get(data["do"]) if isinstance(data["do"], str) else None
    if kind is None:
        _refuse(f"{at}.do", f"There is no action “{str(data['do'])[:60]}”.")
    given = data["value"]
    values = given if kind.many and isinstance(given, list) else [given]
    if kind.many and (not isinstance(given, list) or not 1 <= len(given) <= VALUES):
        _refuse(f"{at}.value", f"Name 1 to {VALUES}.")
    for value in values:
        if type(value) is not kind.of:
            _refuse(f"{at}.value", f"Choose what to {kind.label.split()[0]}.")
        _check(kind, value, f"{at}.value")
    return Action(kind.name, tuple(dict.fromkeys(values)))


def _check(kind: Kind, value: Any, at: str) -> None:
    if kind.name == "priority" and value not in (1, 2, 3, 4):
        _refuse(at, "The priority is 1 (urgent), 2, 3 or 4 (low).")
    if kind.name == "snooze" and not 1 <= value <= SNOOZE_MINUTES:
        _refuse(at, f"Snooze for 1 to {SNOOZE_MINUTES:,} minutes.")
    if kind.name == "mute" and value is not True:
        _refuse(at, "Muting is true, or left out.")
    if kind.of is str and not 0 < len(value.strip()) <= 80:
        _refuse(at, "Use 1 to 80 characters.")


def _refuse(at: str, message: str) -> NoReturn:
    raise Invalid(message, fields={at: message})
