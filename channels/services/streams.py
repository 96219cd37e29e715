"""Which stream is due, who polls it, and what a poll leaves behind. Only the database's clock counts.

A lease is a compare-and-set with a fence: every write back names the fence, so that a poller that slept through
its lease changes nothing. Waiting for a network happens in `next_poll_at`, never in a worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from channels.models import Channel, Stream
from core.errors import SocialCareError

# Longer than a task may live (60 s), so that a lease only runs out when its holder is dead.
LEASE_S = 90
# A worker that was told to look and did not come within this time is told again.
HINT_S = 15
# A channel whose calls failed this often is tried once a minute by one stream, whatever the number of its streams.
# Source: reliability.md §2.3 row 16 (at most 4 calls a minute to a sick account).
BREAKER_AFTER = 5
BREAKER_S = 60

_DUE = """
  s.next_poll_at <= clock_timestamp()
  AND (s.lease_until IS NULL OR s.lease_until <= clock_timestamp())
  AND c.status = 'active'
  AND (c.breaker_until IS NULL OR c.breaker_until <= clock_timestamp())
"""

_HINTS = f"""
WITH due AS (
  SELECT s.id, row_number() OVER (PARTITION BY s.channel_id ORDER BY s.next_poll_at, s.id) AS turn, s.next_poll_at
  FROM channels_stream s JOIN channels_channel c ON c.id = s.channel_id
  WHERE {_DUE} AND (s.hinted_at IS NULL OR s.hinted_at < clock_timestamp() - make_interval(secs => %(again)s))
  ORDER BY turn, next_poll_at LIMIT %(limit)s
)
UPDATE channels_stream s SET hinted_at = clock_timestamp() FROM due
WHERE s.id = due.id AND (s.hinted_at IS NULL OR s.hinted_at < clock_timestamp() - make_interval(secs => %(again)s))
RETURNING s.id, due.turn, due.next_poll_at
"""  # noqa: S608 - constants of this file

_CLAIM = f"""
WITH due AS (
  SELECT s.id FROM channels_stream s JOIN channels_channel c ON c.id = s.channel_id
  WHERE s.id = %(stream)s AND {_DUE}
  FOR NO KEY UPDATE OF s SKIP LOCKED
)
UPDATE channels_stream s SET
  lease_until = clock_timestamp() + make_interval(secs => %(lease)s),
  fence = s.fence + 1,
  hinted_at = NULL,
  last_poll_at = clock_timestamp(),
  -- A lease that nobody gave back: its holder died. Counted, so that a page that kills its reader is seen.
  errors_in_row = s.errors_in_row + (s.lease_until IS NOT NULL)::int,
  last_error = CASE WHEN s.lease_until IS NULL THEN s.last_error ELSE %(died)s END,
  last_error_code = CASE WHEN s.lease_until IS NULL THEN s.last_error_code ELSE 'reader_died' END,
  last_error_at = CASE WHEN s.lease_until IS NULL THEN s.last_error_at ELSE clock_timestamp() END
FROM due WHERE s.id = due.id
"""  # noqa: S608 - constants of this file

_PROBE = """
UPDATE channels_channel SET breaker_until = clock_timestamp() + make_interval(secs => %(pause)s)
WHERE id = %(channel)s AND (breaker_until IS NULL OR breaker_until <= clock_timestamp())
"""

POLL_FIELDS = (
    "mark",
    "resume",
    "walk_started_at",
    "lease_until",
    "next_poll_at",
    "interval_s",
    "last_ok_at",
    "last_item_at",
    "lag_s",
    "last_error",
    "last_error_code",
    "last_error_at",
    "errors_in_row",
    "waits_because",
    "gap",
    "gap_at",
)
DIED = "The last reading ended without a word: its worker was stopped."


class LeaseLost(SocialCareError):
    """Somebody else polls this stream by now: drop what you have."""

    code = "lease_lost"
    http_status = 409


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to poll one stream until its fence moves on.

    Args:
        stream: the row as it was when claimed, its channel and brand loaded.
    """

    stream: Stream
    fence: int

    @property
    def channel(self) -> Channel:
        return self.stream.channel


def take_hints(limit: int) -> list[int]:
    """Ids of due streams that a worker should be told of now, in fair order: one of each channel, then the next.

    Idempotent: the same stream is not given again within HINT_S seconds.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HINTS, {"limit": limit, "again": HINT_S})
        rows = sorted(cursor.fetchall(), key=lambda row: row[1:])
    return [row[0] for row in rows]


def claim(stream_id: int) -> Lease | None:
    """The lease of a stream that is due, None where it is not or somebody else was faster."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, {"stream": stream_id, "lease": LEASE_S, "died": DIED})
            if cursor.rowcount == 0:
                return None
        stream = Stream.objects.select_related("channel__brand").get(pk=stream_id)
        if stream.channel.failures_in_row >= BREAKER_AFTER and not _is_probe(stream.channel_id):
            transaction.set_rollback(True)
            return None
    return Lease(stream, stream.fence)


def hold(lease: Lease) -> Stream:
    """The leased row, locked for the running transaction.

    Raises: LeaseLost where the fence has moved on.
    """
    stream = Stream.objects.select_for_update(no_key=True).filter(pk=lease.stream.pk, fence=lease.fence).first()
    if stream is None:
        raise LeaseLost("Another worker reads this stream by now.")
    return stream


def extend(stream: Stream, now: datetime) -> None:
    """Keep the lease for another page; the row is saved by the caller."""
    stream.lease_until = now + timedelta(seconds=LEASE_S)


def release(stream: Stream, now: datetime, wait_s: float, because: str = "") -> None:
    """Give the lease back and say when to poll again; the row is saved by the caller."""
    stream.lease_until = None
    stream.next_poll_at = now + timedelta(seconds=wait_s)
    stream.waits_because = because[:300]


def save(stream: Stream) -> None:
    """Write back what a poll may change, and nothing else."""
    stream.save(update_fields=POLL_FIELDS)


def poll_now(channel_id: int) -> None:
    """Make all streams of a channel due, after something has changed that they waited for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE channels_stream SET next_poll_at = clock_timestamp(), hinted_at = NULL, waits_because = '' "
            "WHERE channel_id = %s",
            [channel_id],
        )


def note_success(channel: Channel) -> None:
    """The network answered: the breaker closes. Writes only where there is something to change."""
    Channel.objects.filter(pk=channel.pk, failures_in_row__gt=0).update(failures_in_row=0, breaker_until=None)


def note_failure(channel: Channel) -> None:
    """A call failed as calls to a sick network do; from the fifth in a row on the breaker is open."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE channels_channel SET failures_in_row = failures_in_row + 1, breaker_until = "
            "CASE WHEN failures_in_row + 1 >= %(after)s THEN clock_timestamp() + make_interval(secs => %(pause)s) END "
            "WHERE id = %(channel)s",
            {"channel": channel.pk, "after": BREAKER_AFTER, "pause": BREAKER_S},
        )


def _is_probe(channel_id: int) -> bool:
    """Whether this claim is the one try that a sick channel is given now."""
    values: dict[str, Any] = {"channel": channel_id, "pause": BREAKER_S}
    with connection.cursor() as cursor:
        cursor.execute(_PROBE, values)
        return cursor.rowcount == 1
