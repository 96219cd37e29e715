"""What a macro does, step by step, as data. Pure: what is written is checked here, services do it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NoReturn

from core.errors import Invalid

INSERT, TAG, PRIORITY, CLAIM, HAND_OFF, SNOOZE, RESOLVE = (
    "insert",
    "tag",
    "priority",
    "claim",
    "hand_off",
    "snooze",
    "resolve",
)
# The order in which they are done, whatever the order in which they are written: what ends it comes last.
ORDER = (CLAIM, PRIORITY, TAG, INSERT, HAND_OFF, SNOOZE, RESOLVE)
ENDS = frozenset({HAND_OFF, SNOOZE, RESOLVE})
SNOOZE_MINUTES = 60 * 24 * 366
TAGS = 20
REASONED = frozenset({HAND_OFF, RESOLVE})


@dataclass(frozen=True, slots=True)
class Step:
    """One act.

    Args:
        value: id of a saved reply or a queue, a priority, minutes, a disposition; None to claim it.
        tags: for `tag`; reason: why it is handed off, or resolved without an answer.
    """

    do: str
    value: int | str | None = None
    tags: tuple[str, ...] = field(default=())
    reason: str = ""

    @property
    def number(self) -> int:
        """The value of a step whose value is a number."""
        return self.value if isinstance(self.value, int) else 0


def parse(data: object) -> tuple[Step, ...]:
    """The steps of a macro in the order in which they are done; each kind at most once.

    Raises: Invalid; `fields` names the place, such as `steps.1`.
    """
    if not isinstance(data, list) or not 1 <= len(data) <= len(ORDER):
        _refuse("steps", "A macro has at least one step.")
    found = [_step(one, f"steps.{place}") for place, one in enumerate(data)]
    names = [step.do for step in found]
    if len(set(names)) < len(names):
        _refuse("steps", "A macro does each thing at most once.")
    if len(ENDS.intersection(names)) > 1:
        _refuse("steps", "It is handed off, snoozed or resolved: choose one of them.")
    return tuple(sorted(found, key=lambda step: ORDER.index(step.do)))


def dump(steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    """As `parse` reads it."""
    return [{"do": one.do, "value": one.value, "tags": list(one.tags), "reason": one.reason} for one in steps]


def _step(data: object, at: str) -> Step:
    if not isinstance(data, dict) or not {"do"} <= set(data) <= {"do", "value", "tags", "reason"}:
        _refuse(at, "A step has “do”, and “value”, “tags” or “reason”.")
    do, value, tags, reason = data["do"], data.get("value"), data.get("tags") or [], data.get("reason") or ""
    if do not in ORDER:
        _refuse(at, f"There is no step “{str(do)[:40]}”.")
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags) or not isinstance(reason, str):
        _refuse(at, "Tags are a list of words, a reason is a sentence.")
    if (problem := _wrong(do, value, len(tags))) or (problem := _needless(do, len(tags), reason)):
        _refuse(at, problem)
    return Step(do, value, tuple(dict.fromkeys(tags)), reason.strip())


def _wrong(do: str, value: object, tags: int) -> str:
    number = isinstance(value, int) and not isinstance(value, bool)
    known = {
        TAG: 1 <= tags <= TAGS and value is None,
        CLAIM: value is None,
        RESOLVE: isinstance(value, str),
        PRIORITY: value in (1, 2, 3, 4) and number,
        SNOOZE: number and 1 <= value <= SNOOZE_MINUTES,  # type: ignore[operator]
    }
    if known.get(do, number):
        return ""
    says = {
        TAG: f"Name 1 to {TAGS} tags.",
        PRIORITY: "The priority is 1 (urgent), 2, 3 or 4 (low).",
        SNOOZE: f"Snooze for 1 to {SNOOZE_MINUTES:,} minutes.",
        INSERT: "Choose a saved reply.",
        HAND_OFF: "Choose a queue.",
        RESOLVE: "Choose how it ended.",
    }
    return says.get(do, "It takes no value.")


def _needless(do: str, tags: int, reason: str) -> str:
    if tags and do != TAG:
        return "Only “tag” takes tags."
    return "Only “hand_off” and “resolve” take a reason." if reason and do not in REASONED else ""


def _refuse(at: str, message: str) -> NoReturn:
    raise Invalid(message, fields={at: message})
