"""Claims end by themselves: activity extends a lease, silence or a disabled account gives the conversation back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from core.copying import array_literal
from inbox.services import events

EXTEND_EVERY_S = 60

_EXTEND = """
UPDATE inbox_conversation c
SET lease_until = clock_timestamp() + make_interval(mins => q.lease_minutes)
FROM inbox_queue q
WHERE c.id = %(conversation)s AND c.owner_id = %(owner)s AND q.id = c.queue_id AND c.lease_until > clock_timestamp()
  AND c.lease_until < clock_timestamp() + make_interval(mins => q.lease_minutes, secs => -%(every)s)
"""

# A row that somebody holds right now is not idle: it is left out and looked at again the next time.
_EXPIRE = """
WITH due AS (
    SELECT id, owner_id FROM inbox_conversation
    WHERE lease_until <= clock_timestamp() ORDER BY lease_until LIMIT %(limit)s
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE inbox_conversation c SET owner_id = NULL, lease_until = NULL, revision = c.revision + 1
FROM due JOIN accounts_user u ON u.id = due.owner_id, inbox_queue q
WHERE c.id = due.id AND q.id = c.queue_id
RETURNING c.id, c.queue_id, c.brand_id, q.name, u.id, u.name
"""

_GIVE_BACK = """
WITH left_behind AS (
    SELECT c.id, c.owner_id FROM inbox_conversation c JOIN accounts_user u ON u.id = c.owner_id
    WHERE {whose} AND c.status <> 'resolved' ORDER BY c.id LIMIT %(limit)s
    FOR NO KEY UPDATE OF c SKIP LOCKED
)
UPDATE inbox_conversation c SET owner_id = NULL, lease_until = NULL, revision = c.revision + 1
FROM left_behind WHERE c.id = left_behind.id
RETURNING c.id, c.queue_id, c.brand_id, left_behind.owner_id
"""
_OF_THE_ABSENT = _GIVE_BACK.format(
    whose="""c.id = ANY(%(ids)s::bigint[]) AND u.id IS DISTINCT FROM %(but)s AND (NOT u.is_active OR EXISTS (
        SELECT FROM accounts_presence p WHERE p.user_id = u.id AND p.status IN ('away', 'offline')))"""
)
_RESTING = _GIVE_BACK.format(whose="c.id = ANY(%(ids)s::bigint[]) AND c.status <> 'open'")
_OF_ONE = _GIVE_BACK.format(whose="c.owner_id = %(owner)s")
_OF_THE_DISABLED = _GIVE_BACK.format(whose="NOT u.is_active")

BATCH = 500
DISABLED = "The owner’s account is disabled."
AWAY = "was theirs, and they are away"
PARTED = "was theirs, and they cannot take its other half now"


def extend(conversation_id: int, *, actor: User) -> bool:
    """Opening and typing keep the owner's lease alive, at most once a minute; whether it moved.

    Records nothing and raises no revision: nobody else sees a difference. For everybody but the owner it does
    nothing, so that it tells a stranger nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_EXTEND, {"conversation": conversation_id, "owner": actor.pk, "every": EXTEND_EVERY_S})
        return bool(cursor.rowcount)


def expire(limit: int = BATCH) -> int:
    """Give back what was claimed and then left alone; how many (at most `limit`).

    Records: conversation.lease_expired.
    """
    with transaction.atomic(durable=True):
        rows = _rows(_EXPIRE, limit=limit)
        facts = [
            events.Fact(
                conversation,
                queue_id,
                brand_id,
                {"queue": queue, "owner": name, "owner_id": owner},
                (events.user_topic(owner),),
            )
            for conversation, queue_id, brand_id, queue, owner, name in rows
        ]
        events.record_many("conversation.lease_expired", facts)
    return len(rows)


def release_all_of(user: User, *, actor: User | None = None, reason: str = DISABLED) -> int:
    """Give back everything unresolved of somebody who is being disabled, in that same transaction; how many.

    What somebody else holds at this instant is left to `release_left_behind`.

    Records: conversation.released. Idempotent: what is given back is not theirs any more.
    """
    released = 0
    with transaction.atomic():
        while batch := _give_back(_OF_ONE, actor=actor, reason=reason, owner=user.pk):
            released += batch
    return released


def let_go(person: User, actor: User | None) -> None:
    """What `accounts.hooks` calls when somebody is disabled."""
    release_all_of(person, actor=actor)


def release_left_behind() -> int:
    """What the disabled still own, because somebody held it when they were disabled; how many (at most a batch).

    Records: conversation.released.
    """
    with transaction.atomic(durable=True):
        return _give_back(_OF_THE_DISABLED, actor=None, reason=DISABLED)


def release_absent(conversation_ids: Collection[int], *, but: User | None = None) -> int:
    """What has been opened again and belongs to somebody who is away goes back to its queue; how many.

    Inside the transaction that opened them. `but` is there, whatever their presence says.

    Records: conversation.released.
    """
    ids = array_literal(sorted(conversation_ids))
    return _give_back(_OF_THE_ABSENT, actor=None, reason=AWAY, ids=ids, but=but.pk if but else None)


def release_resting(conversation_ids: Collection[int]) -> int:
    """What rests with somebody who cannot take its other half goes back to its queue, so that both can go to one.

    Inside the caller's transaction. What is open stays: its owner works on it, or its lease runs out.

    Records: conversation.released.
    """
    return _give_back(_RESTING, actor=None, reason=PARTED, ids=array_literal(sorted(conversation_ids)))


def _give_back(statement: str, *, actor: User | None, reason: str, **values: Any) -> int:
    rows = _rows(statement, limit=BATCH, **values)
    facts = [
        events.Fact(
            conversation, queue_id, brand_id, {"reason": reason, "owner_id": owner}, (events.user_topic(owner),)
        )
        for conversation, queue_id, brand_id, owner in rows
    ]
    events.record_many("conversation.released", facts, actor=actor)
    return len(rows)


def _rows(statement: str, **values: Any) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
