"""Which answer goes next: fair between channels, by due time within one, never faster than the network allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from channels.contracts import SendReceipt
from channels.models import RateBucket
from channels.services import streams, usage
from core.clock import database_now
from core.contention import retried
from inbox.advisory import SenderSession
from inbox.attempts import Attempt
from inbox.models.conversation import Conversation
from inbox.models.work import Delivery
from inbox.services import outcomes

HALTED = "Sending is halted, or the account is not connected."
LIMITED = "The network’s limit for this account is used up; it goes by itself later."
# One window of X, for estimates. Source: docs.x.com rate limits, read 2026-08.
WINDOW = timedelta(minutes=15)
PARKED_AT_ONCE = 200

_ALLOWED = """
    ch.status = 'active' AND ch.sending_halted_at IS NULL AND b.sending_halted_at IS NULL
    AND (ch.breaker_until IS NULL OR ch.breaker_until <= now())
"""
_WITHIN_LIMIT = """
    NOT EXISTS (SELECT FROM channels_ratebucket r WHERE r.channel_id = d.channel_id
                AND r.endpoint = 'send:' || d.visibility AND r.remaining <= 0 AND r.reset_at > now())
"""
# A part goes when the part before it is known to be sent: its id is what this one answers. What is sent stays sent.
_IN_TURN = """
    (d.after_id IS NULL OR EXISTS (SELECT FROM inbox_delivery b WHERE b.id = d.after_id AND b.state = 'sent'))
"""
_NEXT = f"""
WITH due AS (
    SELECT d.id, d.send_at, row_number() OVER (
               PARTITION BY d.channel_id ORDER BY c.due_at NULLS LAST, d.send_at, d.id
           ) + (SELECT count(*) FROM inbox_delivery s WHERE s.channel_id = d.channel_id AND s.state = 'sending') AS turn
    FROM inbox_delivery d
    JOIN inbox_conversation c ON c.id = d.conversation_id
    JOIN channels_channel ch ON ch.id = d.channel_id
    JOIN channels_brand b ON b.id = ch.brand_id
    WHERE d.state IN ('held', 'queued') AND d.send_at <= now() AND {_IN_TURN} AND {_ALLOWED} AND {_WITHIN_LIMIT}
)
SELECT d.id FROM inbox_delivery d JOIN due ON due.id = d.id
WHERE d.state IN ('held', 'queued')
ORDER BY due.turn, due.send_at, d.id
FOR NO KEY UPDATE OF d SKIP LOCKED LIMIT 1
"""  # noqa: S608 - our own constants
_TAKE = """
UPDATE inbox_delivery d SET state = 'sending', attempt = attempt + 1, fence = fence + 1,
    sending_at = clock_timestamp(), account_external_id = ch.external_id, settle_from = NULL, reads = 0,
    read_at = NULL, error = '', error_code = ''
FROM channels_channel ch WHERE ch.id = d.channel_id AND d.id = %s
RETURNING d.fence, d.channel_id, d.visibility
"""
_COUNT_DOWN = """
UPDATE channels_ratebucket SET remaining = remaining - 1
WHERE channel_id = %s AND endpoint = 'send:' || %s AND reset_at > now() RETURNING remaining
"""
# Answers overtake each other, and others are on their way: within one window what is left never grows.
_KEEP = """
INSERT INTO channels_ratebucket AS kept (channel_id, endpoint, "limit", remaining, reset_at, seen_at)
SELECT %(channel)s, 'send:' || %(visibility)s, %(limit)s,
       greatest(0, %(remaining)s - (SELECT count(*) FROM inbox_delivery WHERE channel_id = %(channel)s
                AND state = 'sending' AND visibility = %(visibility)s AND id <> %(delivery)s)),
       %(reset)s, clock_timestamp()
ON CONFLICT (channel_id, endpoint) DO UPDATE SET "limit" = excluded."limit", reset_at = excluded.reset_at,
    seen_at = excluded.seen_at, remaining = CASE WHEN kept.reset_at >= excluded.reset_at - interval '5 seconds'
        THEN least(kept.remaining, excluded.remaining) ELSE excluded.remaining END
"""
_BLOCKED = f"""
SELECT d.id, CASE WHEN {_ALLOWED} THEN 'rate_limited' ELSE 'halted' END AS code,
       (SELECT r.reset_at FROM channels_ratebucket r
        WHERE r.channel_id = d.channel_id AND r.endpoint = 'send:' || d.visibility) AS reset_at
