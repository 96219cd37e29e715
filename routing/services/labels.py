"""Which values a label may have in this installation; corrections and samples name no others."""

from __future__ import annotations

from core.errors import Invalid
from inbox.models.issue import Issue
from routing.triage.contracts import KINDS, SENTIMENTS, URGENCIES
from routing.triage.language import NAMES

NAMED = {"sentiment": "mood", "kind": "kind", "issue": "issue", "language": "language", "urgency": "urgency"}
"""What people call them on screen (product.md)."""


def choices() -> dict[str, dict[str, str]]:
    """By label: each value and its name for people; one query."""
    issues = dict(Issue.objects.filter(retired_at=None).values_list("slug", "name"))
    return {
        "sentiment": {value: value.capitalize() for value in SENTIMENTS},
        "kind": {value: value.capitalize() for value in KINDS},
        "issue": issues,
        "language": NAMES,
        "urgency": {value: value.capitalize() for value in URGENCIES},
    }


def require(label: str, value: str) -> str:
    """The name of the value. Raises: Invalid, saying what does not exist (any more)."""
    known = choices()
    if label not in known:
        raise _invalid("label", f"There is no label “{label}” that can be corrected.")
    if value in known[label]:
        return known[label][value]
    if label == "issue" and Issue.objects.filter(slug=value).exists():
        raise _invalid("value", f"The issue “{Issue.objects.get(slug=value).name}” is not on the list any more.")
    raise _invalid("value", f"“{value}” is no {NAMED[label]} that exists.")


def _invalid(field: str, says: str) -> Invalid:
    return Invalid(says, fields={field: says})
