"""One thing that somebody should look at again before an answer leaves. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Guideline:
    """What the organisation has agreed on: a title, and its text or where that stands."""

    title: str
    text: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, and why it matters.

    Args:
        code: what `accepted` of an answer names.
        found: the words in question; "" = it is about the whole text.
        asks: sending stops once; else it is only said.
        instead: what to say in its place, or "".
        insert: what is missing at the end of the text, or "".
        guideline: what it breaks; None = no rule of the organisation.
    """

    code: str
    found: str
    reason: str
    asks: bool = True
    instead: str = ""
    insert: str = ""
    guideline: Guideline | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
