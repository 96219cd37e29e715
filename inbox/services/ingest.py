"""Storing what a poll brought: one page, one transaction, the same result in whatever order things arrive.

The caller owns the transaction (polling stores the stream's resume point in the same one). Per page the number
of statements is fixed. Showing a message never waits for classifying it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DataError, connection, transaction

from channels.contracts import FetchPage, StreamKind, Unreadable
from channels.models import Channel
from inbox import dispatch
from inbox.ingest import rows, writing
from inbox.ingest.items import Item, digest, prepare
from inbox.ingest.people import People
from inbox.ingest.places import Places, Spot, authors_of, spot_of, weave
from inbox.ingest.rows import Stored
from inbox.services import delivery, forgetting, linking, rethreading
from inbox.wording import CARD


@dataclass(slots=True)
class IngestReport:
    """What one page added. `items` is what the stream brought; `stored` new messages, context included."""

    items: int = 0
    stored: int = 0
    duplicates: int = 0
    unreadable: int = 0
    masked: int = 0
    edited: int = 0
    gone: int = 0
    conversations: set[int] = field(default_factory=set)
    newest: datetime | None = None


def store_page(channel: Channel, stream: StreamKind, page: FetchPage) -> IngestReport:
    """Store a page of `channel` in the open transaction: messages, conversations, cases, events; pings on commit.

    Idempotent by (channel, external id). What cannot be stored is kept raw and counted; the rest goes on.

    Records: conversation.opened, conversation.received, conversation.reopened, conversation.released,
        conversation.rethreaded, message.edited, message.deleted, message.answered_elsewhere.
    """
    siblings = _siblings(channel)
    items, bad = prepare(channel, stream, page.items, context=False, siblings=siblings)
    brought = {item.version_id for item in items}
    context, _ = prepare(channel, stream, page.context, context=True, siblings=siblings)
    report = IngestReport(items=len(page.items))
    with connection.cursor() as cursor:
        rows.lock_channel(cursor, channel.pk)
        everything = items + [one for one in context if one.version_id not in brought]
        _store_or_split(channel, siblings, everything, report, bad)
        report.unreadable = _keep_unreadable(cursor, channel, stream, bad)
    report.gone = forgetting.forget(channel, forgetting.believed(channel, page))
    report.newest = max((item.message.posted_at for item in items), default=None)
    return report


def _siblings(channel: Channel) -> frozenset[str]:
    """The organisation's other accounts on this network."""
    rows = Channel.objects.filter(kind=channel.kind).exclude(pk=channel.pk)
    return frozenset(rows.values_list("external_id", flat=True))


def _store_or_split(
    channel: Channel, siblings: frozenset[str], items: list[Item], report: IngestReport, bad: list[Unreadable]
) -> None:
    """Store all items, or find by halves the one that the database refuses."""
    if not items:
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _store(channel, siblings, items, report, cursor)
    except DataError as error:
        if len(items) == 1:
            reason = f"The database refused it: {str(error).splitlines()[0]}"
            bad.append(Unreadable(reason, items[0].raw, items[0].version_id))
            return
        middle = len(items) // 2
        _store_or_split(channel, siblings, items[:middle], report, bad)
        _store_or_split(channel, siblings, items[middle:], report, bad)


def _keep_unreadable(cursor: Any, channel: Channel, stream: StreamKind, bad: list[Unreadable]) -> int:
    if not bad:
        return 0
    columns = [
        [one.external_id[:128].replace("\0", "") for one in bad],
        [digest(one.raw) for one in bad],
        [one.reason[:300].replace("\0", "\ufffd") for one in bad],
        [one.raw.hex() for one in bad],
    ]
    return rows.unreadable(cursor, channel.pk, stream, columns)


def _store(channel: Channel, siblings: frozenset[str], items: list[Item], report: IngestReport, cursor: Any) -> None:
    known = rows.stored(cursor, channel.pk, _ids_of(items))
    fresh, again = _sort_out(items, known)
    promoted = [item for item in again if _is_promoted(item, known)]
    report.duplicates += sum(1 for item in again if not item.context) - len(promoted)
    _add_sources(cursor, again, known)
    ids = dict(
        zip(
            (item.external_id for item in fresh),
            rows.allocate(cursor, message=len(fresh))["message"],
            strict=True,
        )
    )
    ids |= {item.external_id: known[item.external_id].id for item in again if item.external_id in known}
    work, later = fresh + promoted, _later(again, known)
    if work or later:
        posts = weave(items, known, siblings)
        spots = {item.external_id: spot_of(item, posts, known) for item in work}
        spots |= {
            item.external_id: _where_it_is(known[item.external_id]) for item in later if item.external_id in known
        }
        people = People(cursor, channel, authors_of(work, spots.values()))
        places = Places(cursor, channel, posts, people)
        places.settle(list(spots.values()))
        # Under the locks of the conversations: who has submitted an answer before this could not have seen it.
        _write(cursor, channel, _now(cursor), fresh, promoted, later, ids, spots, places)
        rethreading.join_late_parents(cursor, channel, fresh + later, spots)
        report.stored += len(fresh)
        report.masked += sum(1 for item in fresh if item.noted & CARD)
        report.conversations |= {turn.id for turn in places.turns.values() if turn.touched}
    report.edited += writing.versions(cursor, channel, again, ids, known)
    writing.figures(cursor, fresh, again, ids, now=_now(cursor))


