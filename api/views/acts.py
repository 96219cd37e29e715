"""Acts on a conversation: the same services as in the browser."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api.serializers import inputs, outputs
from api.views.base import View, client_token, reads, writes
from api.views.conversations import detail
from core.errors import Invalid
from inbox.selectors import conversations, items
from inbox.services import lifecycle, moderation, ownership, people, replies, tags, uploads
from routing.services import handoff


class Assignment(View):
    """Whose it is."""

    @writes(inputs.AssignmentInput, outputs.ConversationDetailShape, operation_id="conversations_assign")
    def post(self, _request: Request, pk: int) -> Response:
        """Claim (`"me"`), assign (an id) or release (null)."""
        given = self.body(inputs.AssignmentInput)
        agent = given["agent"]
        if agent == "me" and given["take_over"]:
            seen = conversations.get_visible_conversation(self.person, pk).owner_id
            ownership.take_over(pk, actor=self.person, seen_owner=seen)
        elif agent == "me":
            ownership.claim(pk, actor=self.person)
        elif agent is None:
            ownership.release(pk, actor=self.person, reason=given["reason"])
        else:
            ownership.assign(pk, to=_agent(agent), actor=self.person)
        return Response(detail(self, pk))


def _agent(pk: int) -> User:
    found = items.agent(pk)
    if found is None:
        raise Invalid("There is no such agent.", fields={"agent": "There is no such agent."})
    return found


class Replies(View):
    """Answers."""

    @writes(inputs.ReplyInput, outputs.DeliveryShape, status=202, operation_id="conversations_reply")
    def post(self, request: Request, pk: int) -> Response:
        """Answer; it leaves after the hold. The same key again gives the same delivery, with another body 409."""
        given = self.body(inputs.ReplyInput)
        key = client_token(request, given.pop("client_token"), needed=True)
        files = [_file(index, one) for index, one in enumerate(given.pop("media"))]
        delivery = replies.submit(pk, actor=self.person, client_token=key, files=files, **given)
        return Response(outputs.delivery(items.get_visible_delivery(self.person, delivery.pk)), status=202)


def _file(index: int, given: dict[str, str]) -> uploads.Given:
    try:
        content = base64.b64decode(given["content"], validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("A file is not base64.", fields={f"media[{index}].content": "This is not base64."}) from None
    return uploads.Given(content, given["alt"])


class Handoffs(View):
    """Asking another queue."""

    @writes(inputs.HandoffInput, outputs.HandoffShape, status=201, operation_id="conversations_hand_off")
    def post(self, _request: Request, pk: int) -> Response:
        """Queue and owner stay until it is accepted."""
        given = self.body(inputs.HandoffInput)
        queue = items.queue_named(given.pop("queue"))
        made = handoff.ask(pk, to=queue, actor=self.person, **given)
        return Response(outputs.handoff(made), status=201)


class Resolution(View):
    """Done."""

    @writes(inputs.ResolutionInput, outputs.ConversationDetailShape, operation_id="conversations_resolve")
    def post(self, _request: Request, pk: int) -> Response:
        """Resolve with a disposition."""
        lifecycle.resolve(pk, actor=self.person, **self.body(inputs.ResolutionInput))
        return Response(detail(self, pk))

    @writes(None, outputs.ConversationDetailShape, operation_id="conversations_reopen")
    def delete(self, _request: Request, pk: int) -> Response:
        """Open it again."""
        lifecycle.reopen(pk, actor=self.person)
        return Response(detail(self, pk))


class Snooze(View):
    """Later."""

    @writes(inputs.SnoozeInput, outputs.ConversationDetailShape, operation_id="conversations_snooze")
    def post(self, _request: Request, pk: int) -> Response:
        """Snooze until a time; null wakes it."""
        until = self.body(inputs.SnoozeInput)["until"]
        if until is None:
            lifecycle.wake(pk, actor=self.person)
        else:
            lifecycle.snooze(pk, actor=self.person, until=until)
        return Response(detail(self, pk))


class Priority(View):
    """How urgent."""

    @writes(inputs.PriorityInput, outputs.ConversationDetailShape, operation_id="conversations_prioritise")
    def post(self, _request: Request, pk: int) -> Response:
        """1 urgent to 4 low."""
        lifecycle.set_priority(pk, actor=self.person, priority=self.body(inputs.PriorityInput)["priority"])
        return Response(detail(self, pk))


class Tags(View):
    """Words on a conversation."""

    @writes(inputs.TagsInput, outputs.ConversationDetailShape, operation_id="conversations_tag")
    def post(self, _request: Request, pk: int) -> Response:
        """Add and remove in one step."""
        tags.change(pk, actor=self.person, **self.body(inputs.TagsInput))
        return Response(detail(self, pk))


class Mute(View):
    """The author."""

    @writes(inputs.MuteInput, outputs.ProfileShape, operation_id="conversations_mute")
    def post(self, _request: Request, pk: int) -> Response:
        """A muted author's messages are kept and ask for nobody."""
        act = people.mute if self.body(inputs.MuteInput)["muted"] else people.unmute
        return Response(outputs.profile(act(pk, actor=self.person)))


