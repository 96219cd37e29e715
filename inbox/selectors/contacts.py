"""The person beside the conversation."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from core.fixed import Slot, fixed
from inbox.models.conversation import Conversation
from inbox.models.customer import ContactMerge, ProfileNote
from inbox.models.people import Profile
from inbox.models.work import Delivery, Tag
from inbox.policies import RIGHTS, Access, Rights, values_of

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
    contact_id, brands = conversation.profile.contact_id, access.brand_ids
    others = _profiles(contact=contact_id, brands=brands, profile=conversation.profile_id)
    cards = [Card(*row) for row in _cards(contact=contact_id, conversation=conversation.pk, **values_of(access))]
    return Customer(
        conversation.profile,
        cards,
        others,
        _within(contact_id, brands).count() if len(cards) == CARDS else len(cards) + 1,
        _tags(contact=contact_id, brand=conversation.brand_id),
        _notes(contact=contact_id, brands=brands),
        _joined(contact_id, [conversation.profile, *others]) if others else [],
    )


def profiles_of(conversation: Conversation) -> list[Profile]:
    """All profiles of the contact, for asking the company's own system about them; one query."""
    return list(Profile.objects.filter(contact=conversation.profile.contact_id).order_by("id")[:CARDS])


@fixed(contact="bigint", brands="bigint[]", profile="bigint")
def _profiles(contact: Slot, brands: Slot, profile: Slot) -> QuerySet[Profile]:
    """Others of the same contact that one of these brands knows."""
    here = Exists(Conversation.objects.filter(profile=OuterRef("pk"), brand_id__anyof=brands))
    return Profile.objects.filter(here, contact=contact).exclude(pk=profile).order_by("id")[:CARDS]


def _within(contact: int | Slot, brands: Collection[int] | Slot) -> QuerySet[Conversation]:
    return Conversation.objects.filter(profile__contact=contact, brand_id__anyof=brands, merged_into=None)


@fixed(contact="bigint", conversation="bigint", **RIGHTS)
def _cards(contact: Slot, conversation: Slot, **rights: Slot) -> QuerySet[Conversation, tuple[Any, ...]]:
    seen = Rights(**rights)
    rows = _within(contact, seen.brand_ids).exclude(pk=conversation)
    return (
        rows.annotate(
            readable=Exists(Conversation.objects.visible_to(seen).filter(pk=OuterRef("pk"))),
            sending=Exists(Delivery.objects.filter(conversation=OuterRef("pk"), state__in=Delivery.UNSETTLED)),
        )
        .order_by("-last_message_at")
        .values_list(
            "pk",
            "readable",
            "sending",
            "queue__desk__slug",
            "queue__desk__name",
            "queue__slug",
            "brand__name",
            "channel__kind",
            "status",
            Coalesce("owner__name", Value("")),
            "last_message_at",
        )[:CARDS]
    )


@fixed(contact="bigint", brand="bigint")
def _tags(contact: Slot, brand: Slot) -> QuerySet[Tag, str]:
    """What colleagues of this brand call them."""
    rows = Tag.objects.filter(people__profile__contact=contact, people__brand=brand)
    return rows.order_by("name").values_list("name", flat=True).distinct()


@fixed(contact="bigint", brands="bigint[]")
def _notes(contact: Slot, brands: Slot) -> QuerySet[ProfileNote]:
    rows = ProfileNote.objects.filter(profile__contact=contact, brand_id__anyof=brands, removed_at=None)
    return rows.select_related("author", "brand").order_by("-id")[:CARDS]


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
