"""The first refusal that a queue has of a conversation."""

from __future__ import annotations

from inbox.models.conversation import Conversation
from routing.models.staffing import Lane


def open_in(conversation: Conversation) -> Lane | None:
    """The lane in which a readable conversation lies now; one query."""
    rows = Lane.objects.filter(conversation=conversation, state=Lane.State.OPEN, lane_queue=conversation.queue_id)
    return rows.select_related("home_queue", "lane_queue").first()
