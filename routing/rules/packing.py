"""Facts and outcomes as they are stored with a decision: short keys, nothing where there is nothing to say.

The text is not among them: it stays with its message, is never changed there, and goes when it is erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from routing.rules.contracts import Facts, Outcome

_FACT_KEYS = {
    "channel_id": "c",
    "network": "n",
    "brand_id": "b",
    "queue_id": "q",
    "private": "dm",
    "new": "new",
    "status": "st",
    "priority": "p",
    "owned": "o",
    "followers": "f",
    "verified": "v",
    "lists": "ls",
    "previous": "pr",
    "weekday": "wd",
    "minute": "mi",
    "open_hours": "oh",
    "waiting": "w",
    "language": "la",
    "noise": "no",
    "sentiment": "se",
    "kind": "k",
    "issue": "i",
    "urgency": "u",
    "reach": "re",
    "personal_data": "pd",
    "answerable": "an",
    "sure": "su",
}
_OUTCOME_KEYS = {
    "queue_id": "q",
    "priority": "p",
    "assign_to": "a",
    "skills": "sk",
    "tags": "t",
    "issue": "i",
    "sla_policy_id": "sla",
    "snooze": "z",
    "mute": "m",
    "notify": "no",
    "webhooks": "wh",
    "rest": "r",
}
_TUPLES = frozenset(("lists", "skills", "tags", "notify", "webhooks"))
_NO_FACTS = Facts(0, 0, 0, "", 0, 0)
_NO_OUTCOME = Outcome()


def pack_facts(facts: Facts) -> dict[str, Any]:
    """The facts without the ids of message and conversation, and without the text."""
    return _pack(facts, _FACT_KEYS, _NO_FACTS)


def unpack_facts(data: Mapping[str, Any], *, message_id: int, conversation_id: int, text: str = "") -> Facts:
    """The facts as they were seen."""
    known = {name: data[key] for name, key in _FACT_KEYS.items() if key in data}
    if "lists" in known:
        known["lists"] = tuple(known["lists"])
    for name in ("channel_id", "network", "brand_id", "queue_id"):
        known.setdefault(name, getattr(_NO_FACTS, name))
    return Facts(message_id=message_id, conversation_id=conversation_id, text=text, **known)


def pack_outcome(outcome: Outcome) -> dict[str, Any]:
    """The outcome without its reasons: the decision has the numbers of the rules in a column of its own."""
    return _pack(outcome, _OUTCOME_KEYS, _NO_OUTCOME)


def unpack_outcome(data: Mapping[str, Any], reasons: tuple[tuple[int, str], ...] = ()) -> Outcome:
    """The outcome as it was recorded."""
    known: dict[str, Any] = {name: data[key] for name, key in _OUTCOME_KEYS.items() if key in data}
    for name in _TUPLES & set(known):
        known[name] = tuple(known[name])
    return Outcome(reasons=reasons, **known)


def _pack(row: Any, keys: Mapping[str, str], blank: Any) -> dict[str, Any]:
    packed = {}
    for name, key in keys.items():
        value = getattr(row, name)
        if value != getattr(blank, name):
            packed[key] = list(value) if name in _TUPLES else dict(value) if name == "sure" else value
    return packed


def fact_names() -> frozenset[str]:
    """The facts that are stored; a test compares them with the dataclass."""
    return frozenset(one.name for one in fields(Facts)) - {"message_id", "conversation_id", "text"}
