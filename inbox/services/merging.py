"""Two conversations that turn out to be one: everything of the one becomes part of the other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from inbox import dispatch
from inbox.models.conversation import Case, Conversation
from inbox.services import events, status

OPEN, PENDING, RESOLVED = Conversation.Status.OPEN, Conversation.Status.PENDING, Conversation.Status.RESOLVED

# What both have already stays as `kept` has it. Drafts of one person in one mode become one text.
_MOVES = (
    "UPDATE inbox_message SET conversation_id = %(kept)s WHERE conversation_id = %(gone)s",
    "UPDATE inbox_note SET conversation_id = %(kept)s WHERE conversation_id = %(gone)s",
    """UPDATE inbox_delivery SET conversation_id = %(kept)s, second_answer = second_answer OR answers_id IS NULL
       WHERE conversation_id = %(gone)s""",
    """UPDATE inbox_draft k SET text = k.text || E'\\n\\n' || g.text FROM inbox_draft g
       WHERE k.conversation_id = %(kept)s AND g.conversation_id = %(gone)s AND k.user_id = g.user_id AND k.mode = g.mode
         AND g.text <> '' AND g.text <> k.text""",
    """UPDATE inbox_draft g SET conversation_id = %(kept)s WHERE conversation_id = %(gone)s AND NOT EXISTS (
         SELECT FROM inbox_draft k WHERE k.conversation_id = %(kept)s AND k.user_id = g.user_id AND k.mode = g.mode)""",
    "DELETE FROM inbox_draft WHERE conversation_id = %(gone)s",
    """UPDATE inbox_conversationtag g SET conversation_id = %(kept)s WHERE conversation_id = %(gone)s AND NOT EXISTS (
         SELECT FROM inbox_conversationtag k WHERE k.conversation_id = %(kept)s AND k.tag_id = g.tag_id)""",
    "DELETE FROM inbox_conversationtag WHERE conversation_id = %(gone)s",
    """UPDATE inbox_grant g SET conversation_id = %(kept)s WHERE conversation_id = %(gone)s AND NOT EXISTS (
         SELECT FROM inbox_grant k WHERE k.conversation_id = %(kept)s AND k.reason = g.reason
           AND (k.user_id = g.user_id OR k.team_id = g.team_id))""",
    "DELETE FROM inbox_grant WHERE conversation_id = %(gone)s",
    """UPDATE inbox_conversationlink g SET public_id = %(kept)s WHERE public_id = %(gone)s AND NOT EXISTS (
         SELECT FROM inbox_conversationlink k WHERE k.public_id = %(kept)s AND k.private_id = g.private_id)""",
    "DELETE FROM inbox_conversationlink WHERE public_id = %(gone)s",
)


def merge(cursor: Any, gone: Conversation, kept: Conversation, *, now: datetime) -> None:
    """Everything of `gone` becomes part of `kept`; the row stays, pointing at it, for old addresses and its events.

    Both are locked by the caller and on the same channel.
    """
    dispatch.carry_all(gone, kept)
    for statement in _MOVES:
        cursor.execute(statement, {"gone": gone.pk, "kept": kept.pk})
    _take_turn(gone, kept, now)
    _take_case(gone, kept, now)
    gone.status, gone.waiting_since, gone.snoozed_until = RESOLVED, None, None
    gone.owner, gone.lease_until, gone.merged_into = None, None, kept
    events.touch(gone, "status", "waiting_since", "snoozed_until", "owner", "lease_until", "merged_into")
    dispatch.set_clocks([kept.pk])


def _take_turn(gone: Conversation, kept: Conversation, now: datetime) -> None:
    """Whose turn it is follows from the messages of both; who waited for one of them goes on waiting."""
    active = kept.status if kept.status != RESOLVED else gone.status
    if kept.owner_id is None:
        kept.owner_id, kept.lease_until = gone.owner_id, gone.lease_until
    if gone.answered_at is not None:
        status.note_answer(kept, gone.answered_at, gone.answer_seen_at)
    if gone.last_message_at > kept.last_message_at:
        kept.last_message_at, kept.last_message = gone.last_message_at, gone.last_message
    waiting = _waiting(gone, kept)
    if waiting is None and active == OPEN and kept.answered_at is not None:
        active = PENDING
    kept.snoozed_until = kept.snoozed_until or gone.snoozed_until
    status.set_turn(kept, OPEN if waiting is not None else active, waiting, now=now)
    fields = ("status", "waiting_since", "snoozed_until", "answered_at", "answer_seen_at", "owner", "lease_until")
    events.touch(kept, *fields, "last_message_at", "last_message")


def _waiting(gone: Conversation, kept: Conversation) -> datetime | None:
    """The oldest that waits in one of them and that the newest answer to either does not answer."""
    since = [one.waiting_since for one in (gone, kept) if one.waiting_since is not None]
    if kept.answered_at is not None and any(at <= kept.answered_at for at in since):
        later = status.oldest_waiting(kept)
        since = [at for at in since if at > kept.answered_at] + [at for at in [later] if at is not None]
    return min(since, default=None)


def _take_case(gone: Conversation, kept: Conversation, now: datetime) -> None:
    """One open case, with the earliest times of both; the other one is closed as its duplicate."""
    other = Case.objects.filter(conversation=gone, resolved_at=None).first()
    if other is not None:
        other.resolved_at, other.disposition = now, Case.Disposition.DUPLICATE
        other.save(update_fields=["resolved_at", "disposition"])
    if kept.status == RESOLVED:
        return
    case = status.case_at(kept, now=now)
    if other is not None:
        for name in ("first_inbound_at", "first_answer_at"):
            times = [at for at in (getattr(case, name), getattr(other, name)) if at is not None]
            setattr(case, name, min(times, default=None))
        case.save(update_fields=["first_inbound_at", "first_answer_at"])
