"""Saved replies: the list of them, and what fits one conversation."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import replies as shapes
from api.serializers.inputs import Nothing
from api.views.base import View, reads, writes
from inbox.selectors import conversations
from inbox.selectors import saved_replies as selector
from inbox.services import saved_replies
from routing.selectors.moods import language_of
from routing.selectors.reply_effects import effects_of
from routing.selectors.suggestions import suggestions


class SavedReplyView(View):
    """One saved reply, told as it is now."""

    def told(self, pk: int, *, status: int = 200) -> Response:
        row = selector.one(self.access, pk)
        return Response(shapes.saved_reply(row, effects_of([pk])[pk]), status=status)


class SavedReplies(SavedReplyView):
    """Texts that are used again and again."""

    @reads(shapes.SavedRepliesShape, shapes.SharedQuery, operation_id="saved_replies_list")
    def get(self, _request: Request) -> Response:
        """Yours, your teams' and everybody's, by name, at most 200; with what came of each."""
        rows = selector.listed(self.access, **self.query(shapes.SharedQuery))
        effects = effects_of([row.pk for row in rows])
        return Response({"results": [shapes.saved_reply(row, effects[row.pk]) for row in rows]})

    @writes(shapes.SavedReplyInput, shapes.SavedReplyShape, status=201, operation_id="saved_replies_create")
    def post(self, _request: Request) -> Response:
        """One more. What everybody uses is written by supervisors."""
        given = self.body(shapes.SavedReplyInput)
        row = saved_replies.create(shapes.wording_of(given), shapes.sharing_of(given), actor=self.person)
        return self.told(row.pk, status=201)


class SavedReply(SavedReplyView):
    """One of them."""

    @reads(shapes.SavedReplyShape, operation_id="saved_replies_read")
    def get(self, _request: Request, pk: int) -> Response:
        """What it says, where it is offered, and what came of it."""
        return self.told(pk)

    @writes(shapes.SavedReplyInput, shapes.SavedReplyShape, operation_id="saved_replies_change")
    def post(self, _request: Request, pk: int) -> Response:
        """Say it otherwise; with `seen` it is refused where somebody was first."""
        given = self.body(shapes.SavedReplyInput)
        wording, shared = shapes.wording_of(given), shapes.sharing_of(given)
        saved_replies.change(pk, wording, shared, actor=self.person, seen=given["seen"])
        return self.told(pk)


class SavedReplyArchive(SavedReplyView):
    """Out of use."""

    @writes(Nothing, shapes.SavedReplyShape, operation_id="saved_replies_archive")
    def post(self, _request: Request, pk: int) -> Response:
        """It is offered to nobody any more; what it was used in stays counted."""
        self.body(Nothing)
        saved_replies.archive(pk, actor=self.person)
        return self.told(pk)


class SavedReplyRestoration(SavedReplyView):
    """In use again."""

    @writes(Nothing, shapes.SavedReplyShape, operation_id="saved_replies_restore")
    def post(self, _request: Request, pk: int) -> Response:
        """Out of the archive."""
        self.body(Nothing)
        saved_replies.restore(pk, actor=self.person)
        return self.told(pk)


class Offered(View):
    """What fits a conversation."""

    @reads(shapes.OfferedsShape, shapes.OfferedQuery, operation_id="conversations_saved_replies")
    def get(self, _request: Request, pk: int) -> Response:
        """Saved replies for its brand, queue, network and language, filled in, at most 30."""
        given = self.query(shapes.OfferedQuery)
        found = conversations.get_visible_conversation(self.person, pk)
        rows = selector.offered(found, self.person, self.access, language=language_of(pk), **given)
        effects = effects_of([row.pk for row in rows])
        return Response({"results": [shapes.offered(row, effects[row.pk]) for row in rows]})


class Suggested(View):
    """What others were answered."""

    @reads(shapes.SuggestionsShape, operation_id="conversations_suggestions")
    def get(self, _request: Request, pk: int) -> Response:
        """From resolved conversations of the same brand that you may read, where somebody asked alike; at most 3."""
        found = conversations.get_visible_conversation(self.person, pk)
        rows = suggestions(found, self.person, self.access)
        return Response({"results": [shapes.suggestion(one) for one in rows]})
