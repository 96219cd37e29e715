"""How a channel fares, judged from stored facts: one word, one tone. No queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from channels.models import Channel, Stream

# Errors in a row from which people should know.
MANY_ERRORS = 3
# A stream that has not closed a walk for so many intervals is behind; polls of a few seconds get some grace.
INTERVALS_BEHIND = 5
GRACE_S = 60.0
# So many items should have come since the last one: a network that answers with empty pages says nothing else.
# Source: reliability.md §2.3 row 31. By chance alone (Poisson) that happens once in 10^13 times; nights need room.
ITEMS_MISSING = 30


class State(StrEnum):
    """What is said of a channel, worst first."""

    LOST = "lost"
    SICK = "sick"
    BEHIND = "behind"
    SPENT = "spent"
    GAP = "gap"
    QUIET = "quiet"
    HALTED = "halted"
    PAUSED = "paused"
    STARTING = "starting"
    HEALTHY = "healthy"
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, slots=True)
class Health:
    """The judgement and the sentence behind it, empty where there is nothing to say."""

    state: State
    reason: str = ""

    @property
    def tone(self) -> str:
        if self.state in (State.LOST, State.SICK):
            return "bad"
        if self.state in (State.BEHIND, State.SPENT, State.GAP, State.QUIET, State.HALTED, State.PAUSED):
            return "warn"
        return "good" if self.state is State.HEALTHY else ""


def of(
    channel: Channel, streams: Sequence[Stream], now: datetime, *, spent: bool = False, usual: float = 0.0
) -> Health:
    """The worst that can be said.

    Args:
        spent: the month's budget is used up.
        usual: items a second over the last days.
    """
    if channel.status == Channel.Status.NEEDS_RECONNECT:
        return Health(State.LOST, channel.status_reason)
    if channel.status == Channel.Status.DISCONNECTED:
        return Health(State.DISCONNECTED, channel.status_reason)
    if channel.status == Channel.Status.PAUSED:
        return Health(State.PAUSED, channel.status_reason)
    return _of_connected(channel, streams, now, spent, usual)


def _of_connected(channel: Channel, streams: Sequence[Stream], now: datetime, spent: bool, usual: float) -> Health:
    if channel.breaker_until is not None:
        return Health(State.SICK, _last_error(streams))
    if spent:
        return Health(State.SPENT, next((s.waits_because for s in streams if s.waits_because), ""))
    late = [stream for stream in streams if is_behind(stream, now)]
    if late:
        return Health(State.BEHIND, _last_error(late))
    gap = next((stream.gap for stream in streams if stream.gap), "")
    if gap:
        return Health(State.GAP, gap)
    silence = _silence(streams, now)
    if silence * usual >= ITEMS_MISSING:
        return Health(
            State.QUIET,
            f"Nothing new for {silence / 60:.0f} minutes, where about {usual * 3600:.0f} items an hour are usual.",
        )
    if channel.sending_halted_at is not None:
        return Health(State.HALTED, channel.sending_halted_because)
    if not any(stream.last_ok_at for stream in streams):
        return Health(State.STARTING)
    return Health(State.HEALTHY)


def is_behind(stream: Stream, now: datetime) -> bool:
    """Whether this stream fails, or was not read for much longer than it should."""
    if stream.errors_in_row >= MANY_ERRORS:
        return True
    planned = max(stream.next_poll_at, stream.last_ok_at or stream.read_since)
    return now - planned > timedelta(seconds=INTERVALS_BEHIND * stream.interval_s + GRACE_S)


def _silence(streams: Sequence[Stream], now: datetime) -> float:
    """Seconds since the newest item of any stream; 0 where nothing ever came."""
    newest = max((stream.last_item_at for stream in streams if stream.last_item_at), default=now)
    return (now - newest).total_seconds()


def _last_error(streams: Sequence[Stream]) -> str:
    failed = [stream for stream in streams if stream.last_error]
    newest = max(failed, key=lambda stream: stream.last_error_at or stream.read_since, default=None)
    return newest.last_error if newest else ""
