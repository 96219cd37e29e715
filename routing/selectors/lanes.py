"""The first refusal that a queue has of a conversation."""

from __future__ import annotations

from django.db.models import QuerySet

from core.fixed import Slot, fixed
from inbox.models.conversation import Conversation
from routing.models.staffing import Lane


def open_in(conversation: Conversation) -> Lane | None:
    """The lane in which a readable conversation lies now; one query."""
    return _open.first(conversation=conversation.pk, queue=conversation.queue_id)


@fixed(conversation="bigint", queue="bigint")
def _open(conversation: Slot, queue: Slot) -> QuerySet[Lane]:
    rows = Lane.objects.filter(conversation=conversation, state=Lane.State.OPEN, lane_queue=queue)
    return rows.select_related("home_queue", "lane_queue")[:1]
