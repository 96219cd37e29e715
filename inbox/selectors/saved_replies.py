"""Saved replies as lists show them, and as the composer offers them: filled in, filtered, a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import User
from core.errors import NotFound
from inbox import reply_variables
from inbox.models.conversation import Case, Conversation
from inbox.models.reply import SavedReply
from inbox.policies import Access

LISTED = 200
OFFERED = 30


@dataclass(frozen=True, slots=True)
class Offered:
    """A saved reply as it would be put into an answer here; `missing`: what of it has no value."""

    pk: int
    name: str
    text: str
    missing: tuple[str, ...]


def usable(access: Access) -> QuerySet[SavedReply]:
    """Those that somebody may use and that are not archived, by name."""
    return SavedReply.objects.visible_to(access).in_use().order_by("name", "id")


def listed(access: Access, *, text: str = "", archived: bool = False) -> list[SavedReply]:
    """Those that somebody may use, by name; at most 200; two queries."""
    rows = SavedReply.objects.visible_to(access).filter(archived_at__isnull=not archived)
    found = _matching(_whole(rows), text).order_by("name", "id")
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
    return [_offered(row, values) for row in _matching(rows, text)[:OFFERED]]


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
        "agent": user.short_name,
        "agent name": user.name,
        "brand": conversation.brand.name,
        "account": f"@{conversation.channel.handle}" if conversation.channel.handle else "",
        "case": f"{conversation.pk}-{number}" if number else "",
    }


def _whole(rows: QuerySet[SavedReply]) -> QuerySet[SavedReply]:
    return rows.select_related("team", "owner", "brand", "changed_by").prefetch_related("queues")


def _fitting(conversation: Conversation, access: Access, language: str) -> QuerySet[SavedReply]:
    rows = usable(access).filter(Q(brand=None) | Q(brand=conversation.brand_id))
    rows = rows.filter(Q(networks=[]) | Q(networks__contains=[conversation.channel.kind]))
    here = SavedReply.queues.through.objects.filter(queue=conversation.queue_id).values("savedreply")
    elsewhere = SavedReply.queues.through.objects.values("savedreply")
    rows = rows.filter(Q(pk__in=here) | ~Q(pk__in=elsewhere))
    return rows.filter(language__in=["", language]) if language else rows


def _matching(rows: QuerySet[SavedReply], text: str) -> QuerySet[SavedReply]:
    """Each word somewhere in the name or the text."""
    for word in text.replace("\0", "").split()[:10]:
        rows = rows.filter(Q(name__icontains=word) | Q(text__icontains=word))
    return rows


def _offered(row: SavedReply, values: dict[str, str]) -> Offered:
    said = reply_variables.fill(row.text, values)
    return Offered(row.pk, row.name, said.text, said.missing)