FROM inbox_delivery d
JOIN channels_channel ch ON ch.id = d.channel_id
JOIN channels_brand b ON b.id = ch.brand_id
WHERE d.state IN ('held', 'queued') AND d.send_at <= now() AND {_IN_TURN} AND NOT ({_ALLOWED} AND {_WITHIN_LIMIT})
  AND (d.state = 'held' OR d.error_code NOT IN ('halted', 'rate_limited', 'token_dead'))
ORDER BY d.send_at LIMIT %s
"""  # noqa: S608 - our own constants


def is_anything_due() -> bool:
    """Whether a sender is worth starting."""
    due = Delivery.objects.filter(state__in=("held", "queued"), send_at__lte=Now())
    return due.filter(Q(after=None) | Q(after__state="sent")).exists()


def claim(session: SenderSession) -> Attempt | None:
    """Commit the next attempt as `sending`, its lock held by `session` from before that moment on.

    So whoever sees `sending` and finds the lock free knows that the sender is dead. None = nothing is due.

    Records nothing: how the attempt ends is recorded.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_NEXT)
        row = cursor.fetchone()
        if row is None or not session.try_take(row[0]):
            return None
        cursor.execute(_TAKE, [row[0]])
        fence, channel_id, visibility = cursor.fetchone()
        cursor.execute(_COUNT_DOWN, [channel_id, visibility])
        left = cursor.fetchone()
        if left is not None and left[0] is not None and left[0] < 0:  # another sender has just taken the last one
            transaction.set_rollback(True)
            session.give_back(row[0])
            return None
    return Attempt(row[0], fence)


def park_blocked() -> int:
    """Say why due answers wait: the channel is halted, or the network's window is used up. Returns: how many."""
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKED, [PARKED_AT_ONCE])
        rows = cursor.fetchall()
    return sum(_park(*row) for row in rows)


@retried
def _park(delivery_id: int, code: str, reset_at: datetime | None) -> bool:
    with transaction.atomic(durable=True):
        rows = Delivery.objects.filter(pk=delivery_id, state__in=("held", "queued"))
        conversation_id = rows.values_list("conversation_id", flat=True).first()
        if conversation_id is None:
            return False
        conversation = Conversation.objects.locked(conversation_id)
        delivery = rows.select_for_update(no_key=True).first()
        if delivery is None:
            return False
        limited = code == "rate_limited" and reset_at is not None
        until = reset_at if limited and reset_at else delivery.send_at
        outcomes.wait(delivery, conversation, until=until, code=code, error=LIMITED if limited else HALTED)
        return True


def note_receipt(delivery: Delivery, receipt: SendReceipt) -> None:
    """Keep what a call that worked said: its cost, and the limit for sending; the call that posts is the last one."""
    usage.record_send(delivery.channel, receipt.use)
    streams.note_success(delivery.channel)
    window = receipt.windows[-1] if receipt.windows else None
    if window is None or window.reset_at is None or window.remaining is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            {
                "channel": delivery.channel_id,
                "visibility": delivery.visibility,
                "limit": window.limit,
                "remaining": window.remaining,
                "reset": window.reset_at,
                "delivery": delivery.pk,
            },
        )


def exhausted(delivery: Delivery, retry_after: datetime | None) -> datetime:
    """The network refused for its limit: nobody sends there before it opens again. Returns: when that is."""
    at = retry_after or database_now() + timedelta(minutes=1)
    RateBucket.objects.update_or_create(
        channel_id=delivery.channel_id,
        endpoint=f"send:{delivery.visibility}",
        defaults={"remaining": 0, "reset_at": at, "seen_at": Now()},
    )
    return at


@dataclass(frozen=True, slots=True)
class Place:
    """Where a waiting answer stands. `send_at` is an estimate, the earliest."""

    position: int
    send_at: datetime


def place_of(delivery: Delivery) -> Place:
    """Its place among the waiting answers of the same account, and when it will leave."""
    now = database_now()
    ahead = Delivery.objects.filter(
        Q(state="sending") | Q(state__in=("held", "queued"), send_at__lt=delivery.send_at),
        channel_id=delivery.channel_id,
        visibility=delivery.visibility,
    ).exclude(pk=delivery.pk)
    position = ahead.count() + 1
    bucket = RateBucket.objects.filter(
        channel_id=delivery.channel_id, endpoint=f"send:{delivery.visibility}", reset_at__gt=now
    ).first()
    return Place(position, max(delivery.send_at, _opens(bucket, position) or now))


def _opens(bucket: RateBucket | None, position: int) -> datetime | None:
    if bucket is None or bucket.remaining is None or bucket.reset_at is None or position <= bucket.remaining:
        return None
    later = (position - bucket.remaining - 1) // bucket.limit if bucket.limit else 0
    return bucket.reset_at + later * WINDOW
