"""Queues and channels."""

from __future__ import annotations

from collections import Counter

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import supervises
from api.serializers import accounts, outputs
from api.serializers.inputs import ChannelMessagesQuery
from api.views.base import View, reads
from api.views.conversations import message_page
from channels import selectors
from inbox.selectors import counts, items


class Queues(View):
    """Where work waits."""

    @reads(outputs.QueuesShape, operation_id="queues_list")
    def get(self, _request: Request) -> Response:
        """Your queues with their kept counters."""
        access = self.access
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


class Channels(View):
    """Connected accounts."""

    @reads(accounts.ChannelsShape, operation_id="channels_list")
    def get(self, _request: Request) -> Response:
        """Those of your brands, by brand and name; their health for supervisors and administrators."""
        with_health = supervises(self.person)
        brands = selectors.board(self.access.brand_ids)
        found = [account for brand in brands for account in brand.accounts]
        return Response({"results": [accounts.channel(one, with_health=with_health) for one in found]})


class ChannelDetail(View):
    """One connected account."""

    @reads(accounts.ChannelShape, operation_id="channels_read")
    def get(self, _request: Request, pk: int) -> Response:
        """With its health, for supervisors and administrators."""
        channel = selectors.visible_channel(pk, self.access.brand_ids)
        account = selectors.accounts([channel])[0]
        return Response(accounts.channel(account, with_health=supervises(self.person)))


class ChannelMessages(View):
    """Everything that one channel brought."""

    @reads(outputs.MessagePageShape, ChannelMessagesQuery, operation_id="channels_messages")
    def get(self, _request: Request, pk: int) -> Response:
        """In the order in which it was stored, context included."""
        asked = self.query(ChannelMessagesQuery)
        access = self.access
        channel = items.get_visible_channel(access, pk)
        entries, cursor = items.channel_page(access, channel, after=asked.pop("cursor") or None, **asked)
        return message_page(entries, cursor, access)
