"""When to look again: pure arithmetic on traffic, the network's limits, the budget and errors. No database."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from channels.contracts import RateWindow

# A network's list of new items may hold only this many (X mentions: 800; see adapters/x/queries.py), so a poll must
# come when it is half full. Source: reliability.md §2.3 row 27.
HALF_A_WINDOW = 400
SHORTEST_S = 1.0
# Retry after errors: 5, 10, 20 … seconds, at most five minutes; what needs a person, every quarter of an hour.
BACKOFF_FIRST_S = 5.0
BACKOFF_MAX_S = 300.0
PERMANENT_RETRY_S = 900.0
# Without a word of the network when its window opens again; and the longest that any word is believed.
LIMITED_S = 60.0
LIMITED_MAX_S = 3600.0
# Share of the month's budget from which polling slows down, and by how much.
SLOWER_FROM = ((Decimal("0.9"), 4.0), (Decimal("0.7"), 2.0))
# Usage in per cent above which a network that only tells percentages is left in peace for a while.
USED_PERCENT_HIGH = 90


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds until the next poll, and why it is longer than usual (empty: it is not)."""

    seconds: float
    because: str = ""


def interval(previous: float, *, stored: int, elapsed: float, busy: float, quiet: float) -> float:
    """The next interval of a stream, in seconds.

    Args:
        stored: new items of the walk that has just closed.
        elapsed: seconds since the walk before it closed.
        busy / quiet: the shortest and the longest interval of the installation.
    """
    if not stored:
        return max(busy, min(previous * 2, quiet))
    fits = HALF_A_WINDOW * elapsed / stored
    return max(SHORTEST_S, min(busy, fits))


def budget_factor(spent: Decimal, budget: Decimal | None) -> float | None:
    """By how much the budget of the month stretches the interval; None = it is used up, reading stops."""
    if budget is None:
        return 1.0
    if spent >= budget:
        return None
    share = spent / budget
    return next((factor for limit, factor in SLOWER_FROM if share >= limit), 1.0)


def window_wait(windows: Iterable[RateWindow], now: datetime) -> Wait:
    """How long to wait so that the calls that the network still grants last until its window opens again."""
    waits = [_of_window(window, now) for window in windows]
    return max(waits, key=lambda wait: wait.seconds, default=Wait(0.0))


def _of_window(window: RateWindow, now: datetime) -> Wait:
    left = (window.reset_at - now).total_seconds() if window.reset_at else LIMITED_S
    left = min(left, LIMITED_MAX_S)
    if window.used_percent is not None and window.used_percent >= USED_PERCENT_HIGH:
        return Wait(max(left, LIMITED_S), f"The network’s limit is used to {window.used_percent} %.")
    if window.remaining is None or window.reset_at is None or left <= 0:
        return Wait(0.0)
    if window.remaining <= 0:
        return Wait(left, "The network’s limit for this window is used up.")
    return Wait(left / window.remaining, "The network’s limit is spread over its window.")


def limited(retry_after: datetime | None, now: datetime) -> float:
    """Seconds to wait after a refusal for too many calls; past and absurd times are not believed."""
    if retry_after is None:
        return LIMITED_S
    return min(max((retry_after - now).total_seconds(), SHORTEST_S), LIMITED_MAX_S)


def backoff(errors: int, *, chance: random.Random | None = None) -> float:
    """Seconds to wait after the n-th error in a row, with jitter so that streams do not come back together."""
    longest = min(BACKOFF_FIRST_S * 2 ** min(max(errors - 1, 0), 10), BACKOFF_MAX_S)
    return longest * (chance or random).uniform(0.5, 1.0)


def next_month(now: datetime) -> datetime:
    """Midnight UTC of the first day of the next month: budgets begin anew."""
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)
