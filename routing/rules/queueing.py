"""A plain queue: work in the order in which it came, done as fast as the people who were there really were.

Assumptions, which the page states: one answer is one piece of work; whoever was active in an hour answers at the
queue's usual pace in it; nobody works ahead, and nothing is left undone for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
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
class Service:
    """How it went: pieces of work, how many within the target, and the longest wait in seconds (None = for ever)."""

    pieces: int
    met: int
    longest: float | None
    late_by_day: Mapping[int, float]


def serve(arrivals: Mapping[int, int], crew: Crew, *, target: float) -> Service:
    """Work of one queue, done first come, first served.

    Args:
        arrivals: epoch seconds → pieces of work.
        target: seconds from arrival to answer.

    Returns waits beyond the target by day (epoch seconds of its beginning, UTC): the longest of each day.
    """
    free, met, pieces, longest = 0.0, 0, 0, 0.0
    ever = True
    late: dict[int, float] = {}
    for at in sorted(arrivals):
        for _ in range(arrivals[at]):
            pieces += 1
            done = _advance(max(float(at), free), crew) if ever else None
            if done is None:
                ever = False
                continue
            free, wait = done, done - at
            longest = max(longest, wait)
            if wait <= target:
                met += 1
            else:
                day = at // 86_400 * 86_400
                late[day] = max(late.get(day, 0.0), wait - target)
    return Service(pieces, met, longest if ever else None, late)


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
