"""How the writer feels, from what stands in the text: three sums of evidence, the largest wins."""

from __future__ import annotations

from math import exp

from routing.triage.contracts import SENTIMENTS
from routing.triage.reading import Reading

# Weights by reasoning, not fitted.
WORD = 0.5
"""One plain word of feeling (1 on the scale of 3)."""
TROUBLE = 0.7
"""One word of trouble without feeling ("cancelled", "on hold", "3 hours") in talk about a service."""
NEUTRAL = 0.8
"""What is written without feeling: a single plain word of feeling does not outweigh it."""
SERVED = 0.8
"""Who writes to a company, neither thanks nor asks, mostly tells of trouble, and the longer the surer."""
BANG = 0.4
IRONY = 0.5
"""What thanks are worth beside two or more troubles."""


def evidence(reading: Reading, *, addressed: bool = False) -> tuple[float, float, float]:
    """Sums for negative, neutral and positive.

    Args:
        addressed: whether it is surely said to us: it names us, is private or answers a post of ours.
    """
    good, bad, neutral = WORD * reading.good, WORD * reading.bad, NEUTRAL
    asking = reading.asks > 0
    served = 1.0 if addressed else service(reading)
    if served:
        trouble = reading.has("problem") + min(reading.spans, 2) + reading.negations
        bad += TROUBLE * served * min(trouble, 4)
        if trouble + reading.bad >= 2:
            good *= IRONY
        if not asking and not reading.has("thanks"):
            bad += SERVED * served * min(len(reading.words) / 12, 1.5)
        if asking and not reading.bad:
            neutral += 0.5
    neutral += 0.3 * asking
    if reading.bangs:
        good, bad = (good + BANG, bad) if good >= bad else (good, bad + BANG)
    return bad, neutral, good


def service(reading: Reading) -> float:
    """How surely it speaks to or of a company about what it does for people: 0, 0.5 or 1."""
    care = reading.has("care")
    if care > 1 or (care and reading.handles):
        return 1.0
    return 0.5 if reading.opens_with_handle else 0.0


def confidences(sums: tuple[float, float, float]) -> tuple[float, ...]:
    """The sums as shares of one."""
    powers = [exp(min(value, 30.0)) for value in sums]
    whole = sum(powers)
    return tuple(power / whole for power in powers)


def likeliest(shares: tuple[float, ...]) -> tuple[str, float]:
    """The sentiment and how sure it is."""
    best = max(range(3), key=shares.__getitem__)
    return SENTIMENTS[best], shares[best]
