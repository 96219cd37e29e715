"""Where new conversations go first, for a whole page of them at once: before triage has spoken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inbox.dispatch import Arrival, Placement
from inbox.models.queue import Queue
from routing.rules.contracts import Facts, Outcome
from routing.rules.decide import at_arrival
from routing.services import rules


def place(arrivals: Sequence[Arrival]) -> list[Placement]:
    """A placement per arrival, in order; two queries however many there are.

    Raises: NoQueue where no desk has a first queue.
    """
    in_force = rules.in_force()
    queues = dict(Queue.objects.order_by("-first_of_desk", "desk__position", "desk_id").values_list("pk", "name"))
    return [_placement(at_arrival(facts_of(arrival), in_force), queues) for arrival in arrivals]


def facts_of(arrival: Arrival) -> Facts:
    """What is known when a conversation opens; rules that ask for more are not asked yet."""
    return Facts(
        message_id=0,
        conversation_id=0,
        channel_id=arrival.channel_id,
        network=arrival.network,
        brand_id=arrival.brand_id,
        queue_id=0,
        private=arrival.private,
        followers=arrival.followers,
        verified=arrival.verified,
    )


def _placement(outcome: Outcome, queues: Mapping[int, str]) -> Placement:
    """Where the rules want it; the first queue of the first desk where they name one that is gone."""
    why = outcome.reasons[-1][1] if outcome.reasons else ""
    queue_id = outcome.queue_id
    if queue_id is None or queue_id not in queues:
        queue_id = next(iter(queues))
    return Placement(queue_id, queues[queue_id], why)
