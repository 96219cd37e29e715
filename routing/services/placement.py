"""Where new conversations go first, for a whole page of them at once: before triage has spoken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from inbox.dispatch import Arrival, Placement
from inbox.models.queue import Queue
from routing.rules.contracts import Facts, Names, Outcome
from routing.rules.decide import RuleSetView, at_arrival
from routing.rules.shipped import shipped
from routing.rules.wording import compiled

CARE, PR = "care", "pr"


class NoQueue(RuntimeError):
    """Nobody has set up a queue yet: there is nowhere to put a conversation."""


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


def place(arrivals: Sequence[Arrival]) -> list[Placement]:
    """A placement per arrival, in order; one query however many there are.

    Raises: NoQueue where no desk has a first queue.
    """
    queues = first_queues()
    names = {one.queue_id: one.name for one in (queues.care, queues.pr) if one is not None}
    rules = _rules(queues, names)
    return [_placement(at_arrival(facts_of(arrival), rules), queues.care, names) for arrival in arrivals]


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


def first_queues() -> FirstQueues:
    """The first queues of Care and PR; the first desk stands in for a Care that was renamed.

    Raises: NoQueue.
    """
    rows = Queue.objects.filter(first_of_desk=True).order_by("desk__position", "desk_id")
    by_desk = {slug: FirstQueue(pk, name) for slug, pk, name in rows.values_list("desk__slug", "pk", "name")}
    if not by_desk:
        raise NoQueue("No desk has a first queue.")
    return FirstQueues(by_desk.get(CARE) or next(iter(by_desk.values())), by_desk.get(PR))


def _rules(queues: FirstQueues, queue_names: dict[int, str]) -> RuleSetView:
    pr_id = queues.pr.queue_id if queues.pr else None
    wordings = shipped(care_id=queues.care.queue_id, pr_id=pr_id, reach=settings.PR_REACH)
    return compiled(wordings, Names(queues=queue_names))


def _placement(outcome: Outcome, care: FirstQueue, names: dict[int, str]) -> Placement:
    """Where the rules want it; the first queue where they name one that is gone."""
    why = outcome.reasons[-1][1] if outcome.reasons else ""
    if outcome.queue_id in names:
        return Placement(outcome.queue_id, names[outcome.queue_id], why)
    return Placement(care.queue_id, care.name, why)
