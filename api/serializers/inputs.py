"""What machines may send. Every field is listed; an unknown one is refused by its name."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from inbox import text_checks
from inbox.models.conversation import Case, Conversation
from inbox.models.message import Message
from inbox.selectors import search
from inbox.selectors.conversations import ANY, Sort
from inbox.services import lifecycle, moderation, notes, ownership, reply_request, saved_replies, tags, uploads
from inbox.voice.rules import PREFIX
from routing.selectors import hops
from routing.services import handoff

LONGEST_NAME = 80
LONGEST_CURSOR = 2000
LARGEST_ID = 10**18
LARGEST_REVISION = 2**31 - 1
MOST_PARTS = 100


class Strict(serializers.Serializer[Any]):
    """Refuses fields that it does not know, instead of ignoring a typing error, and numbers where words belong."""

    typed = True

    def to_internal_value(self, data: Any) -> Any:
        wrong = {name: _wrong(self, name, data[name]) for name in data} if isinstance(data, dict) else {}
        if any(wrong.values()):
            raise serializers.ValidationError({name: [sentence] for name, sentence in wrong.items() if sentence})
        return super().to_internal_value(data)


def _wrong(shape: Strict, name: str, value: Any) -> str:
    """What is wrong with a field before anybody looks at what it says."""
    field = shape.fields.get(name)
    if field is None:
        return "There is no such field."
    return "This is of another type." if shape.typed and not _fits(field, value) else ""


def _fits(field: Any, value: Any) -> bool:
    """Whether a JSON value is of the type that the schema names: REST framework reads 1, "1" and true as the same."""
    if value is None:
        return True  # whether it may be null, the field says
    if isinstance(field, serializers.ListField):
        return isinstance(value, list) and all(_fits(field.child, item) for item in value)
    if isinstance(field, serializers.BooleanField):
        return isinstance(value, bool)
    if isinstance(field, serializers.IntegerField):
        return _is_number(value)
    if isinstance(field, serializers.ChoiceField):
        return any(type(value) is type(choice) for choice in field.choices)
    return isinstance(value, str) or not isinstance(field, serializers.CharField)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class Nothing(Strict):
    """An act that needs no words: an empty object, or no body."""


def _id(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(required=False, default=None, allow_null=True, max_value=LARGEST_ID, **options)


def _seen() -> serializers.IntegerField:
    return serializers.IntegerField(
        required=False, default=None, allow_null=True, max_value=LARGEST_REVISION, help_text="Revision that you saw."
    )


def _words(limit: int, **options: Any) -> serializers.CharField:
    """Words that may be left out."""
    return serializers.CharField(max_length=limit, required=False, default="", allow_blank=True, **options)


@extend_schema_field({"oneOf": [{"type": "string", "enum": ["me"]}, {"type": "integer"}]})
class AgentField(serializers.Field[Any, Any, Any, Any]):
    """ "me", the id of an agent, or null for nobody."""

    def to_internal_value(self, data: Any) -> Any:
        if data == "me" or (isinstance(data, int) and not isinstance(data, bool) and abs(data) <= LARGEST_ID):
            return data
        raise serializers.ValidationError('Give "me", the id of an agent, or null.')

    def to_representation(self, value: Any) -> Any:
        return value


class AssignmentInput(Strict):
    """Claim ("me"), assign (an id), or release (null)."""

    agent = AgentField(allow_null=True)
    take_over = serializers.BooleanField(default=False, help_text='Take it from its owner; only with "me".')
    reason = _words(ownership.REASON_LIMIT, help_text="Why it is given back; only with null.")
    seen = _seen()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["take_over"] and attrs["agent"] != "me":
            raise serializers.ValidationError({"take_over": 'Only with agent = "me".'})
        if attrs["reason"] and attrs["agent"] is not None:
            raise serializers.ValidationError({"reason": "Only with agent = null."})
        return attrs


class MediaInput(Strict):
    """A picture that goes out with an answer."""

    content = serializers.CharField(help_text="base64; what it is, is read from the bytes")
    alt = _words(uploads.ALT_LIMIT)


class ReplyInput(Strict):
    """An answer. `Idempotency-Key` beats `client_token`; one of them is needed."""

    text = serializers.CharField(max_length=20_000, trim_whitespace=False, allow_blank=True)
    client_token = _words(reply_request.LONGEST_TOKEN)
    visibility = serializers.ChoiceField(Message.Visibility.choices, default="public")
    in_reply_to = _id(help_text="Message id; null = the newest that came.")
    seen = _seen()
    seen_event = _id(help_text="`newest_event` that you saw; then only what matters since stands in the way.")
    account = _words(64, help_text="The network's id of the account that you expect it to go out from.")
    second = serializers.BooleanField(default=False, help_text="Known to be a second answer.")
    parts = serializers.IntegerField(
        default=1,
        min_value=1,
        max_value=MOST_PARTS,
        help_text="In how many posts it may go: as many as `checks` tells, where it is too long for one.",
    )
    take_over = serializers.BooleanField(default=False, help_text="Take it from whoever has it.")
    media = MediaInput(many=True, required=False, default=list)
    saved_replies = serializers.ListField(
        child=serializers.IntegerField(max_value=LARGEST_ID),
        required=False,
        default=list,
        max_length=saved_replies.AT_MOST,
        help_text="Ids of those that were put into it: counted, nothing else; unknown ones are passed over.",
    )

    accepted = serializers.ListField(
        child=serializers.RegexField(rf"^(?:{'|'.join(sorted(text_checks.REASONS))}|{PREFIX}[0-9]{{1,18}})$"),
        required=False,
        default=list,
        max_length=200,
        help_text="Findings that you have seen and send all the same.",
    )


class CheckInput(Strict):
    """A text that is being written."""

    text = serializers.CharField(max_length=20_000, trim_whitespace=False, allow_blank=True)
    visibility = serializers.ChoiceField(Message.Visibility.choices, default="public")


class ResendInput(Strict):
    """An answer that did not arrive, once more."""

    take_over = serializers.BooleanField(default=False, help_text="Take the conversation from whoever has it.")


class HandoffInput(Strict):
    """Ask another queue to take it."""

    queue = serializers.CharField(max_length=LONGEST_NAME, help_text="Slug or id.")
    reason = serializers.CharField(max_length=handoff.LIMITS["reason"])
    summary = _words(handoff.LIMITS["summary"])
    ask = _words(handoff.LIMITS["ask"])


class ReasonInput(Strict):
    """Why."""

    reason = serializers.CharField(max_length=ownership.REASON_LIMIT)


class ResolutionInput(Strict):
    """Done, and how."""

    disposition = serializers.ChoiceField(Case.Disposition.choices)
    reason = _words(lifecycle.REASON_LIMIT, help_text="Needed for wont_respond.")


class SnoozeInput(Strict):
    """Until when; null wakes it."""

    until = serializers.DateTimeField(allow_null=True)


class PriorityInput(Strict):
    """1 urgent to 4 low."""

    priority = serializers.ChoiceField(Conversation.Priority.choices)


class NoteInput(Strict):
    """A word among colleagues."""

    text = serializers.CharField(max_length=notes.LONGEST)
    client_token = _words(reply_request.LONGEST_TOKEN)


def tag_names() -> serializers.ListField:
    """Tags by name."""
    word = serializers.CharField(max_length=tags.LENGTH)
    return serializers.ListField(child=word, required=False, default=list, max_length=tags.AT_MOST)


class TagsInput(Strict):
    """Which tags come and go."""

    add = tag_names()
    remove = tag_names()


class MuteInput(Strict):
    """Whether the author is muted."""

    muted = serializers.BooleanField()


class FollowingInput(Strict):
    """Whether the caller follows it."""

    following = serializers.BooleanField()


class HiddenInput(Strict):
    """Whether the comment is hidden under the post."""

    hidden = serializers.BooleanField()


class LikedInput(Strict):
    """Whether we like the message."""

    liked = serializers.BooleanField()


class ElsewhereInput(Strict):
    """An answer that was given on the network itself."""

    note = _words(moderation.NOTE_LIMIT)
    in_reply_to = _id(help_text="Message id; null = the newest that came.")


class PageQuery(Strict):
    """One page of a list. In an address everything is text."""

    typed = False

    cursor = _words(LONGEST_CURSOR, help_text="`next` of the page before.")
    limit = serializers.IntegerField(required=False, default=50, min_value=1, max_value=200)


class ConversationQuery(PageQuery):
    """Filters of the list."""

    queue = _words(LONGEST_NAME, help_text="Slug or id.")
    brand = _words(LONGEST_NAME, help_text="Slug or id.")
    channel = _id()
    status = serializers.ChoiceField([*Conversation.Status.values, "needs_reply", ANY], required=False, default="open")
    assignee = _words(20, help_text='"me", "none" or an id.')
    q = _words(search.LONGEST_QUERY, help_text="Words and operators such as is:late; words find the newest hit first.")
    text = _words(search.LONGEST_QUERY, help_text="The same as q.")
    sort = serializers.ChoiceField(
        [sort.value for sort in Sort], required=False, default="", help_text="Not for words: these are newest first."
    )

    def validate_assignee(self, value: str) -> str:
        if value in ("", "me", "none") or (value.isdecimal() and int(value) <= LARGEST_ID):
            return value
        raise serializers.ValidationError('Give "me", "none" or the id of an agent.')


class ChannelMessagesQuery(PageQuery):
    """Which messages of one channel."""

    context = serializers.BooleanField(  # type: ignore[assignment]  # a filter, not the context of a serializer
        required=False,
        default=None,
        allow_null=True,
        help_text="true: only what is in no conversation, false: the rest.",
    )
    external_id = _words(128, help_text="The network's id of one message.")


class HopsQuery(Strict):
    """How far back."""

    typed = False

    days = serializers.IntegerField(required=False, default=hops.DAYS, min_value=1, max_value=366)


class HandoffQuery(Strict):
    """Whose hand-overs."""

    typed = False

    side = serializers.ChoiceField(
        ["received", "asked"], required=False, default="received", help_text="Asked of my queues, or by me."
    )
