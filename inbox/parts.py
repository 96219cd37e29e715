"""An answer that goes as several posts in a row: its parts, and how the whole of it stands. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

# Why a part was not sent that stands behind one that was not.
PART_BEFORE = "part_before"
OPEN_STATES = ("held", "queued", "sending", "unknown", "needs_human")


class Part(Protocol):
    """One post of an answer; an answer of one post is its own only part."""

    pk: int
    after_id: int | None
    part: int
    state: str
    text: str


P = TypeVar("P", bound=Part)


def threads(rows: Iterable[P]) -> list[list[P]]:
    """The answers, each with its parts in order; the answers in the order of their first parts."""
    found: list[list[P]] = []
    ends: dict[int, list[P]] = {}
    for row in sorted(rows, key=lambda one: one.part):
        if row.after_id is None:
            thread = [row]
            found.append(thread)
        elif row.after_id in ends:
            thread = ends.pop(row.after_id)
            thread.append(row)
        else:  # its first part is not among the rows
            continue
        ends[row.pk] = thread
    return found


def left_of(parts: Sequence[P]) -> list[P]:
    """What has not arrived: from the first part that is not known to stand on the network."""
    return next((list(parts[at:]) for at, part in enumerate(parts) if part.state != "sent"), [])


def standing(parts: Sequence[Part]) -> str:
    """The state of the whole: on its way while a part is; sent where only a beginning stands, since people see that."""
    left = left_of(parts)
    if not left or (left[0].part > 1 and left[0].state not in OPEN_STATES):
        return "sent"
    return left[0].state


def seen(parts: Sequence[P]) -> list[P]:
    """What people see of it, or will: where the rest was stopped, the beginning that stands."""
    return [part for part in parts if part.state == "sent"] if standing(parts) == "sent" else list(parts)


def text_of(parts: Iterable[Part]) -> str:
    """What was written."""
    return "".join(part.text for part in parts).strip()
