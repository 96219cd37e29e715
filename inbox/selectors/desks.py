"""Reading desks and queues."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from core.errors import NotFound
from inbox.models.queue import Desk, Queue


def desks() -> QuerySet[Desk]:
    """All desks with their queues and the teams of these, in order; two queries."""
    queues = Queue.objects.select_related("team").order_by("position", "id")
    return Desk.objects.prefetch_related(Prefetch("queues", queryset=queues))


def desks_alone() -> QuerySet[Desk]:
    """All desks in order; one query when it is read."""
    return Desk.objects.all()


def first_queues() -> list[Queue]:
    """The queue of each desk in which its new work arrives, in the order of the desks; one query."""
    return list(Queue.objects.filter(first_of_desk=True).select_related("desk", "team"))


def queues() -> QuerySet[Queue]:
    """All queues with their desks, in order; one query when it is read."""
    return Queue.objects.select_related("desk")


def queue(pk: int) -> Queue:
    """Raises: NotFound."""
    row = Queue.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound("There is no such queue.")
    return row


def others(queue_id: int) -> QuerySet[Queue]:
    """Where something may go from a queue: every other one, with its desk; one query when it is read."""
    return queues().exclude(pk=queue_id)


def desk_by_queue() -> dict[int, str]:
    """Slug of the desk of each queue; one query."""
    return dict(Queue.objects.values_list("pk", "desk__slug"))
