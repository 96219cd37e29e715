"""What kind of message it is, from what stands in the text: a sum of evidence per kind, the largest wins."""

from __future__ import annotations

from math import exp

from routing.triage.contracts import KINDS
from routing.triage.feelings import service
from routing.triage.reading import Reading

# Weights by reasoning, not fitted: 1 is a plain sign of a kind.
OTHER = 0.6
"""What is left when nothing points anywhere."""

SIGNS = {
    "complaint": ("problem",),
    "question": ("ask",),
    "praise": ("thanks",),
    "feedback": ("wish",),
    "lead": ("lead",),
    "press": ("press",),
    "abuse": ("abuse",),
}
WHY = {
    "complaint": "It tells of trouble with us",
    "question": "It asks",
    "praise": "It thanks or praises",
    "feedback": "It wishes or suggests",
    "lead": "It may want to buy",
    "press": "It sounds like the press",
    "abuse": "It insults",
    "other": "Nothing points to a kind",
}


def evidence(reading: Reading, sentiment: tuple[float, ...], *, addressed: bool = False) -> dict[str, float]:
    """A sum per kind.

    Args:
        sentiment: shares of negative, neutral, positive.
        addressed: whether it speaks to us: it names us, is private or answers a post of ours.
    """
    negative, neutral, positive = sentiment
    to_us = 1.0 if addressed else service(reading)
    trouble = min(reading.has("problem") + reading.spans, 4)
    denials = min(reading.negations, 2)
    asks = reading.has("ask") + reading.asks
    return {
        "complaint": 2.2 * negative * max(to_us, 0.25) + (0.35 * trouble + 0.15 * denials) * to_us,
        "question": (0.9 if reading.asks else 0.0) + 0.25 * min(asks, 4) + 0.2 * neutral - 0.2 * trouble,
        "praise": 2.0 * positive + 0.4 * min(reading.has("thanks"), 2) - 0.3 * trouble * to_us,
        "feedback": 0.8 * min(reading.has("wish"), 2) + 0.3 * neutral * to_us,
        "lead": 0.8 * min(reading.has("lead"), 2) - 0.3 * trouble,
        "press": 1.3 * min(reading.has("press"), 2) * (1.0 if reading.asks or reading.has("request") else 0.5),
        "abuse": 1.2 * min(reading.has("abuse"), 2) - 0.2 * trouble,
        "other": OTHER + 0.8 * neutral + 0.4 * min(reading.links, 2) - 0.5 * to_us,
    }


def ranked(sums: dict[str, float]) -> list[tuple[str, float]]:
    """Kinds and their shares of one, the likeliest first."""
    powers = {kind: exp(1.5 * sums[kind]) for kind in KINDS}
    whole = sum(powers.values())
    return sorted(((kind, power / whole) for kind, power in powers.items()), key=lambda pair: -pair[1])


def because(reading: Reading, kind: str) -> str:
    """Why it is of that kind, with the word that says so."""
    word = next((reading.found[mark] for mark in SIGNS.get(kind, ()) if mark in reading.found), "")
    return WHY[kind] + (f": “{word}”" if word else "")
