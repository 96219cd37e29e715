"""Which words of other people's files mean which of our values: the one table, printed wherever it is used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from routing.triage.contracts import KINDS, SENTIMENTS
from routing.triage.language import NAMES

COMPLAINT = ("yes", "no")
TASKS = ("sentiment", "kind", "issue", "language", "complaint")

_ALIASES: dict[str, dict[str, str]] = {
    "sentiment": {
        "neg": "negative",
        "neu": "neutral",
        "pos": "positive",
        "-1": "negative",
        "0": "neutral",
        "1": "positive",
    },
    "kind": {
        "appreciation": "praise",
        "compliment": "praise",
        "complaints": "complaint",
        "suggestion": "feedback",
        "inquiry": "question",
        "enquiry": "question",
        "sales": "lead",
    },
    "language": {name.lower(): code for code, name in NAMES.items()},
    "complaint": {"1": "yes", "0": "no", "true": "yes", "false": "no", "complaint": "yes", "1.0": "yes", "0.0": "no"},
    "issue": {},
}
_VALUES: dict[str, tuple[str, ...]] = {
    "sentiment": SENTIMENTS,
    "kind": KINDS,
    "language": tuple(NAMES),
    "complaint": COMPLAINT,
}
# Where a file tells fewer kinds apart than we do, a kind that it does not know counts as the nearest that it knows.
_NEAREST = {
    "question": ("feedback", "other"),
    "feedback": ("question", "other"),
    "lead": ("question", "feedback", "other"),
    "press": ("question", "feedback", "other"),
    "abuse": ("complaint", "other"),
    "other": ("feedback", "question"),
    "praise": ("other", "feedback"),
    "complaint": ("other", "feedback"),
}


class UnknownLabel(ValueError):
    """A label that means none of our values."""


def table(task: str, labels: Iterable[str], extra: Mapping[str, str]) -> dict[str, str]:
    """What each label of a file means. Raises: UnknownLabel, naming the label and what would be known."""
    if task == "issue":
        return {label: extra.get(label, label) for label in sorted(set(labels))}
    return {label: _meaning(task, label, extra) for label in sorted(set(labels))}


def _meaning(task: str, label: str, extra: Mapping[str, str]) -> str:
    plain = extra.get(label, label).strip().lower()
    value = _ALIASES[task].get(plain, plain)
    if value not in _VALUES[task]:
        known = ", ".join((*_VALUES[task], *_ALIASES[task]))
        raise UnknownLabel(
            f"“{label}” means no {task} that is known here. Map it with --map “{label}=…”. Known: {known}"
        )
    return value


def folded(kinds: Iterable[str]) -> dict[str, str]:
    """Which kind each of ours counts as in a file that knows only some of them."""
    there = set(kinds)
    return {
        kind: kind if kind in there else next((near for near in _NEAREST[kind] if near in there), kind)
        for kind in KINDS
    }
