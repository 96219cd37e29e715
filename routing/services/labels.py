"""Which values a label may have in this installation; corrections and samples name no others."""

from __future__ import annotations

from core.errors import Invalid
from core.wording import said
from inbox.models.issue import Issue
from routing.selectors import languages
from routing.triage.contracts import KINDS, SENTIMENTS, URGENCIES

NAMED = {"sentiment": "mood", "kind": "kind", "issue": "issue", "language": "language", "urgency": "urgency"}
"""What people call them on screen (product.md)."""


def choices() -> dict[str, dict[str, str]]:
    """By label: each value and its name for people; one query."""
    issues = dict(Issue.objects.filter(retired_at=None).values_list("slug", "name"))
    return {
        "sentiment": {value: titled(value) for value in SENTIMENTS},
        "kind": {value: titled(value) for value in KINDS},
        "issue": issues,
        "language": languages.names(),
        "urgency": {value: titled(value) for value in URGENCIES},
    }


def titled(code: str) -> str:
    """A value of triage's own as people read it: `link_spam` is “Link spam”."""
    words = said(code.replace("_", " "))
    return words[:1].upper() + words[1:]


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
