"""Verdicts as the pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from routing.selectors.triage import Told

TITLES: dict[str, Any] = {
    "language": _("Language"),
    "noise": _("Noise"),
    "sentiment": _("Mood"),
    "kind": _("Kind"),
    "issue": _("Issue"),
    "urgency": _("Urgency"),
    "reach": _("Reach"),
    "personal_data": _("Personal data"),
    "answerable": _("Answerable"),
}


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One line of the verdicts of a message. Units: `percent` of sureness, empty where nothing was assessed."""

    title: Any
    name: str
    reason: str
    percent: str
    corrected: bool


def verdict_rows(told: Iterable[Told]) -> list[VerdictRow]:
    """One line per label."""
    return [
        VerdictRow(
            TITLES[one.label],
            one.name,
            one.reason,
            f"{round(100 * one.confidence)} %" if one.value else "",
            one.corrected,
        )
        for one in told
    ]
