"""A plain queue: work in the order in which it came, done as fast as the people who were there really were.

Assumptions, which the page states: one answer is one piece of work; whoever was active in an hour answers at the
queue's usual pace in it; nobody works ahead, and nothing is left undone for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

HOUR = 3600
# After so long without anybody there, work counts as never answered, seconds.
GIVE_UP = 30 * 24 * HOUR


@dataclass(frozen=True, slots=True)
class Crew:
    """Who was there: people active by hour (epoch seconds of its beginning), and answers an hour of each."""

    people: Mapping[int, int]
    pace: float

    def rate(self, hour: int) -> float:
        """Answers an hour in this hour."""
        return self.people.get(hour, 0) * self.pace


@dataclass(frozen=True, slots=True)
class Work:
    """So many pieces that came `at` one moment, and by when an answer is `due`; epoch seconds, None = no promise."""

    at: int
    due: float | None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Service:
    """How it went: pieces of work, for how many an answer was promised and given in time, and the longest wait in
    seconds (None = for ever).
    """

    pieces: int
    promised: int
    met: int
    longest: float | None
    late_by_day: Mapping[int, float]


def serve(work: Iterable[Work], crew: Crew) -> Service:
    """Work of one queue, done first come, first served.

    Returns how late answers were by day of the arrival (epoch seconds of its beginning, UTC): the longest of each day.
    """
    free, pieces, promised, met, longest = 0.0, 0, 0, 0, 0.0
    ever = True
    late: dict[int, float] = {}
    for one in sorted(work, key=lambda each: each.at):
        pieces += one.count
        promised += one.count if one.due is not None else 0
        for _ in range(one.count):
            done = _advance(max(float(one.at), free), crew) if ever else None
            if done is None:
                ever = False
                break
            free, longest = done, max(longest, done - one.at)
            if one.due is not None and done <= one.due:
                met += 1
            elif one.due is not None:
                day = one.at // 86_400 * 86_400
                late[day] = max(late.get(day, 0.0), done - one.due)
    return Service(pieces, promised, met, longest if ever else None, late)


def _advance(start: float, crew: Crew) -> float | None:
    """When one more piece of work that begins at `start` is done; None = nobody comes any more."""
    left, at = 1.0, start
    while at - start < GIVE_UP:
        hour = int(at) // HOUR * HOUR
        rate = crew.rate(hour)
        end = hour + HOUR
        if rate > 0:
            need = left / rate * HOUR
            if at + need <= end:
                return at + need
            left -= (end - at) / HOUR * rate
        at = float(end)
    return None
