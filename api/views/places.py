"""Queues and channels."""

from __future__ import annotations

from collections import Counter

from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import outputs
from api.serializers.inputs import ChannelMessagesQuery
from api.views.base import View, reads
from inbox.policies import access_of
from inbox.selectors import counts, items


class Queues(View):
    """Where work waits."""

    @reads(outputs.QueuesShape, operation_id="queues_list")
    def get(self, _request: Request) -> Response:
        """Your queues with their kept counters."""
        access = access_of(self.person)
        numbers = _numbers(counts.kept(access))
        results = [
            {
                "id": queue.pk,
                "slug": queue.slug,
                "name": queue.name,
                "desk": queue.desk.slug,
                "open": numbers[queue.pk, "open"],
                "needs_reply": numbers[queue.pk, "needs_reply"],
                "unowned": numbers[queue.pk, "unowned"],
            }
            for queue in items.readable_queues(access)
        ]
        return Response({"results": results})


def _numbers(kept: list[counts.Kept]) -> Counter[tuple[int, str]]:
    """(queue, what) → how many."""
    numbers: Counter[tuple[int, str]] = Counter()
    for one in kept:
        if one.status == "open":
            numbers[one.queue_id, "open"] += one.n
            numbers[one.queue_id, "needs_reply"] += one.n if one.waiting else 0
            numbers[one.queue_id, "unowned"] += one.n if one.free else 0
    return numbers


class ChannelMessages(View):
    """Everything that one channel brought."""

    @reads(outputs.MessagePageShape, ChannelMessagesQuery, operation_id="channels_messages")
    def get(self, _request: Request, pk: int) -> Response:
        """In the order in which it was stored, context included."""
        asked = self.query(ChannelMessagesQuery)
        access = access_of(self.person)
        channel = items.get_visible_channel(access, pk)
        entries, cursor = items.channel_page(
            access, channel, after=asked["cursor"] or None, limit=asked["limit"], context=asked["context"]
        )
        return Response({"results": [outputs.message(entry) for entry in entries], "next": cursor})
