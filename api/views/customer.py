"""The person beside a conversation: the same services as in the browser."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import customer as shapes
from api.serializers.inputs import NoteInput, TagsInput
from api.views.base import View, client_token, reads, writes
from inbox import contact_lookup
from inbox.models.conversation import Conversation
from inbox.selectors import alike, contacts, conversations
from inbox.services import contact_facts
from inbox.services import contacts as services


class OfOne(View):
    """What hangs on one conversation."""

    def opened(self, pk: int) -> Conversation:
        """Raises: NotFound."""
        return conversations.get_visible_conversation(self.person, pk, access=self.access)


class Contact(OfOne):
    """Whom the conversation is with."""

    @reads(shapes.ContactShape, operation_id="conversations_contact")
    def get(self, _request: Request, pk: int) -> Response:
        """Profiles, tags, notes, other conversations within your brands, and who may be the same person."""
        conversation = self.opened(pk)
        may = self.access.can_act(conversation)
        proposed = alike.proposals(conversation.profile, self.access) if may else []
        return Response(shapes.contact(contacts.customer_of(conversation, self.access), proposed))


class ContactAttributes(OfOne):
    """What your customer system knows."""

    @reads(shapes.AttributesShape, operation_id="conversations_contact_attributes")
    def get(self, _request: Request, pk: int) -> Response:
        """Asked now, or within the last five minutes; at most 2.5 seconds."""
        return Response(shapes.attributes(contact_lookup.look_up(contacts.profiles_of(self.opened(pk)))))


class ContactTags(View):
    """Words on the person."""

    @writes(TagsInput, shapes.ContactTagsShape, operation_id="conversations_contact_tags")
    def post(self, _request: Request, pk: int) -> Response:
        """Add and remove; at most 10."""
        given = self.body(TagsInput)
        return Response({"tags": contact_facts.tag(pk, actor=self.person, add=given["add"], remove=given["remove"])})


class ContactNotes(View):
    """What colleagues should know of the person."""

    @writes(NoteInput, shapes.ContactNoteShape, status=201, keyed=True, operation_id="conversations_contact_note")
    def post(self, request: Request, pk: int) -> Response:
        """Write one; a repeat with the same key writes nothing."""
        given = self.body(NoteInput)
        key = client_token(request, given["client_token"], needed=False)
        note = contact_facts.note(pk, actor=self.person, text=given["text"], client_token=key)
        return Response(shapes.note(note), status=201)


class ContactNoteRemoval(View):
    """A note that is no longer true."""

    @writes(shapes.OldNoteInput, None, status=204, operation_id="conversations_contact_note_removal")
    def post(self, _request: Request, pk: int) -> Response:
        """Take it away; its text is erased."""
        contact_facts.remove_note(pk, self.body(shapes.OldNoteInput)["note"], actor=self.person)
        return Response(status=204)


class ContactMerges(View):
    """Contacts that are one person."""

    @writes(shapes.OtherProfileInput, shapes.ContactMergeShape, status=201, operation_id="conversations_contact_merge")
    def post(self, _request: Request, pk: int) -> Response:
        """Join the contact of that profile to this one."""
        given = self.body(shapes.OtherProfileInput)
        return Response(shapes.merge(services.merge(pk, given["profile"], actor=self.person)), status=201)


class ContactMergeUndo(View):
    """Contacts that are two people after all."""

    @writes(shapes.MergeUndoInput, shapes.ContactMergeShape, operation_id="conversations_contact_merge_undo")
    def post(self, _request: Request, pk: int) -> Response:
        """Part them again."""
        given = self.body(shapes.MergeUndoInput)
        return Response(shapes.merge(services.unmerge(pk, given["merge"], actor=self.person)))


class ContactStrangers(View):
    """Profiles that look alike and are two people."""

    @writes(shapes.OtherProfileInput, None, status=204, operation_id="conversations_contact_stranger")
    def post(self, _request: Request, pk: int) -> Response:
        """Do not propose it again."""
        services.tell_apart(pk, self.body(shapes.OtherProfileInput)["profile"], actor=self.person)
        return Response(status=204)
