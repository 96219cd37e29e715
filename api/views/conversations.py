"""Conversations, their messages and notes."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import outputs
from api.serializers.inputs import ConversationQuery, NoteInput, PageQuery
from api.views.base import View, client_token, fields_named, reads, writes
from inbox.policies import Access
from inbox.selectors import conversations, finding, items, stream
from inbox.selectors.conversations import Wanted
from inbox.selectors.stream import Entry
from inbox.services import notes
from routing.selectors import handoffs, lanes
from routing.selectors.moods import endings_of


class ConversationList(View):
    """What you may see."""

    @reads(outputs.ConversationPageShape, ConversationQuery, operation_id="conversations_list")
    def get(self, _request: Request) -> Response:
        """Open ones by due and waiting time, others newest first; words in `q` find the newest hits first.

        `is:` in `q` stands instead of `status`.
        """
        asked = self.query(ConversationQuery)
        access = self.access
        name = "q" if asked["q"] else "text"
        with fields_named(q=name):
            shown = finding.find(
                access, asked[name].strip(), _wanted(asked, access), after=asked["cursor"] or None, limit=asked["limit"]
            )
        moods = endings_of([row.pk for row in shown.rows])
        results = [outputs.line(row, moods) for row in shown.rows]
        return Response({"results": results, "next": shown.next, "cut": shown.cut, "problems": shown.problems})


def _wanted(asked: dict[str, Any], access: Access) -> Wanted:
    queue = items.queue_named(asked["queue"]) if asked["queue"] else None
    brand = items.brand_named(access, asked["brand"]) if asked["brand"] else None
    return Wanted(
        queue_ids=frozenset([queue.pk]) if queue else None,
        brand_ids=frozenset([brand.pk]) if brand else None,
        status=asked["status"],
        owned=asked["assignee"],
        channel_id=asked["channel"],
        sort=asked["sort"],
    )


class ConversationDetail(View):
    """One conversation."""

    @reads(outputs.ConversationDetailShape, operation_id="conversations_read")
    def get(self, _request: Request, pk: int) -> Response:
        """The conversation with its revision, case and linked exchange."""
        return Response(detail(self, pk))


def detail(view: View, pk: int) -> dict[str, Any]:
    """A visible conversation as it is now. Raises: NotFound."""
    access = view.access
    conversation = conversations.get_visible_conversation(view.person, pk, access=access)
    open_one, lane = handoffs.open_of([pk], access).get(pk), lanes.open_in(conversation)
    return {
        **outputs.line(conversations.rows_of([pk])[0], endings_of([pk])),
        "case": outputs.case(items.current_case(conversation)),
        "handoff": outputs.handoff(open_one) if open_one else None,
        "lane": outputs.lane(lane) if lane else None,
        "linked": [other.pk for other in stream.linked_conversations(conversation, access)],
        "following": conversations.is_followed(conversation),
        "newest_event": conversations.newest_event(conversation),
    }


class ConversationMessages(View):
    """The messages of one conversation."""

    @reads(outputs.MessagePageShape, PageQuery, operation_id="conversations_messages")
    def get(self, _request: Request, pk: int) -> Response:
        """Oldest first."""
        asked = self.query(PageQuery)
        access = self.access
        conversation = conversations.get_visible_conversation(self.person, pk, access=access)
        entries, cursor = stream.messages_page(conversation, after=asked["cursor"] or None, limit=asked["limit"])
        return message_page(entries, cursor, access)


def message_page(entries: list[Entry], cursor: str | None, access: Access) -> Response:
    """A page of messages of one channel; one more query, for what they answer."""
    parents = items.parents_of(access, entries)
    return Response({"results": [outputs.message(entry, parents) for entry in entries], "next": cursor})


class ConversationNotes(View):
    """Words among colleagues."""

    @reads(outputs.NotesShape, operation_id="conversations_notes")
    def get(self, _request: Request, pk: int) -> Response:
        """The newest 200, oldest first."""
        conversation = conversations.get_visible_conversation(self.person, pk)
        return Response({"results": [outputs.note(note) for note in items.notes_of(conversation)]})

    @writes(NoteInput, outputs.WrittenNoteShape, status=201, keyed=True, operation_id="conversations_note")
    def post(self, request: Request, pk: int) -> Response:
        """Write one; a repeat with the same key writes nothing.

        @name tells a colleague or a team, who may read the conversation from then on; `remarks` says who was not told.
        """
        given = self.body(NoteInput)
        key = client_token(request, given["client_token"], needed=False)
        written = notes.write(pk, actor=self.person, text=given["text"], client_token=key)
        return Response({**outputs.note(written.note), "remarks": written.remarks}, status=201)