class Elsewhere(View):
    """Answers given on the network itself."""

    @writes(inputs.ElsewhereInput, outputs.ConversationDetailShape, operation_id="conversations_answered_elsewhere")
    def post(self, _request: Request, pk: int) -> Response:
        """Record one."""
        moderation.record_elsewhere(pk, actor=self.person, note=self.body(inputs.ElsewhereInput)["note"])
        return Response(detail(self, pk))


class HandoffDecision(View):
    """What the receivers, or the asker, say to a hand-over."""

    @writes(inputs.Strict, outputs.HandoffShape, operation_id="handoffs_accept")
    def post(self, _request: Request, pk: int) -> Response:
        """Accept: queue and owner move."""
        self.body(inputs.Strict)
        return Response(outputs.handoff(handoff.accept(pk, actor=self.person)))


class HandoffDecline(View):
    """No."""

    @writes(inputs.ReasonInput, outputs.HandoffShape, operation_id="handoffs_decline")
    def post(self, _request: Request, pk: int) -> Response:
        """Decline with a reason; nothing moves."""
        reason = self.body(inputs.ReasonInput)["reason"]
        return Response(outputs.handoff(handoff.decline(pk, actor=self.person, reason=reason)))


class HandoffWithdraw(View):
    """Never mind."""

    @writes(inputs.Strict, outputs.HandoffShape, operation_id="handoffs_withdraw")
    def post(self, _request: Request, pk: int) -> Response:
        """Take the question back."""
        self.body(inputs.Strict)
        return Response(outputs.handoff(handoff.withdraw(pk, actor=self.person)))


class MessageAct(View):
    """Acts on one message at the network."""

    def done(self, pk: int) -> Response:
        """The message as it is now."""
        return Response(outputs.message(items.visible_entry(self.person, pk)))


class MessageHidden(MessageAct):
    """Comments under our posts."""

    @writes(inputs.HiddenInput, outputs.MessageShape, operation_id="messages_hide")
    def post(self, _request: Request, pk: int) -> Response:
        """Hide or show."""
        moderation.hide(pk, actor=self.person, hidden=self.body(inputs.HiddenInput)["hidden"])
        return self.done(pk)


class MessageLiked(MessageAct):
    """Likes."""

    @writes(inputs.LikedInput, outputs.MessageShape, operation_id="messages_like")
    def post(self, _request: Request, pk: int) -> Response:
        """Like or take it back."""
        moderation.like(pk, actor=self.person, liked=self.body(inputs.LikedInput)["liked"])
        return self.done(pk)


class MessageDeletion(MessageAct):
    """Our own answers."""

    @writes(inputs.ReasonInput, outputs.MessageShape, operation_id="messages_delete")
    def post(self, _request: Request, pk: int) -> Response:
        """Delete our own answer at the network; the text stays in the audit."""
        moderation.delete_own(pk, actor=self.person, reason=self.body(inputs.ReasonInput)["reason"])
        return self.done(pk)


class DeliveryDetail(View):
    """One answer on its way."""

    @reads(outputs.DeliveryShape, operation_id="deliveries_read")
    def get(self, _request: Request, pk: int) -> Response:
        """Its state, and what the network said."""
        return _delivery(self, pk)


class DeliveryCancel(View):
    """Undo."""

    @writes(inputs.Strict, outputs.DeliveryShape, operation_id="deliveries_cancel")
    def post(self, _request: Request, pk: int) -> Response:
        """Take it back while it is held."""
        self.body(inputs.Strict)
        items.get_visible_delivery(self.person, pk)
        replies.cancel(pk, actor=self.person)
        return _delivery(self, pk)


class DeliveryResend(View):
    """Again."""

    @writes(inputs.Strict, outputs.DeliveryShape, status=202, operation_id="deliveries_resend")
    def post(self, _request: Request, pk: int) -> Response:
        """Send a failed answer, or one that a person must decide about, again."""
        self.body(inputs.Strict)
        items.get_visible_delivery(self.person, pk)
        replies.resend(pk, actor=self.person)
        return _delivery(self, pk, status=202)


def _delivery(view: View, pk: int, **options: Any) -> Response:
    return Response(outputs.delivery(items.get_visible_delivery(view.person, pk)), **options)
