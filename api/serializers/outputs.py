"""What machines get. The functions build plain dictionaries; the serializers describe them for the schema (a test
holds the two together).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from inbox.models.conversation import Case, Conversation
from inbox.models.message import Message, MessageFigures
from inbox.models.work import Delivery, Note
from inbox.selectors.conversations import Row
from inbox.selectors.stream import Entry
from inbox.services.checking import Checked, price_of_delivery
from routing.models.handoff import Handoff
from routing.models.staffing import Lane
from routing.selectors import hops
from routing.triage.contracts import SENTIMENTS

Json = dict[str, Any]


class Shape(serializers.Serializer[Any]):
    """A described output; values are passed on as they are."""


class PersonShape(Shape):
    id = serializers.IntegerField()
    name = serializers.CharField()


class NamedShape(Shape):
    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()


class ChannelRefShape(Shape):
    id = serializers.IntegerField()
    kind = serializers.CharField()


class ProfileShape(Shape):
    id = serializers.IntegerField()
    network = serializers.CharField()
    id_scope = serializers.CharField()
    external_id = serializers.CharField()
    handle = serializers.CharField()
    name = serializers.CharField()
    followers = serializers.IntegerField(allow_null=True)
    verified = serializers.BooleanField()


class MutedShape(ProfileShape):
    """The author of a conversation, and whether what they write asks for somebody."""

    muted = serializers.BooleanField()


class QueueRefShape(NamedShape):
    desk = serializers.CharField()


class ConversationShape(Shape):
    """One line of a list."""

    id = serializers.IntegerField()
    revision = serializers.IntegerField(help_text="Raised by every change.")
    status = serializers.ChoiceField(Conversation.Status.choices)
    priority = serializers.ChoiceField(Conversation.Priority.choices)
    private = serializers.BooleanField()
    thread_key = serializers.CharField(help_text="post:<id at the network> or dm:<id>.")
    brand = NamedShape()
    channel = ChannelRefShape()
    queue = QueueRefShape()
    owner = PersonShape(allow_null=True)
    profile = ProfileShape()
    tags = serializers.ListField(child=serializers.CharField())
    mood = serializers.ChoiceField(
        SENTIMENTS, allow_null=True, help_text="Of the contact's newest message; null = not known, or not surely."
    )
    waiting_since = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    snoozed_until = serializers.DateTimeField(allow_null=True)
    lease_until = serializers.DateTimeField(allow_null=True)
    last_message_at = serializers.DateTimeField()
    text = serializers.CharField(help_text="Beginning of the newest message, or of the one that a search hit.")


class CaseShape(Shape):
    number = serializers.IntegerField()
    opened_at = serializers.DateTimeField()
    first_inbound_at = serializers.DateTimeField(allow_null=True)
    first_answer_at = serializers.DateTimeField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    disposition = serializers.CharField()


class AttachmentShape(Shape):
    kind = serializers.CharField()
    url = serializers.CharField(help_text="Our media proxy.")
    alt = serializers.CharField()


class VersionShape(Shape):
    external_id = serializers.CharField()
    text = serializers.CharField()
    posted_at = serializers.DateTimeField()


class DeliveryRefShape(Shape):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(Delivery.State.choices)


class FiguresShape(Shape):
    """How far a post has come; null = its network did not say."""

    views = serializers.IntegerField(allow_null=True)
    shares = serializers.IntegerField(allow_null=True)
    likes = serializers.IntegerField(allow_null=True)
    replies = serializers.IntegerField(allow_null=True)
    read_at = serializers.DateTimeField(help_text="When its network counted so first.")


class MessageShape(Shape):
    """A message; `text` is what came, `versions` are later wordings."""

    id = serializers.IntegerField()
    conversation = serializers.IntegerField(allow_null=True, help_text="null = context.")
    channel = serializers.IntegerField()
    external_id = serializers.CharField()
    in_reply_to = serializers.CharField(allow_null=True, help_text="External id of the parent.")
    answers = serializers.IntegerField(allow_null=True, help_text="Message id of the parent, where you may read it.")
    direction = serializers.ChoiceField(Message.Direction.choices)
    visibility = serializers.ChoiceField(Message.Visibility.choices)
    profile = ProfileShape(allow_null=True, help_text="null = we wrote it.")
    author = PersonShape(allow_null=True, help_text="Our colleague, where one of us wrote it here.")
    text = serializers.CharField()
    notes = serializers.ListField(child=serializers.CharField(), help_text="entities, nul, card, surrogate")
    attachments = AttachmentShape(many=True)
    versions = VersionShape(many=True)
    permalink = serializers.CharField()
    figures = FiguresShape(allow_null=True, help_text="null = nobody has seen it yet, or nothing is told.")
    posted_at = serializers.DateTimeField()
    ingested_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    deleted_at = serializers.DateTimeField(allow_null=True)
    hidden_at = serializers.DateTimeField(allow_null=True)
    liked_at = serializers.DateTimeField(allow_null=True)
    delivery = DeliveryRefShape(allow_null=True, help_text="How it got there, where it was sent from here.")


def _price(**options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=8, decimal_places=3, allow_null=True, **options)


class PartShape(DeliveryRefShape):
    part = serializers.IntegerField()


class DeliveryShape(Shape):
    """The story of one answer at the network, or of one part of it."""

    id = serializers.IntegerField()
    conversation = serializers.IntegerField()
    state = serializers.ChoiceField(Delivery.State.choices)
    visibility = serializers.ChoiceField(Message.Visibility.choices)
    text = serializers.CharField(help_text="As it stands there, with the number of its part.")
    part = serializers.IntegerField(help_text="1 to `parts`.")
    parts = serializers.IntegerField(help_text="Posts that the answer was cut into.")
    all_parts = PartShape(many=True, help_text="In order; each is sent when the one before it is.")
    price = _price(help_text="US dollars that the network charges for this post; null = nothing.")
    author = PersonShape()
    answers = serializers.IntegerField(allow_null=True, help_text="Message id.")
    message = serializers.IntegerField(allow_null=True, help_text="Message id, once it stands there.")
    external_id = serializers.CharField()
    created_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(
        help_text="What was stored until then its author could have seen; what came later still waits."
    )
    send_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)
    error = serializers.CharField()


class HandoffShape(Shape):
    id = serializers.IntegerField()
    conversation = serializers.IntegerField()
    kind = serializers.ChoiceField(Handoff.Kind.choices)
    urgency = serializers.CharField(allow_null=True, help_text="urgent or high, for an escalation.")
    respond_by = serializers.DateTimeField(allow_null=True, help_text="By when an escalation is to be acknowledged.")
    acknowledged_by = PersonShape(allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    overdue = serializers.BooleanField(help_text="An escalation that nobody has acknowledged in time.")
    chased = serializers.IntegerField(help_text="How often somebody was told that it is overdue.")
    answer = serializers.CharField(help_text="What the receivers gave back instead of taking it.")
    state = serializers.ChoiceField(Handoff.State.choices)
    from_queue = NamedShape()
    to_queue = NamedShape()
    asked_by = PersonShape()
    reason = serializers.CharField()
    summary = serializers.CharField()
    ask = serializers.CharField()
    decline_reason = serializers.CharField()
    decided_by = PersonShape(allow_null=True)
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class LaneShape(Shape):
    """The first refusal that a queue has of what spreads."""

    home_queue = NamedShape(help_text="Where it goes back to.")
    lane_queue = NamedShape()
    why = serializers.CharField()
    until = serializers.DateTimeField()


class ConversationDetailShape(ConversationShape):
    """A conversation with its case, its open hand-over, its lane and the other half of its exchange."""

    case = CaseShape(allow_null=True)
    handoff = HandoffShape(allow_null=True, help_text="The open one.")
    lane = LaneShape(allow_null=True, help_text="While its queue has the first refusal of it.")
    linked = serializers.ListField(child=serializers.IntegerField())
    following = serializers.BooleanField(help_text="Whether the caller follows it.")
    newest_event = serializers.IntegerField(help_text="What you have seen by reading this; answers take it back.")


class MentionShape(Shape):
    """Who is named in a note; `text[at:end]` is the name with its @."""

    at = serializers.IntegerField()
    end = serializers.IntegerField()
    kind = serializers.ChoiceField(["person", "team"])
    id = serializers.IntegerField()
    told = serializers.BooleanField(help_text="False: they do not see the brand.")


class GuidelineShape(Shape):
    """What the organisation has agreed on."""

    title = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)


class AskedAboutShape(Shape):
    """What to look at again in a text."""

    code = serializers.CharField(help_text="As `accepted` of an answer takes it.")
    found = serializers.CharField(allow_blank=True, help_text="The words in question; empty = the whole text.")
    reason = serializers.CharField()
    asks = serializers.BooleanField(help_text="Sending is refused once, unless `accepted` names it.")
    instead = serializers.CharField(allow_blank=True, help_text="What to say in its place.")
    insert = serializers.CharField(allow_blank=True, help_text="What is missing at the end.")
    guideline = GuidelineShape(allow_null=True, help_text="The rule of the organisation that it breaks.")


class CheckShape(Shape):
    """A text as it would leave: its length as the network counts it, and what is asked about before it does."""

    length = serializers.IntegerField()
    limit = serializers.IntegerField()
    posts = serializers.ListField(
        child=serializers.CharField(),
        help_text="The posts that it takes, as they would stand; none = it cannot go.",
    )
    price = _price(help_text="US dollars that the network charges for all of them; null = nothing, or it cannot go.")
    findings = AskedAboutShape(many=True)


class NoteShape(Shape):
    id = serializers.IntegerField()
    author = PersonShape()
    text = serializers.CharField()
    mentions = MentionShape(many=True)
    created_at = serializers.DateTimeField()


class WrittenNoteShape(NoteShape):
    remarks = serializers.ListField(child=serializers.CharField(), help_text="What went otherwise with its names.")


class QueueShape(Shape):
    """A queue with its kept counters, within the brands that the caller sees."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    desk = serializers.CharField()
    open = serializers.IntegerField()
    needs_reply = serializers.IntegerField()
    unowned = serializers.IntegerField()


