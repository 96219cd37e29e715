"""Reading desks and queues."""

from __future__ import annotations

from collections import defaultdict

from inbox.models.queue import Queue


def queues_of_teams() -> dict[int, list[Queue]]:
    """Team's id → the queues that it staffs, with their desks; one query."""
    queues: dict[int, list[Queue]] = defaultdict(list)
    for queue in Queue.objects.select_related("desk"):
        queues[queue.team_id].append(queue)
    return dict(queues)
