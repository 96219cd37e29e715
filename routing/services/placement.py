"""Where new conversations go first, for a whole page of them at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from inbox.dispatch import Arrival, Placement
from inbox.models.queue import Queue
from routing.rules import FirstQueue, FirstQueues, decide

CARE, PR = "care", "pr"


class NoQueue(RuntimeError):
    """Nobody has set up a queue yet: there is nowhere to put a conversation."""


def place(arrivals: Sequence[Arrival]) -> list[Placement]:
    """A placement per arrival, in order; one query however many there are.

    Raises: NoQueue where no desk has a first queue.
    """
    queues = first_queues()
    return [decide(arrival, queues, reach=settings.PR_REACH) for arrival in arrivals]


def first_queues() -> FirstQueues:
    """The first queues of Care and PR; the first desk stands in for a Care that was renamed.

    Raises: NoQueue.
    """
    rows = Queue.objects.filter(first_of_desk=True).order_by("desk__position", "desk_id")
    by_desk = {slug: FirstQueue(pk, name) for slug, pk, name in rows.values_list("desk__slug", "pk", "name")}
    if not by_desk:
        raise NoQueue("No desk has a first queue.")
    return FirstQueues(by_desk.get(CARE) or next(iter(by_desk.values())), by_desk.get(PR))
