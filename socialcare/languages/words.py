"""One thing that the interface says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Words:
    """`text` with its plural and its context, as gettext knows them; empty = none."""

    text: str
    plural: str = ""
    context: str = ""
