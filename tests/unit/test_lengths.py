"""Lengths of time as people write them."""

import pytest

from web.lengths import read_minutes, write_minutes


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("15", 15),
        ("15 min", 15),
        ("1 h", 60),
        ("1h30", 90),
        ("1 h 30 min", 90),
        ("2 d", 2880),
        ("1 day, 2 hours", 1560),
    ],
)
def test_a_length(text: str, minutes: int) -> None:
    assert read_minutes(text) == minutes
    assert read_minutes(write_minutes(minutes)) == minutes


@pytest.mark.parametrize("text", ["", "soon", "-5", "1 week", "h", "5 min later"])
def test_no_length(text: str) -> None:
    assert read_minutes(text) is None
