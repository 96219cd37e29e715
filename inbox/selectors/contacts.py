"""The person beside the conversation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from inbox.models.conversation import Conversation
from inbox.models.customer import ContactMerge, ProfileNote
from inbox.models.people import Profile
from inbox.models.work import Delivery, Tag
from inbox.policies import Access

CARDS = 20


@dataclass(frozen=True, slots=True)
class Card:
    """Another conversation of the same person within one's brands: never its text.

    Args:
        readable: whether it may be opened.
        sending: an answer of ours to them is on its way there.
    """

    pk: int
    readable: bool
    sending: bool
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
    """Whom a conversation is with.

    Args:
        profiles: others of the same contact, of those that brands of one's own know.
        joined: merges that brought profiles here and can be undone, the newest first.
    """

    profile: Profile
    others: list[Card]
    profiles: list[Profile]
    conversations: int
    tags: list[str]
    notes: list[ProfileNote]
    joined: list[ContactMerge]


def customer_of(conversation: Conversation, access: Access) -> Customer:
    """The customer panel; four queries, at most six where they have many conversations or profiles."""
    contact_id = conversation.profile.contact_id
    within = Conversation.objects.filter(profile__contact=contact_id, brand_id__in=access.brand_ids, merged_into=None)
    here = Exists(Conversation.objects.filter(profile=OuterRef("pk"), brand_id__in=access.brand_ids))
    profiles = Profile.objects.filter(here, contact_id=contact_id).exclude(pk=conversation.profile_id).order_by("id")
    others, cards = list(profiles[:CARDS]), _cards(within.exclude(pk=conversation.pk), access)
    return Customer(
        conversation.profile,
        cards,
        others,
        within.count() if len(cards) == CARDS else len(cards) + 1,
        _tags(contact_id, conversation.brand_id),
        _notes(contact_id, access),
        _joined(contact_id, [conversation.profile, *others]) if others else [],
    )


def profiles_of(conversation: Conversation) -> list[Profile]:
    """All profiles of the contact, for asking the company's own system about them; one query."""
    return list(Profile.objects.filter(contact=conversation.profile.contact_id).order_by("id")[:CARDS])


def _cards(rows: QuerySet[Conversation], access: Access) -> list[Card]:
    readable = Exists(Conversation.objects.visible_to(access).filter(pk=OuterRef("pk")))
    sending = Exists(Delivery.objects.filter(conversation=OuterRef("pk"), state__in=Delivery.UNSETTLED))
    found = rows.annotate(readable=readable, sending=sending).order_by("-last_message_at")[:CARDS]
    return [
        Card(
            row.pk,
            row.readable,
            row.sending,
            row.queue.desk.slug,
            row.queue.desk.name,
            row.queue.slug,
            row.brand.name,
            row.channel.kind,
            row.status,
            row.owner.name if row.owner else "",
            row.last_message_at,
        )
        for row in found.select_related("queue__desk", "brand", "channel", "owner")
    ]


def _tags(contact_id: int, brand_id: int) -> list[str]:
    """What colleagues of this brand call them."""
    rows = Tag.objects.filter(people__profile__contact=contact_id, people__brand=brand_id)
    return list(rows.order_by("name").values_list("name", flat=True).distinct())


def _notes(contact_id: int, access: Access) -> list[ProfileNote]:
    rows = ProfileNote.objects.filter(profile__contact=contact_id, brand_id__in=access.brand_ids, removed_at=None)
    return list(rows.select_related("author", "brand").order_by("-id")[:CARDS])


def _joined(contact_id: int, known: Iterable[Profile]) -> list[ContactMerge]:
    """Those that brought one of these profiles; another brand's looks as if it did not exist."""
    ids = [profile.pk for profile in known]
    rows = ContactMerge.objects.filter(kept=contact_id, undone_at=None, profile_ids__overlap=ids)
    return list(rows.select_related("merged_by").order_by("-id")[:CARDS])


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
