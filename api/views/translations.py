"""Messages and answers in another language, where a translation service is set up."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import translations as shapes
from api.views.base import View, hide_from, writes
from inbox import translation
from inbox.selectors import conversations
from inbox.services import translating


class TranslationView(View):
    """Without a service the address is not there."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        hide_from(self, request, hidden=not translation.is_set())


class MessageTranslation(TranslationView):
    """What somebody wrote."""

    @writes(shapes.TranslationInput, shapes.TranslationShape, at_network=True, operation_id="messages_translate")
    def post(self, _request: Request, pk: int) -> Response:
        """In another language; 404 where no service is set up, 422 for private ones unless they may leave."""
        given = self.body(shapes.TranslationInput)
        return Response(shapes.translation(translating.message(pk, to=given["to"], actor=self.person)))


class AnswerTranslation(TranslationView):
    """What you write."""

    @writes(
        shapes.AnswerTranslationInput, shapes.TranslationShape, at_network=True, operation_id="conversations_translate"
    )
    def post(self, _request: Request, pk: int) -> Response:
        """In the language of who is answered, to be read before it is sent; nothing is kept."""
        given = self.body(shapes.AnswerTranslationInput)
        found = conversations.get_visible_conversation(self.person, pk)
        private = given["visibility"] == "private" or found.is_private
        made = translating.answer(found, given["text"], to=given["to"], private=private, access=self.access)
        return Response(shapes.translation(made))