class HopShape(Shape):
    """What one queue asked of another. Medians and the 90th percentile, in seconds; null where there is none."""

    kind = serializers.ChoiceField(hops.KINDS)
    from_queue = serializers.CharField()
    to_queue = serializers.CharField()
    asked = serializers.IntegerField()
    open = serializers.IntegerField()
    accepted = serializers.IntegerField()
    answered = serializers.IntegerField()
    declined = serializers.IntegerField()
    withdrawn = serializers.IntegerField(help_text="Taken back: in no time below.")
    chased = serializers.IntegerField(help_text="How often nobody had acknowledged an escalation in time.")
    acknowledged_s = serializers.FloatField(allow_null=True)
    decided_s = serializers.FloatField(allow_null=True, help_text="Until accepted, declined or answered.")
    slow_s = serializers.FloatField(allow_null=True, help_text="Nine of ten were decided within it.")


class HopsShape(Shape):
    days = serializers.IntegerField()
    results = HopShape(many=True)


class HandoffsShape(Shape):
    results = HandoffShape(many=True)


class ConversationPageShape(Shape):
    results = ConversationShape(many=True)
    next = serializers.CharField(allow_null=True)
    cut = serializers.BooleanField(help_text="It stopped early; from `next`, where there is one, it goes on.")
    problems = serializers.ListField(
        child=serializers.CharField(), help_text="A sentence for each operator that meant nothing."
    )


