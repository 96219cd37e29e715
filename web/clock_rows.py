"""Clocks as templates want them: state, seconds left and total. The server's clock decides, the browser ticks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from routing.selectors.clocks import Shown

# A ring turns to "at risk" at this share of its total (lib/clock.js): the total follows from when the warning comes.
RISK_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Ring:
    """What the tag `ring` takes. Units: seconds."""

    state: str
    left: float
    total: float
    caption: str = ""


def ring_of(clock: Shown | None, *, now: datetime) -> Ring | None:
    """The ring of a clock, with its promise as caption; None = nothing is promised."""
    if clock is None:
        return None
    if clock.due_at is None or clock.warn_at is None:
        return Ring("paused", 0, 0, clock.label)
    left, risk = (clock.due_at - now).total_seconds(), (clock.due_at - clock.warn_at).total_seconds()
    state = "breach" if left < 0 else "warn" if left < risk else "ok"
    return Ring(state, left, max(risk / RISK_SHARE, 1), clock.label)
