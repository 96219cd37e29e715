"""What one is told, and how: the shapes of notices and habits."""

from __future__ import annotations

from rest_framework import serializers

from api.serializers.inputs import LARGEST_ID, Strict
from api.serializers.outputs import Json, Shape
from routing.models.attention import Attention
from routing.notice_kinds import Cause
from routing.selectors.attention import Shown
from routing.selectors.notices import Told


class NoticesQuery(Strict):
    """Which of one's notices."""

    typed = False
    before = serializers.IntegerField(required=False, default=None, allow_null=True, min_value=1, max_value=LARGEST_ID)
    unread = serializers.BooleanField(required=False, default=False)


class ReadingInput(Strict):
    """What was read; null = all."""

    notices = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), allow_null=True, max_length=500
    )


class NoticeShape(Shape):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    cause = serializers.ChoiceField(Cause.choices)
    sentence = serializers.CharField()
    conversation = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class NoticesShape(Shape):
    results = NoticeShape(many=True)
    unread = serializers.IntegerField(help_text="How many are not read; counted to 100.")


class ReadShape(Shape):
    read = serializers.IntegerField(help_text="How many were not read before.")


def notice(one: Told) -> Json:
    return {
        "id": one.pk,
        "kind": one.kind,
        "cause": one.cause,
        "sentence": one.sentence,
        "conversation": one.conversation_id,
        "created_at": one.created_at,
        "read_at": one.read_at,
    }


def _causes(help_text: str = "") -> serializers.ListField:
    cause = serializers.ChoiceField(Cause.choices)
    return serializers.ListField(child=cause, max_length=len(Cause), help_text=help_text)


class AttentionInput(Strict):
    """All of one's habits; quiet hours both or none, on the clocks of one's zone."""

    told = _causes()
    mailed = _causes()
    digest = serializers.ChoiceField(Attention.Digest.choices)
    digest_hour = serializers.IntegerField(min_value=0, max_value=23)
    quiet_from = serializers.TimeField(allow_null=True)
    quiet_until = serializers.TimeField(allow_null=True)
    sound = serializers.BooleanField()
    pushed = serializers.ListField(
        child=serializers.ChoiceField(Cause.choices),
        max_length=len(Cause),
        required=False,
        help_text="Causes that are pushed to your devices; left out = as it is.",
    )


class AttentionShape(Shape):
    told = _causes("Causes of which you are told in the app.")
    mailed = _causes("Causes that stand in the digest.")
    pushed = _causes("Causes that are pushed to your devices.")
    digest = serializers.ChoiceField(Attention.Digest.choices)
    digest_hour = serializers.IntegerField(help_text="Of a daily digest, 0 to 23.")
    quiet_from = serializers.TimeField(allow_null=True)
    quiet_until = serializers.TimeField(allow_null=True)
    sound = serializers.BooleanField()
    zone = serializers.CharField()
    next_digest_at = serializers.DateTimeField(allow_null=True)


def attention(one: Shown) -> Json:
    quiet_from, quiet_until = one.habits.quiet or (None, None)
    return {
        "told": sorted(one.told),
        "mailed": sorted(one.mailed),
        "pushed": sorted(one.pushed),
        "digest": one.habits.digest,
        "digest_hour": one.habits.digest_hour,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "sound": one.habits.sound,
        "zone": one.habits.zone,
        "next_digest_at": one.next_digest_at,
    }
