"""The parts of one answer."""

from __future__ import annotations

from django.db.models import QuerySet

from inbox import parts
from inbox.models.work import Delivery


def parts_of(delivery: Delivery, rows: QuerySet[Delivery] | None = None) -> list[Delivery]:
    """All parts of the answer that this one belongs to, in order. One query, none for an answer of one post.

    Args:
        rows: what to take them from, such as locked ones.
    """
    if rows is None and delivery.parts == 1:
        return [delivery]
    among = Delivery.objects.all() if rows is None else rows
    found = among.filter(pk=delivery.pk)
    if delivery.parts > 1:
        found = among.filter(
            conversation_id=delivery.conversation_id, answers_id=delivery.answers_id, parts=delivery.parts
        )
    return next(thread for thread in parts.threads(found.order_by("id")) if delivery in thread)
