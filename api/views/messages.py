"""Acts on single messages, and answers on their way."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import inputs, outputs
from api.views.base import View, reads, writes
from inbox.selectors import items
from inbox.selectors.parts import parts_of
from inbox.services import moderation, replies


class MessageAct(View):
    """Acts on one message at the network."""

    def done(self, pk: int) -> Response:
        """The message as it is now."""
        entry = items.visible_entry(self.person, pk)
        return Response(outputs.message(entry, items.parents_of(self.access, [entry])))


class MessageHidden(MessageAct):
    """Comments under our posts."""

    @writes(inputs.HiddenInput, outputs.MessageShape, at_network=True, operation_id="messages_hide")
    def post(self, _request: Request, pk: int) -> Response:
        """Hide or show."""
        moderation.hide(pk, actor=self.person, hidden=self.body(inputs.HiddenInput)["hidden"])
        return self.done(pk)


class MessageLiked(MessageAct):
    """Likes."""

    @writes(inputs.LikedInput, outputs.MessageShape, at_network=True, operation_id="messages_like")
    def post(self, _request: Request, pk: int) -> Response:
        """Like or take it back."""
        moderation.like(pk, actor=self.person, liked=self.body(inputs.LikedInput)["liked"])
        return self.done(pk)


class MessageDeletion(MessageAct):
    """Our own answers."""

    @writes(inputs.ReasonInput, outputs.MessageShape, at_network=True, operation_id="messages_delete")
    def post(self, _request: Request, pk: int) -> Response:
        """Delete our own answer at the network; the text stays in the audit."""
        moderation.delete_own(pk, actor=self.person, reason=self.body(inputs.ReasonInput)["reason"])
        return self.done(pk)


class DeliveryDetail(View):
    """One answer on its way."""

    @reads(outputs.DeliveryShape, operation_id="deliveries_read")
    def get(self, _request: Request, pk: int) -> Response:
        """Its state, and what the network said."""
        return delivery_answer(self, pk)


class DeliveryCancel(View):
    """Undo."""

    @writes(inputs.Nothing, outputs.DeliveryShape, operation_id="deliveries_cancel")
    def post(self, _request: Request, pk: int) -> Response:
        """Take it back while it is held."""
        self.body(inputs.Nothing)
        replies.cancel(pk, actor=self.person)
        return delivery_answer(self, pk)


class DeliveryResend(View):
    """Again."""

    @writes(inputs.ResendInput, outputs.DeliveryShape, status=202, operation_id="deliveries_resend")
    def post(self, _request: Request, pk: int) -> Response:
        """Send a failed answer, or one that a person must decide about, again."""
        given = self.body(inputs.ResendInput)
        replies.resend(pk, actor=self.person, **given)
        return delivery_answer(self, pk, status=202)


def delivery_answer(view: View, pk: int, **options: Any) -> Response:
    """One delivery as it is now."""
    row = items.get_visible_delivery(view.person, pk)
    return Response(outputs.delivery(row, parts_of(row)), **options)
