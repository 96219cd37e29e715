"""A parent that comes late shows that a thread is part of a larger one: the two are put together.

Normally parents are looked up before a page is stored, so this is for posts that became visible later. Source:
docs/adr/0004-a-late-parent-joins-threads.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from channels.models import Channel
from inbox.ingest import rows
from inbox.ingest.items import Item
from inbox.ingest.places import Spot
from inbox.models.conversation import Conversation, Thread
from inbox.services import events, merging


def join_late_parents(cursor: Any, channel: Channel, items: list[Item], spots: dict[str, Spot]) -> None:
    """Join the threads whose provisional root has just been stored with a parent of its own, or as a version.

    Records: conversation.rethreaded.
    """
    inner = {
        id_: spots[item.external_id].root
        for item in items
        if not item.private and item.message.root is None
        for id_ in item.all_ids
        if spots[item.external_id].root != id_
    }
    if not inner:
        return
    for external_id in sorted(rows.threads(cursor, channel.pk, inner)):
        outer = _outermost(external_id, inner)
        if outer != external_id:
            _join(cursor, channel, external_id, outer)


def _outermost(external_id: str, inner: Mapping[str, str | None]) -> str:
    """The root of the root: one page may bring two parents, one above the other. A circle stays where it closes."""
    seen = set()
    while (outer := inner.get(external_id)) is not None and external_id not in seen:
        seen.add(external_id)
        external_id = outer
    return external_id


def _join(cursor: Any, channel: Channel, inner: str, outer: str) -> None:
    rows = Thread.objects.filter(channel=channel, root_external_id__in=(inner, outer))
    threads = {row.root_external_id: row for row in rows}
    old, new = threads[inner], threads[outer]
    cursor.execute("SELECT clock_timestamp()")
    now: datetime = cursor.fetchone()[0]
    cursor.execute("UPDATE inbox_message SET thread_id = %s WHERE thread_id = %s", [new.pk, old.pk])
    conversations = Conversation.objects.filter(thread__in=(old, new), merged_into=None).order_by("id")
    locked = list(conversations.select_related("queue", "channel").select_for_update(no_key=True, of=("self",)))
    there = {row.profile_id: row for row in locked if row.thread_id == new.pk}
    for row in locked:
        if row.thread_id == old.pk:
            _carry(cursor, row, there.get(row.profile_id), new, now)
            events.record("conversation.rethreaded", there.get(row.profile_id, row), data={"old": inner, "new": outer})


def _carry(cursor: Any, row: Conversation, there: Conversation | None, to: Thread, now: datetime) -> None:
    if there is None:
        row.thread, row.thread_key = to, f"post:{to.root_external_id}"
        events.touch(row, "thread", "thread_key")
    else:
        merging.merge(cursor, row, there, now=now)
