"""Translations as machines ask for and get them."""

from __future__ import annotations

from rest_framework import serializers

from api.serializers.inputs import Strict
from api.serializers.outputs import Json, Shape
from inbox.models.message import Message
from inbox.translation import LONGEST, Translated


class TranslationInput(Strict):
    """Into which language."""

    to = serializers.CharField(max_length=3, help_text="ISO 639-1, such as en.")


class AnswerTranslationInput(TranslationInput):
    """What somebody writes, and into which language."""

    text = serializers.CharField(max_length=LONGEST, trim_whitespace=False)
    visibility = serializers.ChoiceField(Message.Visibility.choices, default="public")


class TranslationShape(Shape):
    """A machine's translation: never stored as anybody's text."""

    text = serializers.CharField()
    source = serializers.CharField(  # type: ignore[assignment]  # a language, not a serializer's source
        allow_blank=True, help_text="Language of the text; empty = not known."
    )
    target = serializers.CharField()
    service = serializers.CharField(help_text="The host that was asked.")


def translation(one: Translated) -> Json:
    return {name: getattr(one, name) for name in ("text", "source", "target", "service")}
