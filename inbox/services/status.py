"""Whose turn it is (product.md, Status). Each function takes a locked conversation, changes it in memory and
returns the names of the fields it changed; the caller saves them with `events.touch`.

What results depends on the stored facts, not on the order in which they became known: `waiting_since` is the
network time of the oldest message of the contact that our newest answer does not answer (`inbox/waiting.py`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from inbox import waiting
from inbox.models.conversation import Case, Conversation

SAME_CASE_FOR = timedelta(days=7)
OPEN, PENDING, SNOOZED, RESOLVED = (
    Conversation.Status.OPEN,
    Conversation.Status.PENDING,
    Conversation.Status.SNOOZED,
    Conversation.Status.RESOLVED,
)


_OLDEST = waiting.oldest_waiting(
    conversation="%(conversation)s",
    brand="%(brand)s",
    connected_at="%(connected_at)s",
    answered_at="%(answered_at)s::timestamptz",
    answer_seen_at="%(answer_seen_at)s::timestamptz",
    until="COALESCE(%(until)s::timestamptz, 'infinity')",
)


def oldest_waiting(conversation: Conversation, *, resolved_before: datetime | None = None) -> datetime | None:
    """Network time of the contact's oldest message without an answer; None = nobody waits.

    Args:
        resolved_before: a resolution since then does not count.
    """
    values: dict[str, Any] = {
        "conversation": conversation.pk,
        "brand": conversation.brand_id,
        "connected_at": conversation.channel.connected_at,
        "answered_at": conversation.answered_at,
        "answer_seen_at": conversation.answer_seen_at,
        "until": resolved_before,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST, values)
        oldest: datetime | None = cursor.fetchone()[0]
    return oldest


def received(conversation: Conversation, posted_at: datetime, *, now: datetime) -> tuple[str, ...]:
    """The contact wrote: open, and waiting since then unless an earlier message waits or a later answer stands.

    A conversation whose newest answer is younger than the message stays pending, unless that answer was written here
    by somebody who could not know of it; a resolved one opens in any case.
    """
    answered_later = (
        conversation.answered_at is not None
        and posted_at <= conversation.answered_at
        and conversation.answer_seen_at is None
    )
    if answered_later and conversation.status != RESOLVED:
        return ()
    before = _turn(conversation)
    _open(conversation, now=now)
    if not answered_later and (conversation.waiting_since is None or posted_at < conversation.waiting_since):
        conversation.waiting_since = posted_at
    return _changed(conversation, before)


def answered(
    conversation: Conversation,
    at: datetime,
    *,
    now: datetime,
    seen_at: datetime | None = None,
    part_at: datetime | None = None,
) -> tuple[str, ...]:
    """A human answer stands on the network since `at`: nobody waits and it is the contact's turn.

    Messages that it does not answer keep waiting. What is snoozed or resolved stays so.

    Args:
        seen_at: what was stored until then its author could have seen; None = it was given at the network, where one
            sees all that stands there.
        part_at: network time of the part of it that has just arrived: the stream of our own posts may have taken that
            for an answer of its own.
    """
    before = _turn(conversation)
    if part_at is not None and conversation.answered_at == part_at and part_at > at:
        conversation.answered_at = conversation.answer_seen_at = None
    note_answer(conversation, at, seen_at)
    if conversation.status in (OPEN, PENDING):
        oldest = oldest_waiting(conversation)
        if oldest is None:
            _rest(conversation, PENDING)
        else:
            _open(conversation, now=now)
            conversation.waiting_since = oldest
    return _changed(conversation, before)


def note_answer(conversation: Conversation, at: datetime, seen_at: datetime | None) -> None:
    """Our newest answer, and up to when who has answered has seen what the contact wrote.

    Who answered at the network, where an answer of ours comes to stand later, had seen what was there then.
    """
    newest = conversation.answered_at
    known = conversation.answer_seen_at
    if known is None and newest is not None and newest < at:
        known = newest
    both = max(seen_at, known) if seen_at is not None and known is not None else None
    # The same answer may be known already, from the stream of our own posts, before its sender tells who wrote it.
    if newest is None or at > newest or (at == newest and seen_at is not None):
        conversation.answered_at, conversation.answer_seen_at = at, both or seen_at
    else:
        conversation.answer_seen_at = both or known


def unanswered(conversation: Conversation, *, asked_at: datetime, now: datetime) -> tuple[str, ...]:
    """An answer did not arrive, or nobody knows: who waited before waits again, even if it was resolved since.

    Args:
        asked_at: when the answer was written; a resolution after that counted on it and falls with it.
    """
    before = _turn(conversation)
    oldest = oldest_waiting(conversation, resolved_before=asked_at)
    if oldest is None and conversation.status == OPEN:
        return ()
    _open(conversation, now=now)
    conversation.waiting_since = oldest
    return _changed(conversation, before)


def rested(conversation: Conversation, status: str, *, until: datetime | None = None) -> tuple[str, ...]:
    """Resolve, or snooze `until`: nobody waits, no lease runs; the owner stays."""
    before = _turn(conversation)
    _rest(conversation, status)
    conversation.snoozed_until = until
    return _changed(conversation, before)


def woken(conversation: Conversation, *, now: datetime) -> tuple[str, ...]:
    """Open again after a snooze or a reopening; who has no answer waits again."""
    before = _turn(conversation)
    _open(conversation, now=now)
    conversation.waiting_since = oldest_waiting(conversation)
    return _changed(conversation, before)


def set_turn(conversation: Conversation, turn: str, waiting: datetime | None, *, now: datetime) -> None:
    """Put it where it was found to stand: open, with who waits; or pending, snoozed or resolved."""
    if turn == OPEN:
        _open(conversation, now=now)
        conversation.waiting_since = waiting
        return
    until = conversation.snoozed_until if turn == SNOOZED else None
    _rest(conversation, turn)
    conversation.snoozed_until = until


def case_at(conversation: Conversation, *, now: datetime) -> Case:
    """The open case; else the last one goes on if it was resolved at most 7 days ago; else a new one begins."""
    last = Case.objects.filter(conversation=conversation).order_by("-number").first()
    if last is not None and last.resolved_at is None:
        return last
    if last is not None and last.resolved_at is not None and now - last.resolved_at <= SAME_CASE_FOR:
        last.resolved_at, last.disposition, last.reason = None, "", ""
        last.save(update_fields=["resolved_at", "disposition", "reason"])
        return last
    return Case.objects.create(conversation=conversation, number=last.number + 1 if last else 1, opened_at=now)


_TURN = ("status", "waiting_since", "answered_at", "answer_seen_at", "lease_until", "snoozed_until")


def _turn(conversation: Conversation) -> dict[str, object]:
    return {name: getattr(conversation, name) for name in _TURN}


def _changed(conversation: Conversation, before: dict[str, object]) -> tuple[str, ...]:
    return tuple(name for name in _TURN if getattr(conversation, name) != before[name])


def _open(conversation: Conversation, *, now: datetime) -> None:
    """It is our turn: an owner's lease runs from now, unless one runs already."""
    conversation.status = OPEN
    conversation.snoozed_until = None
    minutes = conversation.queue.lease_minutes
    if conversation.owner_id is not None and conversation.lease_until is None and minutes:
        conversation.lease_until = now + timedelta(minutes=minutes)


def _rest(conversation: Conversation, status: str) -> None:
    conversation.status = status
    conversation.waiting_since = None
    conversation.snoozed_until = None
    conversation.lease_until = None
