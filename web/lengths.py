"""Lengths of time as people write them: "15 min", "1 h 30 min", "2 d"."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

_PART = re.compile(r"(\d{1,6})\s*(days?|d|hours?|hrs?|h|minutes?|min|m)?(?![a-z])\.?", re.IGNORECASE)
_MINUTES = {"d": 1440, "h": 60, "m": 1}


def read_minutes(text: str) -> int | None:
    """Minutes; a bare number is minutes. None = this is no length of time."""
    rest, total = text.strip(), 0
    while rest:
        match = _PART.match(rest)
        if match is None:
            return None
        total += int(match[1]) * _MINUTES[(match[2] or "m")[0].lower()]
        rest = rest[match.end() :].lstrip(" ,")
    return total if text.strip() else None


def write_minutes(minutes: int) -> str:
    """As `read_minutes` reads it."""
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    parts = [(days, _("d")), (hours, _("h")), (left, _("min"))]
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or f"0 {_('min')}"
