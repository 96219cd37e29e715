"""Writing a page down: each kind of row in one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.utils import timezone

from channels import registry
from channels.contracts import Figures
from channels.models import Channel
from core import live
from core.hints import hint_on_commit
from inbox import dispatch
from inbox.event_kinds import KINDS
from inbox.ingest import rows
from inbox.ingest.items import Item
from inbox.ingest.people import People
from inbox.ingest.places import Spot, author_of
from inbox.ingest.rows import Stored
from inbox.ingest.turns import Turn
from inbox.models.conversation import Conversation
from inbox.services.events import hint_subscribers, lane_topic, request_id

OPEN, RESOLVED = Conversation.Status.OPEN, Conversation.Status.RESOLVED
Adopted = tuple[int, int, datetime]  # message id, conversation id, posted at


def adopt(
    cursor: Any,
    channel: Channel,
    fresh: list[Item],
    promoted: list[Item],
    ids: dict[str, int],
    spots: dict[str, Spot],
    parents: dict[str, Spot],
) -> list[Adopted]:
    """Stored context that is part of a conversation now: promoted messages, and our answers that came first.

    Answers of this page that hang on such an answer get their spot here.

    Args:
        parents: by every id under which a post of this page may have been answered.
    """
    moves = [
        (ids[item.external_id], spots[item.external_id].conversation_id, spots[item.external_id].thread_id, item.source)
        for item in promoted
    ]
    adopted: list[Adopted] = []
    parents = {id_: spot for id_, spot in parents.items() if spot.conversation_id is not None}
    while parents:
        found = rows.orphans(cursor, channel.pk, parents)
        for id_, _, parent, posted_at in found:
            spot = parents[parent]
            moves.append((id_, spot.conversation_id, spot.thread_id, 0))
            adopted.append((id_, spot.conversation_id or 0, posted_at))
        parents = {external_id: parents[parent] for _, external_id, parent, _ in found} | _hanging(
            fresh, spots, parents
        )
    if moves:
        rows.adopt(cursor, list(zip(*moves, strict=True)))
    return adopted


def _hanging(fresh: list[Item], spots: dict[str, Spot], parents: dict[str, Spot]) -> dict[str, Spot]:
    """Our posts of this page below `parents` that were context until now, by all of their ids."""
    hanging: dict[str, Spot] = {}
    for item in fresh:
        parent, spot = parents.get(item.message.in_reply_to or ""), spots[item.external_id]
        if item.ours and parent is not None and spot.conversation_id is None:
            spot.conversation_id = parent.conversation_id
            hanging |= dict.fromkeys(item.all_ids, spot)
    return hanging


def new_conversations(cursor: Any, channel: Channel, turns: list[Turn], *, now: datetime) -> None:
    """Conversations that open with this page; they know all their messages already."""
    for turn in turns:
        if turn.answered_at is not None:
            asked = [at for _, at in turn.received if at > turn.answered_at and at >= channel.connected_at]
            turn.settle(min(asked, default=None), now=now)
    rows.copy(
        cursor,
        "conversation",
        rows.CONVERSATION_COLUMNS,
        (
            (
                turn.id,
                channel.pk,
                channel.brand_id,
                turn.thread_id,
                turn.thread_key,
                turn.profile_id,
                turn.queue_id,
                str(turn.status),
                int(Conversation.Priority.NORMAL),
                turn.waiting_since,
                turn.answered_at,
                turn.last_message_at,
                turn.last_message,
                1,
            )
            for turn in turns
        ),
    )


def messages(
    cursor: Any,
    channel: Channel,
    fresh: list[Item],
    ids: dict[str, int],
    spots: dict[str, Spot],
    people: People,
    *,
    now: datetime,
) -> None:
    """The messages themselves, their bytes and their attachments."""
    lines = {item.external_id: _message_row(channel, item, ids, spots, people, now) for item in fresh}
    theirs = [item for item in fresh if not item.ours]
    rows.copy(cursor, "message", rows.MESSAGE_COLUMNS, (lines[item.external_id] for item in theirs))
    written = theirs
    if len(theirs) < len(fresh):
        won = rows.own_messages(cursor, [lines[item.external_id] for item in fresh if item.ours])
        written = theirs + [item for item in fresh if item.ours and ids[item.external_id] in won]
    rows.copy(cursor, "messageraw", rows.RAW_COLUMNS, ((ids[item.external_id], item.raw) for item in written))
    # What comes in a later version is known by the id of that one, too: answers may name it.
    changed = [item for item in written if item.version_id != item.external_id]
    rows.copy(cursor, "messageversion", rows.VERSION_COLUMNS, (_version(channel, item, ids) for item in changed))
    rows.copy(
        cursor,
        "attachment",
        rows.ATTACHMENT_COLUMNS,
        (
            (ids[item.external_id], position, media.kind, media.url, media.preview_url, media.alt.replace("\0", ""))
            for item in written
            for position, media in enumerate(item.message.media)
        ),
    )


def figures(cursor: Any, fresh: list[Item], again: list[Item], ids: dict[str, int], *, now: datetime) -> None:
    """How far these posts have come; of several versions the last one says it."""
    counted: dict[int, Figures] = {}
    for item, is_new in [*((one, True) for one in fresh), *((one, False) for one in again)]:
        told = item.message.figures
        if told is not None and (told or not is_new) and item.external_id in ids:
            counted[ids[item.external_id]] = told
    if counted:
        columns = [[getattr(one, name) for one in counted.values()] for name in ("views", "shares", "likes", "replies")]
        rows.figures(cursor, [list(counted), *columns], now=now)


def _message_row(
    channel: Channel, item: Item, ids: dict[str, int], spots: dict[str, Spot], people: People, now: datetime
) -> Sequence[Any]:
    spot, message = spots[item.external_id], item.message
    return (
        ids[item.external_id],
        channel.pk,
        spot.conversation_id,
        spot.thread_id,
        None if item.ours else people.ids[author_of(item)],
        "out" if item.ours else "in",
        str(message.visibility),
        item.external_id,
        message.in_reply_to or "",
        item.text,
        message.permalink,
        channel.external_id in message.mentions,
        item.noted,
        item.source,
        message.posted_at,
        now,
        message.edited_at,
        now if message.hidden else None,
    )


def changed_conversations(cursor: Any, channel: Channel, turns: list[Turn], *, now: datetime) -> None:
    """Conversations that go on: whose turn it is now, the newest message, the owner who is away."""
    answered = [turn for turn in turns if turn.answered]
    if answered:
        columns = [[getattr(turn, name) for turn in answered] for name in ("id", "answered_at", "answer_seen_at")]
        waiting = rows.still_waiting(cursor, channel, columns)
        for turn in answered:
            turn.settle(waiting[turn.id], now=now)
    _give_back(cursor, turns)
    if turns:
        names = ("id", "status", "waiting_since", "answered_at", "answer_seen_at", "lease_until", "snoozed_until")
        columns = [[getattr(turn, name) for turn in turns] for name in names]
        columns += [
            [turn.last_message_at for turn in turns],
            [turn.last_message for turn in turns],
            [turn.owner_id for turn in turns],
        ]
        rows.save_turns(cursor, columns)


def _give_back(cursor: Any, turns: list[Turn]) -> None:
    """Nobody absent keeps a conversation that has opened again."""
    again = [turn for turn in turns if turn.owner_id and turn.status == OPEN and turn.status_before != OPEN]
    if again:
        away = rows.absent(cursor, {turn.owner_id for turn in again if turn.owner_id})
        for turn in again:
            if turn.owner_id in away:
                turn.owner_id, turn.lease_until = None, None


def cases(cursor: Any, turns: list[Turn]) -> None:
    """One open case per conversation with which there is work."""
    opened = {
        turn.id: min((at for _, at in turn.received), default=None)
        for turn in turns
        if turn.status != RESOLVED and (turn.is_new or turn.status_before == RESOLVED)
    }
    if opened:
        rows.open_cases(cursor, opened)
    answered = {turn.id: min(at for _, at in turn.answered) for turn in turns if turn.answered}
    if answered:
        rows.first_answers(cursor, answered)


def triage_work(cursor: Any, turns: list[Turn]) -> None:
    """What contacts wrote waits for triage, in the order in which it was said; one row a page."""
    task = dispatch.triage_task()
    said = sorted((posted_at, id_) for turn in turns for id_, posted_at in turn.received)
    if task and said:
        rows.triage_work(cursor, [id_ for _, id_ in said])
        hint_on_commit(task, queue="triage")


def versions(cursor: Any, channel: Channel, again: list[Item], ids: dict[str, int], known: dict[str, Stored]) -> int:
    """Later wordings of messages: X gives each an id of its own; on Facebook the text tells that it was edited.

    Records: message.edited. Returns how many messages have changed.
    """
    keeps_id = registry.capabilities(channel.kind).edits_keep_id
    later = [item for item in again if _is_later(item, known, keeps_id=keeps_id)]
    if not later:
        return 0
    lines = [_version(channel, item, ids, at=timezone.now() if keeps_id else None) for item in later]
    changed = rows.versions(cursor, list(zip(*lines, strict=True)))
    cursor.execute(
        """SELECT c.id, c.queue_id, c.brand_id, m.id FROM inbox_message m
           JOIN inbox_conversation c ON c.id = m.conversation_id WHERE m.id = ANY(%s)""",
        [list(changed)],
    )
    edits = [(row, {"message_id": row[3]}) for row in cursor.fetchall()]
    cursor.execute(
        "UPDATE inbox_conversation SET revision = revision + 1 WHERE id = ANY(%s)", [[row[0] for row, _ in edits]]
    )
    _record(cursor, [("message.edited", row[0], row[1], row[2], data, False) for row, data in edits])
    return len(changed)


def _version(channel: Channel, item: Item, ids: dict[str, int], *, at: datetime | None = None) -> Sequence[Any]:
    """A row of VERSION_COLUMNS. `at` is when it was noticed, for networks that do not say when it was edited."""
    edited_at = item.message.edited_at or at or item.message.posted_at
    return (ids[item.external_id], channel.pk, item.version_id, item.text, item.noted, edited_at)


def _is_later(item: Item, known: dict[str, Stored], *, keeps_id: bool) -> bool:
    """Whether the text is newer than all that we know; what was deleted gets no new text."""
    stored = known.get(item.external_id)
    if stored is not None and stored.deleted:
        return False
    if item.version_id != item.external_id:
        return item.version_id not in known
    if stored is None or item.text == stored.newest_text:
        return False
    edited_at = item.message.edited_at
    if edited_at is None:
        # Our own text may come back changed by the network, which is no edit.
        return keeps_id and not item.ours
    return stored.edited_at is None or edited_at > stored.edited_at


def events(cursor: Any, turns: list[Turn], elsewhere: Collection[int]) -> None:
    """What happened, and the pings; what was imported from before the connection notifies nobody."""
    facts: list[tuple[str, int, int, int, dict[str, Any], bool]] = []
    for turn in turns:
        arrived = [id_ for id_, _ in turn.received]
        place = (turn.id, turn.queue_id, turn.brand_id)
        if turn.is_new:
            data = {"queue": turn.queue.name, "queue_id": turn.queue_id, "messages": arrived, "why": turn.why}
            facts.append(("conversation.opened", *place, data, turn.silent and not turn.answered))
        elif arrived and turn.status == OPEN and turn.status_before != OPEN:
            data = {"why": "a new message", "messages": arrived}
            facts.append(("conversation.reopened", *place, data, turn.silent))
        elif arrived:
            facts.append(("conversation.received", *place, {"messages": arrived}, turn.silent))
        if turn.owner_before and turn.owner_id is None:
            data = {"owner_id": turn.owner_before, "reason": "was theirs, and they are away"}
            facts.append(("conversation.released", *place, data, False))
        facts += [
            ("message.answered_elsewhere", *place, {"message_id": id_, "note": ""}, False)
            for id_, _ in turn.answered
            if id_ in elsewhere
        ]
    _record(cursor, facts)


def _record(cursor: Any, facts: Iterable[tuple[str, int, int, int, dict[str, Any], bool]]) -> None:
    """Facts as (kind, conversation, queue, brand, data, silent): one row each, one ping per topic on commit."""
    facts = list(facts)
    if not facts:
        return
    request, told = request_id(), timezone.now()
    ids = rows.allocate(cursor, conversationevent=len(facts))["conversationevent"]
    for kind, _, _, _, data, _ in facts:
        KINDS.check(kind, data)
    rows.copy(
        cursor,
        "conversationevent",
        rows.EVENT_COLUMNS,
        (
            (id_, conversation, kind, orjson.dumps(data), request, None if dispatch.is_wanted(kind) else told)
            for id_, (kind, conversation, _, _, data, _) in zip(ids, facts, strict=True)
        ),
    )
    for id_, (kind, conversation, queue, brand, _, silent) in zip(ids, facts, strict=True):
        if not silent:
            for topic in (lane_topic(queue, brand), f"conversation:{conversation}"):
                live.ping_on_commit(topic, event=id_, kind=kind, conversations=[conversation])
    if any(dispatch.is_wanted(fact[0]) for fact in facts):
        hint_subscribers()
