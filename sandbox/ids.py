"""Snowflake ids with X's bit layout: 41 bits of milliseconds, 10 of the machine, 12 of a sequence.

Source: github.com/twitter-archive/snowflake (README, "Solution") and the epoch 1288834974657 of its IdWorker.
"""

from collections.abc import Callable

EPOCH_MS = 1_288_834_974_657
SHIFT = 22
MACHINE = 1 << 12
SPAN = 1 << SHIFT
MAX_ID = (1 << 63) - 1


def first_of(ms: int) -> int:
    """The smallest id that a post of this millisecond can have."""
    return max(ms - EPOCH_MS, 0) << SHIFT


def time_of(snowflake: int) -> int:
    """The millisecond in which this id was made."""
    return (snowflake >> SHIFT) + EPOCH_MS


class IdMaker:
    """Makes ids that nobody has yet.

    Ids of one millisecond count up. `taken` is asked too, since posts may be given with ids of their own.
    """

    def __init__(self, taken: Callable[[int], bool]) -> None:
        self._taken = taken
        self._last: dict[int, int] = {}

    def next(self, ms: int) -> int:
        """A new id for a thing made at `ms`. Raises: OverflowError when a millisecond has given 4 million ids."""
        candidate = self._last.get(ms, first_of(ms) + MACHINE - 1) + 1
        while self._taken(candidate):
            candidate += 1
        if candidate >= first_of(ms) + SPAN:
            raise OverflowError("no id left in this millisecond")
        self._last[ms] = candidate
        return candidate