class MessagePageShape(Shape):
    results = MessageShape(many=True)
    next = serializers.CharField(allow_null=True)


class NotesShape(Shape):
    results = NoteShape(many=True)


class QueuesShape(Shape):
    results = QueueShape(many=True)


class ErrorShape(Shape):
    """Every error."""

    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]
    current = serializers.DictField(required=False, help_text="What is true by now, for 409.")


NOTED = {bit.value: bit.name.lower() for bit in Message.Noted}


def person(user: Any) -> Json | None:
    return {"id": user.pk, "name": user.name} if user else None


def named(row: Any) -> Json:
    return {"id": row.pk, "slug": row.slug, "name": row.name}


def profile(row: Any) -> Json | None:
    if row is None:
        return None
    return {
        "id": row.pk,
        "network": row.network,
        "id_scope": row.id_scope,
        "external_id": row.external_id,
        "handle": row.handle,
        "name": row.name,
        "followers": row.followers,
        "verified": row.verified,
    }


def money(amount: Decimal | None) -> str | None:
    """Decimals travel as text: a float would round them."""
    return None if amount is None else str(amount)


def checked(one: Checked) -> Json:
    """A text as it would leave."""
    told = one.measured
    return {
        "length": told.length,
        "limit": told.limit,
        "posts": told.posts,
        "price": money(told.price),
        "findings": [each.as_json() for each in one.findings],
    }


