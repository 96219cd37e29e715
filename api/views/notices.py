"""What the caller was told."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import notices as shapes
from api.views.base import View, reads, writes
from routing.selectors import notices
from routing.selectors.attention import attention_of
from routing.services import attention
from routing.services import notices as services
from routing.services.attention import Wishes


class Notices(View):
    """Your notices."""

    @reads(shapes.NoticesShape, shapes.NoticesQuery, operation_id="notices_list")
    def get(self, _request: Request) -> Response:
        """Newest first, 50 at most; `before` is the id of the last one of the page before."""
        asked = self.query(shapes.NoticesQuery)
        found = notices.notices_of(self.access, before=asked["before"], unread=asked["unread"])
        unread = notices.unread(self.access).count
        return Response({"results": [shapes.notice(one) for one in found], "unread": unread})


class Reading(View):
    """Having read them."""

    @writes(shapes.ReadingInput, shapes.ReadShape, operation_id="notices_read")
    def post(self, _request: Request) -> Response:
        """Those named, or all; others' notices are left alone."""
        return Response({"read": services.read(self.person, ids=self.body(shapes.ReadingInput)["notices"])})


class Habits(View):
    """What you want to be told, and when you want to be left in peace."""

    @reads(shapes.AttentionShape, operation_id="attention_show")
    def get(self, _request: Request) -> Response:
        """As it is in force."""
        return Response(shapes.attention(attention_of(self.person)))

    @writes(shapes.AttentionInput, shapes.AttentionShape, operation_id="attention_change")
    def post(self, _request: Request) -> Response:
        """All of it at once."""
        attention.save(Wishes(**self.body(shapes.AttentionInput)), actor=self.person)
        return Response(shapes.attention(attention_of(self.person)))
