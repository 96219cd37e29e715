"""The person beside a conversation, for machines."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.serializers import outputs
from api.serializers.inputs import LARGEST_ID, Strict
from api.serializers.outputs import Json, PersonShape, ProfileShape, Shape
from inbox.contact_lookup import Found
from inbox.models.customer import ContactMerge, ProfileNote
from inbox.selectors.alike import Proposal
from inbox.selectors.contacts import Card, Customer


class OtherShape(Shape):
    """Another conversation with the same person: never its text."""

    id = serializers.IntegerField()
    readable = serializers.BooleanField()
    desk = serializers.CharField()
    queue = serializers.CharField()
    brand = serializers.CharField()
    status = serializers.CharField()
    owner = serializers.CharField()
    sending = serializers.BooleanField(help_text="An answer to them is on its way there.")
    last_message_at = serializers.DateTimeField()


class ContactNoteShape(Shape):
    id = serializers.IntegerField()
    author = PersonShape()
    brand = serializers.CharField()
    text = serializers.CharField()
    created_at = serializers.DateTimeField()


class ContactMergeShape(Shape):
    id = serializers.IntegerField()
    evidence = serializers.ListField(child=serializers.CharField(), help_text="named, handle, name")
    merged_by = PersonShape()
    merged_at = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)


class ProposalShape(Shape):
    """Somebody who may be the same person."""

    profile = ProfileShape()
    evidence = serializers.ListField(child=serializers.CharField(), help_text="named, handle, name")
    conversation = serializers.IntegerField()


class ContactShape(Shape):
    profile = ProfileShape()
    profiles = ProfileShape(many=True)
    conversations = serializers.IntegerField(help_text="Within your brands.")
    tags = serializers.ListField(child=serializers.CharField())
    notes = ContactNoteShape(many=True)
    others = OtherShape(many=True)
    merges = ContactMergeShape(many=True)
    proposals = ProposalShape(many=True)


class AttributeRowShape(Shape):
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField()
    tone = serializers.CharField()


class AttributeBlockShape(Shape):
    title = serializers.CharField()
    note = serializers.CharField()
    rows = AttributeRowShape(many=True)


class AttributesShape(Shape):
    """What your customer system said; empty where it knows nobody."""

    problem = serializers.CharField(help_text='"", "away" or "unreadable"')
    consented_at = serializers.DateTimeField(allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    blocks = AttributeBlockShape(many=True)
    url = serializers.CharField()


class ContactTagsShape(Shape):
    tags = serializers.ListField(child=serializers.CharField())


class OtherProfileInput(Strict):
    """Which profile."""

    profile = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)


class OldNoteInput(Strict):
    """Which note goes."""

    note = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)


class MergeUndoInput(Strict):
    """Which merge is undone."""

    merge = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)


def contact(found: Customer, proposed: list[Proposal]) -> Json:
    return {
        "profile": outputs.profile(found.profile),
        "profiles": [outputs.profile(one) for one in found.profiles],
        "conversations": found.conversations,
        "tags": found.tags,
        "notes": [note(one) for one in found.notes],
        "others": [_other(card) for card in found.others],
        "merges": [merge(row) for row in found.joined],
        "proposals": [
            {"profile": outputs.profile(one.profile), "evidence": one.evidence, "conversation": one.conversation_id}
            for one in proposed
        ],
    }


def note(row: ProfileNote) -> Json:
    return {
        "id": row.pk,
        "author": outputs.person(row.author),
        "brand": row.brand.name,
        "text": row.text,
        "created_at": row.created_at,
    }


def merge(row: ContactMerge) -> Json:
    return {
        "id": row.pk,
        "evidence": row.evidence,
        "merged_by": outputs.person(row.merged_by),
        "merged_at": row.merged_at,
        "undone_at": row.undone_at,
    }


def attributes(found: Found) -> Json:
    known: Any = found.attributes
    return {
        "problem": found.problem,
        "consented_at": known.consented_at if known else None,
        "tags": list(known.tags) if known else [],
        "blocks": [_block(one) for one in known.blocks] if known else [],
        "url": known.url if known else "",
    }


def _block(one: Any) -> Json:
    rows = [{"label": row.label, "value": row.value, "tone": row.tone} for row in one.rows]
    return {"title": one.title, "note": one.note, "rows": rows}


def _other(card: Card) -> Json:
    return {
        "id": card.pk,
        "readable": card.readable,
        "desk": card.desk_slug,
        "queue": card.queue_slug,
        "brand": card.brand_name,
        "status": card.status,
        "owner": card.owner_name,
        "sending": card.sending,
        "last_message_at": card.last_message_at,
    }
