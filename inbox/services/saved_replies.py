"""Texts that are used again and again: written, changed, archived, and counted where they were used."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from core.contention import retried
from inbox import reply_variables
from inbox.models.reply import SavedReply, SavedReplyUse
from inbox.models.work import Delivery
from inbox.policies import Access, access_of
from inbox.services import placing, sharing
from inbox.services.sharing import Sharing

TEXT_LENGTH = 5_000
# In one answer; more is a mistake or an attack.
AT_MOST = 20
WHAT = "saved reply"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a saved reply says, and where it is offered; nothing named = everywhere."""

    name: str
    text: str
    queue_ids: Collection[int] = field(default=())
    networks: Collection[str] = field(default=())
    language: str = ""


@retried
def create(wording: Wording, shared: Sharing, *, actor: User) -> SavedReply:
    """Write a saved reply. Records: saved_reply.created. Raises: Invalid with the field, Forbidden."""
    values = _values(wording)
    with sharing.writing(WHAT):
        access = access_of(actor)
        queues = placing.queues(wording.queue_ids)
        row = SavedReply.objects.create(**values, **sharing.fields_of(shared, actor, access), changed_by=actor)
        row.queues.set(queues)
        sharing.tell("saved_reply.created", row, actor)
    return row


@retried
def change(pk: int, wording: Wording, shared: Sharing, *, actor: User, seen: int | None = None) -> SavedReply:
    """Say it otherwise, or offer it elsewhere; answers in which it was keep their text.

    Args:
        seen: revision that the actor saw; None = whatever it is now.

    Records: saved_reply.changed. Raises: NotFound, Forbidden, Invalid with the field, Conflict (`stale`).
    """
    values = _values(wording)
    with sharing.writing(WHAT):
        row, access = sharing.locked(SavedReply.objects.all(), pk, actor, WHAT, seen=seen)
        queues, old = placing.queues(wording.queue_ids), row.name
        sharing.rewrite(row, actor, {**values, **sharing.fields_of(shared, actor, access)})
        row.queues.set(queues)
        sharing.tell("saved_reply.changed", row, actor, old=old)
    return row


@retried
def archive(pk: int, *, actor: User) -> SavedReply:
    """Offer it to nobody any more; what it was used in stays counted.

    Records: saved_reply.archived. Raises: NotFound, Forbidden. Idempotent.
    """
    return _file_away(pk, actor, "saved_reply.archived", archived=True)


@retried
def restore(pk: int, *, actor: User) -> SavedReply:
    """Take it out of the archive; also the undo of `archive`.

    Records: saved_reply.restored. Raises: NotFound, Forbidden, Invalid where its name is taken by now. Idempotent.
    """
    return _file_away(pk, actor, "saved_reply.restored", archived=False)


def _file_away(pk: int, actor: User, kind: str, *, archived: bool) -> SavedReply:
    with sharing.writing(WHAT):
        row, _ = sharing.locked(SavedReply.objects.all(), pk, actor, WHAT)
        if sharing.file_away(row, actor, archived=archived):
            sharing.tell(kind, row, actor)
    return row


def count_uses(delivery: Delivery, reply_ids: Collection[int], access: Access) -> None:
    """Note which saved replies are in this answer, in the open transaction.

    It only counts: one that is absent or not theirs is left out, since a count must never stop an answer.
    """
    if not reply_ids:
        return
    known = SavedReply.objects.visible_to(access).filter(pk__in=list(reply_ids)[:AT_MOST]).values_list("pk", flat=True)
    SavedReplyUse.objects.bulk_create(
        [SavedReplyUse(delivery=delivery, reply_id=pk) for pk in sorted(known)], ignore_conflicts=True
    )


def used_in(delivery: Delivery) -> list[int]:
    """The saved replies that are in this answer."""
    return list(SavedReplyUse.objects.filter(delivery=delivery).order_by("id").values_list("reply_id", flat=True))


def _values(wording: Wording) -> dict[str, Any]:
    """The columns of a wording. Raises: Invalid with the field."""
    return {
        "name": sharing.named(wording.name),
        "text": _text(wording.text),
        "networks": placing.networks(wording.networks),
        "language": placing.language(wording.language),
    }


def _text(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > TEXT_LENGTH:
        raise placing.invalid("text", "Write the text." if not text else f"At most {TEXT_LENGTH:,} characters.")
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise placing.invalid("text", "The text holds characters that cannot be sent.")
    if strange := reply_variables.unknown(text):
        known = ", ".join(f"{{{name}}}" for name in reply_variables.VARIABLES)
        raise placing.invalid("text", f"There is no variable {{{strange[0]}}}. There are {known}.")
    if marks := reply_variables.marks(text):
        raise placing.invalid("text", f"“{marks[0]}” says what is missing; write a variable in braces.")
    return text
