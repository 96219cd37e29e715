"""Who takes over: sure gains only, and never by contradiction."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.triage.contest import FEWEST, contest

VALUES = ["negative", "neutral", "positive"]


def truth(count: int, seed: int = 0) -> list[str]:
    chance = random.Random(seed)
    return [chance.choice(VALUES) for _ in range(count)]


def test_clearly_better_takes_over() -> None:
    right = truth(200)
    old = [one if n % 2 else "neutral" for n, one in enumerate(right)]
    assert contest(right, old, right).takes_over


def test_the_same_does_not() -> None:
    right = truth(200)
    assert contest(right, right, right).lower_bound == 0
    assert not contest(right, right, right).takes_over


def test_too_few_say_nothing() -> None:
    right = truth(FEWEST - 1)
    assert contest(right, ["neutral"] * len(right), right).lower_bound is None


@settings(max_examples=25, deadline=None)
@given(share=st.floats(0.5, 1.0), seed=st.integers(0, 9))
def test_saying_not_what_the_old_one_said_never_takes_over(share: float, seed: int) -> None:
    """Whatever the old one gets right, the contradiction gets wrong."""
    chance = random.Random(seed)
    right = truth(150, seed)
    old = [one if chance.random() < share else chance.choice(VALUES) for one in right]
    contrary = [chance.choice([value for value in VALUES if value != one]) for one in old]
    assert not contest(right, old, contrary).takes_over
