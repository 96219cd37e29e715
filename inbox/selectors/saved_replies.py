"""Saved replies as lists show them, and as the composer offers them: filled in, filtered, a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from core.errors import NotFound
from inbox import reply_variables
from inbox.models.conversation import Case, Conversation
from inbox.models.reply import SavedReply
from inbox.policies import Access
from inbox.querysets import KeptQuerySet
from inbox.selectors.placing import fitting, place_of

LISTED = 200
OFFERED = 30


@dataclass(frozen=True, slots=True)
class Offered:
    """A saved reply as it would be put into an answer here; `missing`: what of it has no value."""

    pk: int
    name: str
    text: str
    missing: tuple[str, ...]


def usable(access: Access) -> KeptQuerySet[SavedReply]:
    """Those that somebody may use and that are not archived, by name."""
    return SavedReply.objects.visible_to(access).in_use().order_by("name", "id")


def listed(access: Access, *, text: str = "", archived: bool = False) -> list[SavedReply]:
    """Those that somebody may use, by name; at most 200; two queries."""
    rows = SavedReply.objects.visible_to(access).filter(archived_at__isnull=not archived)
    found = _whole(rows.holding(text, "name", "text")).order_by("name", "id")
    return list(found[:LISTED])


def one(access: Access, pk: int) -> SavedReply:
    """One of them, an archived one too; two queries. Raises: NotFound."""
    found = _whole(SavedReply.objects.visible_to(access)).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such saved reply.")
    return found


def offered(
    conversation: Conversation, user: User, access: Access, *, language: str = "", text: str = ""
) -> list[Offered]:
    """What fits a conversation: its brand, queue, network and language, by name; at most 30; two queries.

    Args:
        conversation: as `get_visible_conversation` gives it.
        language: of what the contact wrote; "" = not known, then all languages fit.
        text: words that the name or the text has to hold.
    """
    rows = _fitting(conversation, access, language)
    values = values_of(conversation, user)
    return [_offered(row, values) for row in rows.holding(text, "name", "text")[:OFFERED]]


def filled(conversation: Conversation, user: User, access: Access, pk: int) -> Offered:
    """One saved reply as it would be put into an answer here; two queries. Raises: NotFound."""
    row = usable(access).filter(pk=pk).first()
    if row is None or row.brand_id not in (None, conversation.brand_id):
        raise NotFound("There is no such saved reply.")
    return _offered(row, values_of(conversation, user))


def values_of(conversation: Conversation, user: User) -> dict[str, str]:
    """What the variables stand for in one conversation; one query."""
    profile = conversation.profile
    number = Case.objects.filter(conversation=conversation).order_by("-number").values_list("number", flat=True).first()
    return {
        "first name": reply_variables.first_name(profile.name),
        "name": profile.name,
        "handle": f"@{profile.handle}" if profile.handle else "",
        **signing(user, conversation.brand.name, conversation.channel.handle),
        "case": f"{conversation.pk}-{number}" if number else "",
    }


def signing(user: User, brand: str, handle: str) -> dict[str, str]:
    """What the variables stand for that say who answers, and as whom."""
    initials = "".join(word[0] for word in user.name.split() if word[0].isalpha())
    return {
        "agent": user.short_name,
        "agent name": user.name,
        "initials": initials[:3].upper(),
        "brand": brand,
        "account": f"@{handle}" if handle else "",
    }


def _whole(rows: QuerySet[SavedReply]) -> QuerySet[SavedReply]:
    return rows.select_related("team", "owner", "brand", "changed_by").prefetch_related("queues")


def _fitting(conversation: Conversation, access: Access, language: str) -> KeptQuerySet[SavedReply]:
    rows = fitting(usable(access), place_of(conversation))
    return rows.filter(language__in=["", language]) if language else rows


def _offered(row: SavedReply, values: dict[str, str]) -> Offered:
    said = reply_variables.fill(row.text, values)
    return Offered(row.pk, row.name, said.text, said.missing)
