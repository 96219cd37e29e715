"""Acts on many conversations as machines send and get them."""

from __future__ import annotations

from rest_framework import serializers

from api.serializers.inputs import LARGEST_ID, LONGEST_NAME, PageQuery, Strict, tag_names
from api.serializers.outputs import Json, Shape
from inbox.bulk_rules import Expected
from inbox.models.bulk import Bulk, BulkRow
from inbox.models.conversation import Case, Conversation
from inbox.selectors import search
from inbox.selectors.bulk import Progress
from inbox.services import bulk, lifecycle
from routing.services import handoff

ACTS = ("assign", "claim", "release", "tag", "priority", "snooze", "resolve", "hand_off", "move")


def _id(words: str) -> serializers.IntegerField:
    return serializers.IntegerField(
        required=False, default=None, allow_null=True, max_value=LARGEST_ID, help_text=words
    )


def _text(limit: int, words: str) -> serializers.CharField:
    return serializers.CharField(max_length=limit, required=False, default="", allow_blank=True, help_text=words)


class BulkInput(Strict):
    """Which conversations, and what is to be done with them. Nothing happens before it is started."""

    act = serializers.ChoiceField(ACTS)
    conversations = serializers.ListField(
        child=serializers.IntegerField(max_value=LARGEST_ID),
        required=False,
        default=list,
        max_length=bulk.MOST,
        help_text="Ids; or `q` instead.",
    )
    q = _text(search.LONGEST_QUERY, "All that this finds, at most 10,000.")
    agent = _id("assign: to whom.")
    add = tag_names()
    remove = tag_names()
    priority = serializers.ChoiceField(
        Conversation.Priority.choices, required=False, default=None, allow_null=True, help_text="1 urgent to 4 low."
    )
    until = serializers.DateTimeField(required=False, default=None, allow_null=True, help_text="snooze: until when.")
    disposition = serializers.ChoiceField(Case.Disposition.choices, required=False, default="", allow_blank=True)
    reason = _text(lifecycle.REASON_LIMIT, "resolve and hand_off: why.")
    queue = _text(LONGEST_NAME, "hand_off and move: slug or id.")
    ask = _text(handoff.LIMITS["ask"], "hand_off: what they should do.")
    summary = _text(handoff.LIMITS["summary"], "hand_off: the story so far.")

    def validate(self, attrs: Json) -> Json:
        if bool(attrs["conversations"]) == bool(attrs["q"].strip()):
            raise serializers.ValidationError({"conversations": "Give ids, or a search in q."})
        return attrs


class BulkRowsQuery(PageQuery):
    """One page of results, in order."""


class RefusedShape(Shape):
    reason = serializers.CharField()
    count = serializers.IntegerField()


class BulkShape(Shape):
    """An act on many conversations. `expected` only before it is started."""

    id = serializers.IntegerField()
    act = serializers.ChoiceField(ACTS)
    title = serializers.CharField()
    state = serializers.ChoiceField(Bulk.State.choices)
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    same = serializers.IntegerField(help_text="Were so already.")
    refused = serializers.IntegerField()
    left = serializers.IntegerField(help_text="Not done, since it was stopped.")
    waiting = serializers.IntegerField()
    undone = serializers.IntegerField()
    kept = serializers.IntegerField(help_text="Could not be undone.")
    undo_until = serializers.DateTimeField(allow_null=True)
    expected = RefusedShape(many=True, help_text="What will be refused, and why, as things are now.")


class BulkRowShape(Shape):
    id = serializers.IntegerField()
    conversation = serializers.IntegerField()
    state = serializers.ChoiceField(BulkRow.State.choices)
    reason = serializers.CharField(allow_blank=True)


class BulkRowsShape(Shape):
    results = BulkRowShape(many=True)
    next = serializers.CharField(allow_null=True)


def shown(one: Progress, foretold: Expected | None) -> Json:
    """An act with how far it is."""
    names = ("done", "same", "refused", "left", "waiting", "undone", "kept", "undo_until")
    reasons = foretold.refused if foretold else ()
    return {
        "id": one.bulk.pk,
        "act": one.bulk.act,
        "title": one.bulk.title,
        "state": one.bulk.state,
        "total": one.bulk.total,
        **{name: getattr(one, name) for name in names},
        "expected": [{"reason": reason, "count": count} for reason, count in reasons],
    }


def row(one: BulkRow) -> Json:
    """What became of one conversation."""
    return {"id": one.pk, "conversation": one.conversation_id, "state": one.state, "reason": one.reason}
