"""The plain first routing, as a pure function: what has reach goes to PR, everything else to Care."""

from __future__ import annotations

from dataclasses import dataclass

from inbox.dispatch import Arrival, Placement


@dataclass(frozen=True, slots=True)
class FirstQueue:
    """Where new work of one desk arrives."""

    queue_id: int
    name: str


@dataclass(frozen=True, slots=True)
class FirstQueues:
    """Care takes everything; where there is no PR it takes that as well."""

    care: FirstQueue
    pr: FirstQueue | None


def decide(arrival: Arrival, queues: FirstQueues, *, reach: int) -> Placement:
    """Where a new conversation goes first, and why.

    Args:
        reach: followers from which on PR goes first.
    """
    if queues.pr is not None and arrival.followers is not None and arrival.followers >= reach:
        why = f"{arrival.followers:,} followers: from {reach:,} on PR goes first"
        return Placement(queues.pr.queue_id, queues.pr.name, why)
    return Placement(queues.care.queue_id, queues.care.name, f"{queues.care.name} takes everything else")
