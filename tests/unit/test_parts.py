"""Parts of answers put together, and how the whole stands."""

from dataclasses import dataclass

import pytest

from inbox import parts


@dataclass
class Row:
    pk: int
    after_id: int | None
    part: int
    state: str = "held"
    text: str = ""


def whole(*states: str) -> list[Row]:
    return [Row(at, at - 1 if at > 1 else None, at, state) for at, state in enumerate(states, start=1)]


def test_parts_find_their_answer_in_whatever_order_they_come() -> None:
    rows = [Row(9, 5, 3), Row(4, None, 1), Row(5, 3, 2), Row(7, 4, 2), Row(3, None, 1), Row(8, 99, 2)]
    assert [[one.pk for one in answer] for answer in parts.threads(rows)] == [[4, 7], [3, 5, 9]]


@pytest.mark.parametrize(
    ("states", "standing", "left"),
    [
        (["held", "held"], "held", [1, 2]),
        (["sent", "sent"], "sent", []),
        (["sent", "queued", "held"], "queued", [2, 3]),
        (["sent", "unknown", "held"], "unknown", [2, 3]),
        (["sent", "failed", "failed"], "sent", [2, 3]),
        (["sent", "cancelled"], "sent", [2]),
        (["failed", "failed"], "failed", [1, 2]),
        (["cancelled", "cancelled"], "cancelled", [1, 2]),
        (["failed"], "failed", [1]),
    ],
)
def test_the_whole_stands_as_its_first_part_that_has_not_arrived(
    states: list[str], standing: str, left: list[int]
) -> None:
    rows = whole(*states)
    assert parts.standing(rows) == standing
    assert [row.part for row in parts.left_of(rows)] == left


@pytest.mark.parametrize(
    ("states", "seen"),
    [
        (["held", "held"], [1, 2]),
        (["sent", "unknown", "held"], [1, 2, 3]),
        (["sent", "failed", "failed"], [1]),
        (["sent", "sent"], [1, 2]),
    ],
)
def test_of_what_was_stopped_people_see_the_beginning(states: list[str], seen: list[int]) -> None:
    assert [row.part for row in parts.seen(whole(*states))] == seen


def test_the_text_is_what_was_written() -> None:
    rows = [Row(1, None, 1, text="One. "), Row(2, 1, 2, text="Two.")]
    assert parts.text_of(rows) == "One. Two."
