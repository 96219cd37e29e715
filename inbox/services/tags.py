"""Words that people put on conversations."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from accounts.models import User
from core.contention import retried
from core.errors import Invalid
from inbox.models.conversation import Conversation
from inbox.models.work import ConversationTag, Tag
from inbox.policies import require
from inbox.services import events
from inbox.services.acts import Act, acting
from inbox.services.ownership import NOT_YOURS

AT_MOST = 20
LENGTH = 40


@retried
def change(conversation_id: int, *, actor: User, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Conversation:
    """Add and remove tags; in lower case, of at most 40 characters, at most 20 on a conversation.

    Records: conversation.tagged. Raises: NotFound, Forbidden, Invalid. Idempotent: what is there is not added again.
    """
    with acting(conversation_id, actor) as act:
        put_on(act, add=add, remove=remove)
    return act.conversation


def put_on(act: Act, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> list[str]:
    """What changing does, for acts that tag on the way; the tags that were not there before."""
    wanted, unwanted = {normalised(name) for name in add}, {normalised(name) for name in remove}
    conversation = act.conversation
    require(act.access.can_act(conversation), NOT_YOURS)
    there = set(names_of(conversation))
    added, removed = wanted - unwanted - there, unwanted & there
    if len(there | added) - len(removed) > AT_MOST:
        raise _invalid(f"At most {AT_MOST} tags on a conversation.")
    if added or removed:
        _put(conversation, added)
        ConversationTag.objects.filter(conversation=conversation, tag__name__in=removed).delete()
        events.touch(conversation)
        data = {"added": sorted(added), "removed": sorted(removed)}
        events.record("conversation.tagged", conversation, actor=act.actor, data=data)
    return sorted(added)


def names_of(conversation: Conversation) -> list[str]:
    """The tags of a conversation by name."""
    rows = ConversationTag.objects.filter(conversation=conversation).order_by("tag__name")
    return list(rows.values_list("tag__name", flat=True))


def normalised(name: str) -> str:
    """How a tag is written: lower case, one space between words, no mark before it.

    Raises: Invalid.
    """
    plain = "".join(" " if unicodedata.category(c).startswith("C") else c for c in unicodedata.normalize("NFC", name))
    word = " ".join(plain.split()).lstrip("#").strip().lower()
    if not word or len(word) > LENGTH:
        raise _invalid(f"A tag has 1 to {LENGTH} characters.")
    return word


def rows(names: Iterable[str]) -> list[Tag]:
    """The rows of these normalised words, made where they were never used."""
    wanted = sorted(set(names))
    Tag.objects.bulk_create([Tag(name=name) for name in wanted], ignore_conflicts=True)
    return list(Tag.objects.filter(name__in=wanted))


def _put(conversation: Conversation, names: set[str]) -> None:
    ConversationTag.objects.bulk_create([ConversationTag(conversation=conversation, tag=tag) for tag in rows(names)])


def _invalid(message: str) -> Invalid:
    return Invalid(message, fields={"tags": message})
