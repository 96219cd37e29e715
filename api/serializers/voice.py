"""Rules of the brand's voice as machines send and get them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.serializers.inputs import LARGEST_ID, LARGEST_REVISION, Strict
from api.serializers.outputs import AskedAboutShape, Json, NamedShape, PersonShape, Shape
from api.serializers.replies import named
from channels.contracts import Kind
from channels.models import Channel
from inbox.models.message import Message
from inbox.models.voice import VoiceRule
from inbox.services.sharing import NAME_LENGTH
from inbox.services.voice_rules import LONGEST_GUIDELINE, LONGEST_URL, Wanted
from inbox.voice.rules import LARGEST, LONGEST_WORD, Terms

LONGEST_FORM = 200
LONGEST_TEXT = 20_000
VISIBILITIES = [("", "both"), *Message.Visibility.choices]


class AvoidInput(Strict):
    """A word or phrase, and what to say in its place."""

    avoid = serializers.CharField(max_length=LONGEST_WORD)
    instead = serializers.CharField(max_length=LONGEST_WORD, required=False, default="", allow_blank=True)


class VoiceRuleInput(Strict):
    """A rule. Which of `words`, `most` and `form` it needs depends on its kind; the rest is passed over."""

    name = serializers.CharField(max_length=NAME_LENGTH)
    kind = serializers.ChoiceField(VoiceRule.Kind.choices)
    words = AvoidInput(many=True, required=False, default=list)
    most = serializers.IntegerField(
        required=False, default=None, allow_null=True, min_value=0, max_value=max(LARGEST.values())
    )
    form = serializers.CharField(
        max_length=LONGEST_FORM, required=False, default="", allow_blank=True, help_text="The pattern or signature."
    )
    guideline = serializers.CharField(max_length=LONGEST_GUIDELINE, required=False, default="", allow_blank=True)
    url = serializers.CharField(max_length=LONGEST_URL, required=False, default="", allow_blank=True)
    asks = serializers.BooleanField(default=False, help_text="Sending stops once; else it is only said.")
    brand = serializers.IntegerField(
        required=False, default=None, allow_null=True, max_value=LARGEST_ID, help_text="null = all brands."
    )
    queues = serializers.ListField(
        child=serializers.IntegerField(max_value=LARGEST_ID), required=False, default=list, max_length=200
    )
    networks = serializers.ListField(
        child=serializers.ChoiceField([kind.value for kind in Kind]), required=False, default=list, max_length=20
    )
    language = serializers.CharField(max_length=3, required=False, default="", allow_blank=True)
    visibility = serializers.ChoiceField(VISIBILITIES, required=False, default="", allow_blank=True)
    seen = serializers.IntegerField(
        required=False, default=None, allow_null=True, max_value=LARGEST_REVISION, help_text="Revision that you saw."
    )


class VoiceCheckInput(Strict):
    """A text to try the rules on, and where it would be written."""

    text = serializers.CharField(max_length=LONGEST_TEXT, trim_whitespace=False, allow_blank=True)
    brand = serializers.IntegerField(max_value=LARGEST_ID)
    network = serializers.ChoiceField(Channel.Kind.choices)
    queue = serializers.IntegerField(
        required=False, default=None, allow_null=True, max_value=LARGEST_ID, help_text="null = in none in particular."
    )
    visibility = serializers.ChoiceField(Message.Visibility.choices, default="public")


class AvoidShape(Shape):
    """A word or phrase, and what to say in its place."""

    avoid = serializers.CharField()
    instead = serializers.CharField(allow_blank=True)


class VoiceRuleShape(Shape):
    """One rule."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(VoiceRule.Kind.choices)
    words = AvoidShape(many=True)
    most = serializers.IntegerField(allow_null=True)
    form = serializers.CharField(allow_blank=True)
    guideline = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)
    asks = serializers.BooleanField()
    brand = NamedShape(allow_null=True)
    queues = NamedShape(many=True)
    networks = serializers.ListField(child=serializers.CharField())
    language = serializers.CharField(allow_blank=True)
    visibility = serializers.ChoiceField(VISIBILITIES, allow_blank=True)
    revision = serializers.IntegerField(help_text="Raised by every change.")
    changed_by = PersonShape()
    changed_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(allow_null=True)


class VoiceRulesShape(Shape):
    """At most 200, by brand and name."""

    results = VoiceRuleShape(many=True)


class VoiceFindingsShape(Shape):
    """What would be said of the text; what asks comes first."""

    findings = AskedAboutShape(many=True)


def wanted_of(given: dict[str, Any]) -> Wanted:
    words = tuple((one["avoid"], one["instead"]) for one in given["words"])
    return Wanted(
        terms=Terms(words, given["most"], given["form"]),
        brand_id=given["brand"],
        queue_ids=given["queues"],
        **{
            name: given[name]
            for name in ("name", "kind", "guideline", "url", "asks", "networks", "language", "visibility")
        },
    )


_AS_THEY_ARE = ("name", "kind", "most", "form", "guideline", "url", "asks", "networks", "language", "visibility")
_STORY = ("revision", "changed_at", "archived_at")


def voice_rule(row: VoiceRule) -> Json:
    return {
        "id": row.pk,
        "words": [{"avoid": avoid, "instead": instead} for avoid, instead in row.words],
        "brand": named(row.brand),
        "queues": [named(queue) for queue in row.queues.all()],
        "changed_by": {"id": row.changed_by_id, "name": row.changed_by.name},
        **{name: getattr(row, name) for name in (*_AS_THEY_ARE, *_STORY)},
    }
