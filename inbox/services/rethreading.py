"""A parent that comes late shows that a thread is part of a larger one: the two are put together.

Normally parents are looked up before a page is stored, so this is for posts that became visible later. Source:
docs/adr/0004-a-late-parent-joins-threads.md.
"""

from __future__ import annotations

from typing import Any

from channels.models import Channel
from inbox.ingest import rows
from inbox.ingest.items import Item
from inbox.ingest.places import Spot
from inbox.models.conversation import Conversation, Thread
from inbox.services import events


def join_late_parents(cursor: Any, channel: Channel, fresh: list[Item], spots: dict[str, Spot]) -> None:
    """Join the threads whose provisional root has just been stored with a parent of its own.

    Records: conversation.rethreaded.
    """
    inner = {
        item.external_id: spots[item.external_id].root
        for item in fresh
        if not item.private and item.message.root is None and spots[item.external_id].root != item.external_id
    }
    if not inner:
        return
    for external_id in sorted(rows.threads(cursor, channel.pk, inner)):
        outer = inner[external_id]
        if outer is not None:
            _join(cursor, channel, external_id, outer)


def _join(cursor: Any, channel: Channel, inner: str, outer: str) -> None:
    old = Thread.objects.get(channel=channel, root_external_id=inner)
    new = Thread.objects.get(channel=channel, root_external_id=outer)
    cursor.execute("UPDATE inbox_message SET thread_id = %s WHERE thread_id = %s", [new.pk, old.pk])
    for conversation in Conversation.objects.filter(thread=old, merged_into=None).order_by("id"):
        there = Conversation.objects.filter(
            channel=channel, thread_key=f"post:{outer}", profile_id=conversation.profile_id
        ).first()
        if there is None:
            conversation.thread, conversation.thread_key = new, f"post:{outer}"
            events.touch(conversation, "thread", "thread_key")
        else:
            _merge(cursor, conversation, there)
        events.record("conversation.rethreaded", there or conversation, data={"old": inner, "new": outer})


_FOLLOWING = ("inbox_message", "inbox_note", "inbox_delivery", "inbox_conversationtag", "inbox_grant", "inbox_draft")


def _merge(cursor: Any, gone: Conversation, kept: Conversation) -> None:
    """Everything of `gone` becomes part of `kept`; the row stays, pointing at it, for old addresses and its events."""
    for table in _FOLLOWING:
        cursor.execute(f"UPDATE {table} SET conversation_id = %s WHERE conversation_id = %s", [kept.pk, gone.pk])  # noqa: S608
    waiting = [at for at in (gone.waiting_since, kept.waiting_since) if at is not None]
    answered = [at for at in (gone.answered_at, kept.answered_at) if at is not None]
    if waiting:
        kept.status, kept.waiting_since, kept.snoozed_until = Conversation.Status.OPEN, min(waiting), None
    kept.answered_at = max(answered, default=None)
    kept.owner_id = kept.owner_id or gone.owner_id
    if gone.last_message_at > kept.last_message_at:
        kept.last_message_at, kept.last_message = gone.last_message_at, gone.last_message
    fields = ("status", "waiting_since", "snoozed_until", "answered_at", "owner", "last_message_at", "last_message")
    cursor.execute(
        "UPDATE inbox_case SET resolved_at = now(), disposition = 'duplicate' "
        "WHERE conversation_id = %s AND resolved_at IS NULL",
        [gone.pk],
    )
    gone.status, gone.waiting_since, gone.snoozed_until = Conversation.Status.RESOLVED, None, None
    gone.owner, gone.lease_until, gone.merged_into = None, None, kept
    events.touch(gone, "status", "waiting_since", "snoozed_until", "owner", "lease_until", "merged_into")
    events.touch(kept, *fields)
