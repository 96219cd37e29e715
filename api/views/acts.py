"""Acts on a conversation: the same services as in the browser."""

from __future__ import annotations

import base64
import binascii

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api.serializers import inputs, outputs
from api.views.base import View, client_token, fields_named, writes
from api.views.conversations import detail
from api.views.messages import delivery_answer
from core.errors import Invalid
from inbox.selectors import conversations, items
from inbox.services import checking, lifecycle, moderation, ownership, people, replies, tags, uploads
from inbox.services.acts import owner_seen
from inbox.services.following import follow


class Assignment(View):
    """Whose it is."""

    @writes(inputs.AssignmentInput, outputs.ConversationDetailShape, operation_id="conversations_assign")
    def post(self, _request: Request, pk: int) -> Response:
        """Claim (`"me"`), assign (an id) or release (null).

        With `seen` it is refused where the conversation has changed since. Null gives back what is yours; together
        with `seen` also what somebody else has, where you may assign.
        """
        given = self.body(inputs.AssignmentInput)
        with fields_named(to="agent"):
            self._assign(pk, **given)
        return Response(detail(self, pk))

    def _assign(self, pk: int, *, agent: str | int | None, take_over: bool, reason: str, seen: int | None) -> None:
        owner = self._seen_owner(pk, seen)
        if agent == "me" and take_over:
            ownership.take_over(pk, actor=self.person, seen_owner=owner)
        elif agent == "me":
            ownership.claim(pk, actor=self.person)
        elif agent is not None:
            ownership.assign(pk, to=_agent(agent), actor=self.person, seen_owner=... if seen is None else owner)
        elif seen is not None and owner not in (None, self.person.pk):
            ownership.assign(pk, to=None, actor=self.person, seen_owner=owner, reason=reason)
        else:
            ownership.release(pk, actor=self.person, reason=reason)

    def _seen_owner(self, pk: int, seen: int | None) -> int | None:
        """Who has it at the revision that the caller saw; the services compare it again under the lock.

        Raises: NotFound, Conflict (`stale`).
        """
        return owner_seen(conversations.get_visible_conversation(self.person, pk), seen)


def _agent(pk: int | str) -> User:
    found = items.agent(int(pk))
    if found is None:
        raise Invalid("There is no such agent.", fields={"agent": "There is no such agent."})
    return found


class Replies(View):
    """Answers."""

    @writes(inputs.ReplyInput, outputs.DeliveryShape, status=202, keyed=True, operation_id="conversations_reply")
    def post(self, request: Request, pk: int) -> Response:
        """Answer; it leaves after the hold. The same key again gives the same delivery, with another body 409.

        Of an answer in several parts the first delivery is told; `all_parts` names the others.
        """
        given = self.body(inputs.ReplyInput)
        key = client_token(request, given.pop("client_token"), needed=True)
        files = [_file(index, one) for index, one in enumerate(given.pop("media"))]
        saved = given.pop("saved_replies")
        delivery = replies.submit(pk, actor=self.person, client_token=key, files=files, saved=saved, **given)
        return delivery_answer(self, delivery.pk, status=202)


class Checks(View):
    """What is asked about before an answer leaves."""

    @writes(inputs.CheckInput, outputs.CheckShape, operation_id="conversations_check")
    def post(self, _request: Request, pk: int) -> Response:
        """Count a text and look at it, as sending will; nothing is kept."""
        given = self.body(inputs.CheckInput)
        conversation = conversations.get_visible_conversation(self.person, pk)
        checked = checking.check(conversation, given["text"], given["visibility"], actor=self.person)
        return Response(outputs.checked(checked))


def _file(index: int, given: dict[str, str]) -> uploads.Given:
    try:
        content = base64.b64decode(given["content"], validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("A file is not base64.", fields={f"media.{index}.content": "This is not base64."}) from None
    return uploads.Given(content, given["alt"])


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
        given = self.body(inputs.TagsInput)
        with fields_named(tags="add"):
            tags.change(pk, actor=self.person, **given)
        return Response(detail(self, pk))


class Mute(View):
    """The author."""

    @writes(inputs.MuteInput, outputs.MutedShape, operation_id="conversations_mute")
    def post(self, _request: Request, pk: int) -> Response:
        """A muted author's messages are kept and ask for nobody."""
        muted = self.body(inputs.MuteInput)["muted"]
        profile = (people.mute if muted else people.unmute)(pk, actor=self.person)
        return Response({**(outputs.profile(profile) or {}), "muted": muted})


class Following(View):
    """Keeping an eye on it."""

    @writes(inputs.FollowingInput, outputs.ConversationDetailShape, operation_id="conversations_follow")
    def post(self, _request: Request, pk: int) -> Response:
        """A follower may read it wherever it goes within their brands."""
        follow(pk, actor=self.person, **self.body(inputs.FollowingInput))
        return Response(detail(self, pk))


class Elsewhere(View):
    """Answers given on the network itself."""

    @writes(inputs.ElsewhereInput, outputs.ConversationDetailShape, operation_id="conversations_answered_elsewhere")
    def post(self, _request: Request, pk: int) -> Response:
        """Record one."""
        moderation.record_elsewhere(pk, actor=self.person, **self.body(inputs.ElsewhereInput))
        return Response(detail(self, pk))
