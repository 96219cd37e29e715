"""What machines may send. Every field is listed; an unknown one is refused by its name."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from inbox.models.conversation import Case, Conversation
from inbox.models.message import Message


class Strict(serializers.Serializer[Any]):
    """Refuses fields that it does not know, instead of ignoring a typing error."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := data.keys() - self.fields.keys()):
            raise serializers.ValidationError({name: ["There is no such field."] for name in sorted(unknown)})
        return super().to_internal_value(data)


@extend_schema_field({"oneOf": [{"type": "string", "enum": ["me"]}, {"type": "integer"}]})
class AgentField(serializers.Field[Any, Any, Any, Any]):
    """ "me", the id of an agent, or null for nobody."""

    def to_internal_value(self, data: Any) -> Any:
        if data == "me" or (isinstance(data, int) and not isinstance(data, bool)):
            return data
        raise serializers.ValidationError('Give "me", the id of an agent, or null.')

    def to_representation(self, value: Any) -> Any:
        return value


class AssignmentInput(Strict):
    """Claim ("me"), assign (an id), or release (null)."""

    agent = AgentField(allow_null=True)
    take_over = serializers.BooleanField(default=False, help_text="Take it from its owner; needs agent = me.")
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class MediaInput(Strict):
    """A picture that goes out with an answer."""

    content_type = serializers.CharField(max_length=60)
    content = serializers.CharField(help_text="base64")
    alt = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)


class ReplyInput(Strict):
    """An answer. `Idempotency-Key` beats `client_token`; one of them is needed."""

    text = serializers.CharField(max_length=20_000, trim_whitespace=False, allow_blank=True)
    client_token = serializers.CharField(max_length=100, required=False, default="")
    visibility = serializers.ChoiceField(Message.Visibility.choices, default="public")
    in_reply_to = serializers.IntegerField(required=False, default=None, allow_null=True, help_text="Message id.")
    seen = serializers.IntegerField(required=False, default=None, allow_null=True, help_text="Revision you saw.")
    second = serializers.BooleanField(default=False, help_text="Known to be a second answer.")
    take_over = serializers.BooleanField(default=False)
    media = MediaInput(many=True, required=False, default=list)


class HandoffInput(Strict):
    """Ask another queue to take it."""

    queue = serializers.CharField(max_length=80, help_text="Slug or id.")
    reason = serializers.CharField(max_length=300)
    summary = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    ask = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)


class ReasonInput(Strict):
    """Why."""

    reason = serializers.CharField(max_length=300)


class ResolutionInput(Strict):
    """Done, and how."""

    disposition = serializers.ChoiceField(Case.Disposition.choices)
    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class SnoozeInput(Strict):
    """Until when; null wakes it."""

    until = serializers.DateTimeField(allow_null=True)


class PriorityInput(Strict):
    """1 urgent to 4 low."""

    priority = serializers.ChoiceField(Conversation.Priority.choices)


class NoteInput(Strict):
    """A word among colleagues."""

    text = serializers.CharField(max_length=10_000)
    client_token = serializers.CharField(max_length=100, required=False, default="")


class TagsInput(Strict):
    """Which tags come and go."""

    add = serializers.ListField(child=serializers.CharField(max_length=40), required=False, default=list, max_length=20)
    remove = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, default=list, max_length=20
    )


class MuteInput(Strict):
    """Whether the author is muted."""

    muted = serializers.BooleanField()


class HiddenInput(Strict):
    """Whether the comment is hidden under the post."""

    hidden = serializers.BooleanField()


class LikedInput(Strict):
    """Whether we like the message."""

    liked = serializers.BooleanField()


class ElsewhereInput(Strict):
    """An answer that was given on the network itself."""

    note = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)


class ConversationQuery(Strict):
    """Filters of the list."""

    queue = serializers.CharField(required=False, default="", help_text="Slug or id.")
    brand = serializers.CharField(required=False, default="", help_text="Slug or id.")
    channel = serializers.IntegerField(required=False, default=None, allow_null=True)
    status = serializers.ChoiceField(
        [*Conversation.Status.values, "needs_reply", "any"], required=False, default="open"
    )
    assignee = serializers.CharField(required=False, default="", help_text='"me", "none" or an id.')
    text = serializers.CharField(required=False, default="", max_length=200, help_text="Search, newest hit first.")
    cursor = serializers.CharField(required=False, default="", max_length=2000)
    limit = serializers.IntegerField(required=False, default=50, min_value=1, max_value=200)

    def validate_assignee(self, value: str) -> str:
        if value in ("", "me", "none") or value.isdecimal():
            return value
        raise serializers.ValidationError('Give "me", "none" or the id of an agent.')


class PageQuery(Strict):
    """One page of a list."""

    cursor = serializers.CharField(required=False, default="", max_length=2000)
    limit = serializers.IntegerField(required=False, default=50, min_value=1, max_value=200)


class ChannelMessagesQuery(PageQuery):
    """All messages of one channel, in the order in which they were stored."""

    context = serializers.BooleanField(
        required=False, default=None, allow_null=True, help_text="true: only context, false: without it."
    )
