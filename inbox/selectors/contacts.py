"""The person beside the conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from inbox.models.conversation import Conversation
from inbox.models.people import Profile
from inbox.policies import Access

CARDS = 20


@dataclass(frozen=True, slots=True)
class Card:
    """Another conversation of the same person within one's brands: never its text.

    Args:
        readable: whether it may be opened.
    """

    pk: int
    readable: bool
    desk_slug: str
    desk_name: str
    queue_slug: str
    brand_name: str
    network: str
    status: str
    owner_name: str
    last_message_at: datetime


@dataclass(frozen=True, slots=True)
class Customer:
    """Whom a conversation is with."""

    profile: Profile
    others: list[Card]
    profiles: list[Profile]
    conversations: int


def customer_of(conversation: Conversation, access: Access) -> Customer:
    """The customer panel; three queries."""
    contact_id = conversation.profile.contact_id
    profiles = list(Profile.objects.filter(contact_id=contact_id).order_by("id")[:CARDS])
    ids = [profile.pk for profile in profiles]
    within = Conversation.objects.filter(profile_id__in=ids, brand_id__in=access.brand_ids, merged_into=None)
    readable = Exists(Conversation.objects.visible_to(access).filter(pk=OuterRef("pk")))
    rows = (
        within.exclude(pk=conversation.pk)
        .annotate(readable=readable)
        .select_related("queue__desk", "brand", "channel", "owner")
        .order_by("-last_message_at")[:CARDS]
    )
    cards = [
        Card(
            row.pk,
            row.readable,
            row.queue.desk.slug,
            row.queue.desk.name,
            row.queue.slug,
            row.brand.name,
            row.channel.kind,
            row.status,
            row.owner.name if row.owner else "",
            row.last_message_at,
        )
        for row in rows
    ]
    return Customer(
        conversation.profile, cards, [p for p in profiles if p.pk != conversation.profile_id], within.count()
    )


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whose name or handle fits, and the newest conversation with them that may be read."""

    profile_id: int
    name: str
    handle: str
    network: str
    conversation_id: int


# Of a name that fits thousands the first ones must do: every letter more narrows it down.
LOOKED_AT = 200
NAMED_AT_MOST = 6


def named(access: Access, text: str) -> list[Named]:
    """People by a part of their name or handle; two queries, at most six."""
    part = text.removeprefix("@").strip()
    if not part:
        return []
    fitting = Profile.objects.filter(Q(handle__icontains=part) | Q(name__icontains=part)).values("pk")[:LOOKED_AT]
    rows = (
        Conversation.objects.visible_to(access)
        .filter(profile_id__in=list(fitting.values_list("pk", flat=True)), merged_into=None)
        .order_by("profile_id", "-last_message_at")
        .distinct("profile_id")
        .values_list("profile_id", "profile__name", "profile__handle", "channel__kind", "pk")
    )
    return [Named(*row) for row in rows[:NAMED_AT_MOST]]
