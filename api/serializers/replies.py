"""Saved replies as machines send and get them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.serializers.inputs import LARGEST_ID, LARGEST_REVISION, Strict
from api.serializers.outputs import Json, NamedShape, PersonShape, Shape
from channels.contracts import Kind
from inbox.models.reply import SavedReply
from inbox.models.shared import Shared
from inbox.selectors.saved_replies import Offered
from inbox.services.saved_replies import TEXT_LENGTH, Wording
from inbox.services.sharing import NAME_LENGTH, Sharing
from routing.selectors.reply_effects import COUNTED, Effect
from routing.selectors.suggestions import Suggestion
from routing.triage.contracts import SENTIMENTS

LONGEST_SEARCH = 200


def _id(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(required=False, default=None, allow_null=True, max_value=LARGEST_ID, **options)


class SharedInput(Strict):
    """With whom it is shared, and under which brand."""

    name = serializers.CharField(max_length=NAME_LENGTH)
    shared = serializers.ChoiceField(Shared.With.choices, default=Shared.With.ME)
    team = _id(help_text="Where it is shared with one team.")
    brand = _id(help_text="null = all brands.")
    seen = serializers.IntegerField(
        required=False, default=None, allow_null=True, max_value=LARGEST_REVISION, help_text="Revision that you saw."
    )


class SavedReplyInput(SharedInput):
    """A text with variables in braces, and where it is offered."""

    text = serializers.CharField(max_length=TEXT_LENGTH)
    queues = serializers.ListField(
        child=serializers.IntegerField(max_value=LARGEST_ID), required=False, default=list, max_length=200
    )
    networks = serializers.ListField(
        child=serializers.ChoiceField([kind.value for kind in Kind]), required=False, default=list, max_length=20
    )
    language = serializers.CharField(max_length=3, required=False, default="", allow_blank=True)


class SharedQuery(Strict):
    """Which of them."""

    typed = False

    text = serializers.CharField(max_length=LONGEST_SEARCH, required=False, default="", allow_blank=True)
    archived = serializers.BooleanField(required=False, default=False)


class OfferedQuery(Strict):
    """Words to look for."""

    typed = False

    text = serializers.CharField(max_length=LONGEST_SEARCH, required=False, default="", allow_blank=True)


class EffectShape(Shape):
    """What came of it."""

    uses = serializers.IntegerField(help_text=f"Answers sent with it; counting ends at {COUNTED}.")
    negative = serializers.IntegerField(help_text="Of the newest 100, the conversations that entered negative.")
    heard = serializers.IntegerField(help_text="Those in which the contact wrote after it.")
    better = serializers.IntegerField(help_text="Those in which that was neutral or better in the end.")
    share = serializers.IntegerField(allow_null=True, help_text="Percent; null = fewer than 10 were heard of.")


class SharedShape(Shape):
    """What people share."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    shared = serializers.ChoiceField(Shared.With.choices)
    team = NamedShape(allow_null=True)
    brand = NamedShape(allow_null=True)
    revision = serializers.IntegerField(help_text="Raised by every change.")
    changed_by = PersonShape()
    changed_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(allow_null=True)


class SavedReplyShape(SharedShape):
    """A text that is used again and again."""

    text = serializers.CharField()
    queues = NamedShape(many=True)
    networks = serializers.ListField(child=serializers.CharField())
    language = serializers.CharField(allow_blank=True)
    effect = EffectShape()


class SavedRepliesShape(Shape):
    """At most 200, by name."""

    results = SavedReplyShape(many=True)


class OfferedShape(Shape):
    """A saved reply as it would be put into an answer here."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    text = serializers.CharField(help_text="Filled in; ⟦marks⟧ stand for what has no value, and are not sent.")
    missing = serializers.ListField(child=serializers.CharField())
    effect = EffectShape()


class OfferedsShape(Shape):
    """At most 30, by name."""

    results = OfferedShape(many=True)


class SuggestionShape(Shape):
    """What was answered where somebody asked alike, made ready for this contact."""

    conversation = serializers.IntegerField()
    asked = serializers.CharField()
    text = serializers.CharField()
    missing = serializers.ListField(child=serializers.CharField(), help_text="What of it has to be filled in.")
    alike = serializers.FloatField(help_text="0 to 1.")
    mood = serializers.ChoiceField(
        ["", *SENTIMENTS], help_text="Of the contact's last message after it; empty = not known."
    )


class SuggestionsShape(Shape):
    """At most three, the most alike first."""

    results = SuggestionShape(many=True)


def sharing_of(given: dict[str, Any]) -> Sharing:
    return Sharing(given["shared"], given["team"], given["brand"])


def wording_of(given: dict[str, Any]) -> Wording:
    return Wording(given["name"], given["text"], given["queues"], given["networks"], given["language"])


def shared(row: Shared) -> Json:
    names = ("name", "shared", "revision", "changed_at", "archived_at")
    return {
        "id": row.pk,
        "team": named(row.team),
        "brand": named(row.brand),
        "changed_by": {"id": row.changed_by_id, "name": row.changed_by.name},
        **{name: getattr(row, name) for name in names},
    }


def named(row: Any) -> Json | None:
    return {"id": row.pk, "slug": row.slug, "name": row.name} if row else None


def saved_reply(row: SavedReply, effect: Effect) -> Json:
    queues = [named(queue) for queue in row.queues.all()]
    names = ("text", "networks", "language")
    return {**shared(row), **{name: getattr(row, name) for name in names}, "queues": queues, "effect": told(effect)}


def offered(row: Offered, effect: Effect) -> Json:
    return {"id": row.pk, "name": row.name, "text": row.text, "missing": list(row.missing), "effect": told(effect)}


def told(effect: Effect) -> Json:
    return {name: getattr(effect, name) for name in ("uses", "negative", "heard", "better", "share")}


def suggestion(one: Suggestion) -> Json:
    names = ("asked", "text", "alike", "mood")
    told = {name: getattr(one, name) for name in names}
    return {"conversation": one.conversation_id, "missing": list(one.missing), **told}