def line(row: Row, moods: Mapping[int, str]) -> Json:
    """A row of a list; `moods` by conversation."""
    return {
        "id": row.pk,
        "revision": row.revision,
        "status": row.status,
        "priority": row.priority,
        "private": row.private,
        "thread_key": row.thread_key,
        "brand": {"id": row.brand_id, "slug": row.brand_slug, "name": row.brand_name},
        "channel": {"id": row.channel_id, "kind": row.network},
        "queue": {"id": row.queue_id, "slug": row.queue_slug, "name": row.queue_name, "desk": row.desk_slug},
        "owner": {"id": row.owner_id, "name": row.owner_name} if row.owner_id else None,
        "profile": {
            "id": row.profile_id,
            "network": row.network,
            "id_scope": row.profile_scope,
            "external_id": row.profile_external_id,
            "handle": row.profile_handle,
            "name": row.profile_name,
            "followers": row.followers,
            "verified": row.verified,
        },
        "tags": list(row.tags),
        "mood": moods.get(row.pk) or None,
        "waiting_since": row.waiting_since,
        "due_at": row.due_at,
        "snoozed_until": row.snoozed_until,
        "lease_until": row.lease_until,
        "last_message_at": row.last_message_at,
        "text": row.text,
    }


def case(row: Case | None) -> Json | None:
    if row is None:
        return None
    names = ("number", "opened_at", "first_inbound_at", "first_answer_at", "resolved_at", "disposition")
    return {name: getattr(row, name) for name in names}


def message(entry: Entry, parents: Mapping[str, int]) -> Json:
    """A message of a stream entry; `parents` by their ids at the network."""
    row = entry.message
    assert row is not None  # only entries of messages come here
    delivery = getattr(row, "delivery", None)
    return {
        "id": row.pk,
        "conversation": row.conversation_id,
        "channel": row.channel_id,
        "external_id": row.external_id,
        "in_reply_to": row.in_reply_to or None,
        "answers": parents.get(row.in_reply_to),
        "direction": row.direction,
        "visibility": row.visibility,
        "profile": profile(row.profile),
        "author": person(row.author),
        "text": row.text,
        "notes": [name for bit, name in NOTED.items() if row.notes & bit],
        "attachments": [
            {"kind": one.kind, "url": f"/media/attachment/{one.pk}/", "alt": one.alt} for one in entry.attachments
        ],
        "versions": [
            {"external_id": one.external_id, "text": one.text, "posted_at": one.posted_at} for one in entry.versions
        ],
        "permalink": row.permalink,
        "figures": _figures(getattr(row, "figures", None)),
        "posted_at": row.posted_at,
        "ingested_at": row.ingested_at,
        "edited_at": row.edited_at,
        "deleted_at": row.deleted_at,
        "hidden_at": row.hidden_at,
        "liked_at": row.liked_at,
        "delivery": {"id": delivery.pk, "state": delivery.state} if delivery else None,
    }


def _figures(row: MessageFigures | None) -> Json | None:
    names = ("views", "shares", "likes", "replies", "read_at")
    return {name: getattr(row, name) for name in names} if row else None


def delivery(row: Delivery, whole: Sequence[Delivery]) -> Json:
    """One part of an answer, and how the others stand."""
    return {
        "id": row.pk,
        "conversation": row.conversation_id,
        "state": row.state,
        "visibility": row.visibility,
        "text": row.wire_text,
        "part": row.part,
        "parts": row.parts,
        "all_parts": [{"id": each.pk, "state": each.state, "part": each.part} for each in whole],
        "price": money(price_of_delivery(row)),
        "author": person(row.author),
        "answers": row.answers_id,
        "message": row.message_id,
        "external_id": row.external_id,
        "created_at": row.created_at,
        "seen_at": row.seen_at,
        "send_at": row.send_at,
        "settled_at": row.settled_at,
        "error": row.error,
    }


def handoff(row: Handoff) -> Json:
    return {
        "id": row.pk,
        "conversation": row.conversation_id,
        "kind": row.kind,
        "urgency": Handoff.Urgency(row.urgency).name.lower() if row.urgency else None,
        "respond_by": row.respond_by,
        "acknowledged_by": person(row.acknowledged_by),
        "acknowledged_at": row.acknowledged_at,
        "overdue": row.is_overdue(timezone.now()),
        "chased": row.chased,
        "answer": row.answer,
        "state": row.state,
        "from_queue": named(row.from_queue),
        "to_queue": named(row.to_queue),
        "asked_by": person(row.asked_by),
        "reason": row.reason,
        "summary": row.summary,
        "ask": row.ask,
        "decline_reason": row.decline_reason,
        "decided_by": person(row.decided_by),
        "created_at": row.created_at,
        "decided_at": row.decided_at,
    }


def lane(row: Lane) -> Json:
    return {
        "home_queue": named(row.home_queue),
        "lane_queue": named(row.lane_queue),
        "why": row.why,
        "until": row.until,
    }


def note(row: Note) -> Json:
    return {
        "id": row.pk,
        "author": person(row.author),
        "text": row.text,
        "mentions": row.mentions,
        "created_at": row.created_at,
    }