def _now(cursor: Any) -> datetime:
    cursor.execute("SELECT clock_timestamp()")
    now: datetime = cursor.fetchone()[0]
    return now


def _ids_of(items: list[Item]) -> set[str]:
    ids = {id_ for item in items for id_ in (item.external_id, item.version_id)}
    return ids | {item.message.in_reply_to for item in items if item.message.in_reply_to}


def _version_order(item: Item) -> tuple[str, int]:
    versions = item.message.versions
    return item.external_id, versions.index(item.version_id) if item.version_id in versions else 0


def _sort_out(items: list[Item], known: dict[str, Stored]) -> tuple[list[Item], list[Item]]:
    """New messages, each in its earliest version, and what is there already (later versions included)."""
    fresh: dict[str, Item] = {}
    again: list[Item] = []
    for item in sorted(items, key=_version_order):
        if item.external_id in known or item.external_id in fresh:
            again.append(item)
        else:
            fresh[item.external_id] = item
    return list(fresh.values()), again


def _later(again: list[Item], known: dict[str, Stored]) -> list[Item]:
    """Later versions, under ids that may have been answered before we knew of which message they are one."""
    return [item for item in again if item.version_id not in known and not item.private]


def _where_it_is(stored: Stored) -> Spot:
    return Spot(root=stored.thread_root, conversation_id=stored.conversation_id)


def _is_promoted(item: Item, known: dict[str, Stored]) -> bool:
    """Stored as context before and brought by a stream now: from now on it is work."""
    if item.context or item.ours or item.sibling or item.external_id not in known:
        return False
    return known[item.external_id].conversation_id is None


def _add_sources(cursor: Any, again: list[Item], known: dict[str, Stored]) -> None:
    more = {
        known[item.external_id].id: item.source
        for item in again
        if item.external_id in known and not item.context and not known[item.external_id].sources & item.source
    }
    if more:
        rows.add_sources(cursor, [list(more), list(more.values())])


def _write(
    cursor: Any,
    channel: Channel,
    now: datetime,
    fresh: list[Item],
    promoted: list[Item],
    later: list[Item],
    ids: dict[str, int],
    spots: dict[str, Spot],
    places: Places,
) -> None:
    """Tell each conversation what came, then write conversations, messages and events in one go each."""
    turns = places.turns
    parents = {id_: spots[item.external_id] for item in fresh + promoted + later for id_ in item.all_ids}
    adopted = writing.adopt(cursor, channel, fresh, promoted, ids, spots, parents)
    for item in sorted(fresh + promoted, key=lambda one: one.message.posted_at):
        conversation_id = spots[item.external_id].conversation_id
        if conversation_id is None:
            continue
        turn, posted_at = turns[conversation_id], item.message.posted_at
        if item.ours:
            turn.answer(ids[item.external_id], posted_at)
        else:
            asks = posted_at >= channel.connected_at and turn.profile_id not in places.people.muted
            turn.receive(ids[item.external_id], posted_at, now=now, asks=asks)
    for id_, conversation_id, posted_at in adopted:
        turns[conversation_id].answer(id_, posted_at)
    touched = [turn for turn in turns.values() if turn.touched]
    writing.new_conversations(cursor, channel, [turn for turn in touched if turn.is_new], now=now)
    writing.messages(cursor, channel, fresh, ids, spots, places.people, now=now)
    writing.changed_conversations(cursor, channel, [turn for turn in touched if not turn.is_new], now=now)
    writing.cases(cursor, touched)
    writing.triage_work(cursor, touched)
    own = [ids[item.external_id] for item in fresh if item.ours]
    elsewhere = delivery.claim_own_posts(channel, own).elsewhere if own else frozenset()
    writing.events(cursor, touched, elsewhere)
    if opened := [turn.id for turn in touched if turn.is_new and turn.thread_key.startswith("dm:")]:
        linking.join_private(opened)
    dispatch.set_clocks([turn.id for turn in touched if turn.answered or not turn.silent])
