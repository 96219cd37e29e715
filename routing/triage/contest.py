"""May a learnt model take over? Only where it is surely better than what is in force, on messages that chance chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

FEWEST = 100
"""Judged messages below which nothing takes over."""
DRAWS = 2000
SURENESS = 0.025
"""One chance in forty that a gain above the bound is luck."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Macro-F1 of both on the same messages, and the lower bound of the gain; None = too few messages to say."""

    sample: int
    old: float
    new: float
    lower_bound: float | None

    @property
    def takes_over(self) -> bool:
        """Whether the new one is surely better."""
        return self.lower_bound is not None and self.lower_bound > 0


def contest(truth: Sequence[str], old: Sequence[str], new: Sequence[str], *, seed: int = 0) -> Outcome:
    """Compare two sets of verdicts on the same messages, by a paired bootstrap of macro-F1."""
    values = sorted(set(truth))
    coded = [np.array([values.index(one) if one in values else -1 for one in said]) for said in (truth, old, new)]
    before, after = _macro_f1(coded[0], coded[1], len(values)), _macro_f1(coded[0], coded[2], len(values))
    if len(truth) < FEWEST:
        return Outcome(len(truth), before, after, None)
    chance = np.random.default_rng(seed)
    gains = [_gain(coded, chance.integers(0, len(truth), len(truth)), len(values)) for _ in range(DRAWS)]
    return Outcome(len(truth), before, after, float(np.quantile(gains, SURENESS)))


def _gain(coded: Sequence[Any], drawn: Any, values: int) -> float:
    truth, old, new = (one[drawn] for one in coded)
    return _macro_f1(truth, new, values) - _macro_f1(truth, old, values)


def _macro_f1(truth: Any, said: Any, values: int) -> float:
    """The mean over the values that stand in the truth."""
    hits = np.bincount(truth[truth == said], minlength=values)
    there, told = np.bincount(truth, minlength=values), np.bincount(said[said >= 0], minlength=values)
    both = there + told
    scores = np.divide(2 * hits, both, out=np.zeros(values), where=both > 0)
    return float(scores[there > 0].mean()) if there.any() else 0.0
