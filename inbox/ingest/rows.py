"""The statements of ingest: sets in, sets out, no model instances (performance.md: Django's bulk_create alone
costs more than the whole bare path).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels.models import Channel
from core.copying import array_literal, copy_rows
from inbox import waiting
from inbox.ingest.items import ProfileKey

# First key of our advisory locks, so that two uses never meet; second key = the channel.
INGEST_LOCK = 7_001

MESSAGE_COLUMNS = (
    ("id", "int8"),
    ("channel_id", "int8"),
    ("conversation_id", "int8"),
    ("thread_id", "int8"),
    ("profile_id", "int8"),
    ("direction", "text"),
    ("visibility", "text"),
    ("external_id", "text"),
    ("in_reply_to", "text"),
    ("text", "text"),
    ("permalink", "text"),
    ("names_us", "bool"),
    ("notes", "int2"),
    ("sources", "int2"),
    ("posted_at", "timestamptz"),
    ("ingested_at", "timestamptz"),
    ("edited_at", "timestamptz"),
    ("hidden_at", "timestamptz"),
)
CONVERSATION_COLUMNS = (
    ("id", "int8"),
    ("channel_id", "int8"),
    ("brand_id", "int8"),
    ("thread_id", "int8"),
    ("thread_key", "text"),
    ("profile_id", "int8"),
    ("queue_id", "int8"),
    ("status", "text"),
    ("priority", "int2"),
    ("waiting_since", "timestamptz"),
    ("answered_at", "timestamptz"),
    ("last_message_at", "timestamptz"),
    ("last_message", "int8"),
    ("revision", "int4"),
)
RAW_COLUMNS = (("message_id", "int8"), ("raw", "bytea"))
THREAD_COLUMNS = (("id", "int8"), ("channel_id", "int8"), ("root_external_id", "text"), ("own_post", "bool"))
CASE_COLUMNS = (
    ("conversation_id", "int8"),
    ("number", "int4"),
    ("first_inbound_at", "timestamptz"),
    ("first_answer_at", "timestamptz"),
    ("disposition", "text"),
    ("reason", "text"),
)
EVENT_COLUMNS = (
    ("id", "int8"),
    ("conversation_id", "int8"),
    ("kind", "text"),
    ("data", "jsonb"),
    ("request_id", "text"),
    ("dispatched_at", "timestamptz"),
)
ATTACHMENT_COLUMNS = (
    ("message_id", "int8"),
    ("position", "int2"),
    ("kind", "text"),
    ("url", "text"),
    ("preview_url", "text"),
    ("alt", "text"),
)
VERSION_COLUMNS = (
    ("message_id", "int8"),
    ("channel_id", "int8"),
    ("external_id", "text"),
    ("text", "text"),
    ("notes", "int2"),
    ("posted_at", "timestamptz"),
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A message that is there already."""

    id: int
    external_id: str
    conversation_id: int | None
    ours: bool
    in_reply_to: str
    sources: int
    thread_root: str | None
    author: ProfileKey | None
    newest_text: str
    edited_at: datetime | None
    deleted: bool


def lock_channel(cursor: Any, channel_id: int) -> None:
    """One page of a channel at a time. Our own sent answers are inserted elsewhere too, so `own_messages` gives way."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [INGEST_LOCK, channel_id])


def allocate(cursor: Any, **wanted: int) -> dict[str, list[int]]:
    """Fresh ids, by table: known before the rows are written, so that nothing is written twice."""
    names = [name for name, n in wanted.items() if n]
    if not names:
        return {name: [] for name in wanted}
    cursor.execute(
        " UNION ALL ".join(
            f"SELECT %s, nextval('inbox_{name}_id_seq') FROM generate_series(1, %s)"  # noqa: S608 - our own names
            for name in names
        ),
        [value for name in names for value in (name, wanted[name])],
    )
    ids: dict[str, list[int]] = {name: [] for name in wanted}
    for name, value in cursor.fetchall():
        ids[name].append(value)
    return ids


_STORED = """
SELECT m.id, asked.external_id, m.conversation_id, m.direction = 'out', m.in_reply_to, m.sources,
       t.root_external_id, p.id_scope, p.external_id,
       CASE WHEN m.edited_at IS NULL THEN m.text ELSE COALESCE(
         (SELECT v.text FROM inbox_messageversion v WHERE v.message_id = m.id ORDER BY v.posted_at DESC LIMIT 1),
         m.text) END,
       m.edited_at, m.deleted_at IS NOT NULL
FROM (SELECT id, external_id FROM inbox_message WHERE channel_id = %(channel)s AND external_id = ANY(%(ids)s::text[])
      UNION ALL
      SELECT message_id, external_id FROM inbox_messageversion
      WHERE channel_id = %(channel)s AND external_id = ANY(%(ids)s::text[])) AS asked
JOIN inbox_message m ON m.id = asked.id
LEFT JOIN inbox_thread t ON t.id = m.thread_id
LEFT JOIN inbox_profile p ON p.id = m.profile_id
"""


def stored(cursor: Any, channel_id: int, external_ids: Iterable[str]) -> dict[str, Stored]:
    """What is known of these ids, the ids of later versions included."""
    cursor.execute(_STORED, {"channel": channel_id, "ids": array_literal(external_ids)})
    return {
        row[1]: Stored(
            row[0],
            row[1],
            row[2],
            row[3],
            row[4],
            row[5],
            row[6],
            (row[7], row[8]) if row[8] else None,
            row[9],
            row[10],
            row[11],
        )
        for row in cursor.fetchall()
    }


_PROFILES = """
SELECT p.id, p.id_scope, p.external_id, p.handle, p.name, p.followers, p.verified, p.avatar_url, {muted}
FROM inbox_profile p
WHERE p.network = %(network)s AND p.id_scope = ANY(%(scopes)s::text[]) AND p.external_id = ANY(%(ids)s::text[])
""".format(muted=waiting.muted(profile="p.id", brand="%(brand)s"))
_NEW_PROFILES = """
WITH made AS (
    INSERT INTO inbox_profile
        (contact_id, network, id_scope, external_id, handle, name, followers, verified, bio, avatar_url)
    SELECT nextval('inbox_contact_id_seq'), %s, *
    FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bool[], %s::text[], %s::text[])
    ON CONFLICT (network, id_scope, external_id) DO UPDATE SET handle = EXCLUDED.handle
    RETURNING id, id_scope, external_id, contact_id, xmax = 0 AS fresh
), contacts AS (INSERT INTO inbox_contact (id) SELECT contact_id FROM made WHERE fresh)
SELECT id, id_scope, external_id FROM made
"""
_CHANGED_PROFILES = """
UPDATE inbox_profile p SET handle = n.handle, name = n.name, followers = n.followers, verified = n.verified,
    bio = n.bio, avatar_url = n.avatar_url, updated_at = now()
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::bool[], %s::text[], %s::text[])
    AS n(id, handle, name, followers, verified, bio, avatar_url)
WHERE p.id = n.id
"""


def known_profiles(cursor: Any, network: str, brand_id: int, keys: Sequence[ProfileKey]) -> list[tuple[Any, ...]]:
    """Rows of those among `keys` that exist, each with whether it is muted for the brand."""
    scopes, ids = array_literal({scope for scope, _ in keys}), array_literal(id_ for _, id_ in keys)
    cursor.execute(_PROFILES, {"network": network, "brand": brand_id, "scopes": scopes, "ids": ids})
    return list(cursor.fetchall())


def new_profiles(cursor: Any, network: str, columns: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Make profiles, each with its contact. Columns: scope, id, handle, name, followers, verified, bio, avatar."""
    cursor.execute(_NEW_PROFILES, [network, *map(array_literal, columns)])
    return list(cursor.fetchall())


def change_profiles(cursor: Any, columns: Sequence[Sequence[Any]]) -> None:
    """Columns: id, handle, name, followers, verified, bio, avatar."""
    cursor.execute(_CHANGED_PROFILES, list(map(array_literal, columns)))


def threads(cursor: Any, channel_id: int, roots: Iterable[str]) -> dict[str, int]:
    cursor.execute(
        "SELECT root_external_id, id FROM inbox_thread WHERE channel_id = %s AND root_external_id = ANY(%s::text[])",
        [channel_id, array_literal(roots)],
    )
    return dict(cursor.fetchall())


_TURNS = """
SELECT c.id, c.thread_key, c.profile_id, c.queue_id, c.brand_id, q.lease_minutes, q.name, c.owner_id, c.status,
       c.waiting_since, c.answered_at, c.answer_seen_at, c.lease_until, c.snoozed_until, c.last_message_at,
       c.last_message
FROM inbox_conversation c JOIN inbox_queue q ON q.id = c.queue_id
WHERE (c.channel_id = %s AND c.thread_key = ANY(%s::text[])) OR c.id = ANY(%s::bigint[])
ORDER BY c.id FOR NO KEY UPDATE OF c
"""


def turns(cursor: Any, channel_id: int, keys: Iterable[str], ids: Iterable[int]) -> list[tuple[Any, ...]]:
    """The conversations of these threads and ids, locked in order of their ids."""
    cursor.execute(_TURNS, [channel_id, array_literal(keys), array_literal(ids)])
    return list(cursor.fetchall())


_SAVE_TURNS = """
UPDATE inbox_conversation c SET status = n.status, waiting_since = n.waiting_since, answered_at = n.answered_at,
    answer_seen_at = n.answer_seen_at, lease_until = n.lease_until, snoozed_until = n.snoozed_until,
    last_message_at = n.last_message_at, last_message = n.last_message, owner_id = n.owner_id,
    revision = c.revision + 1
FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],
            %s::timestamptz[], %s::timestamptz[], %s::bigint[], %s::bigint[])
    AS n(id, status, waiting_since, answered_at, answer_seen_at, lease_until, snoozed_until, last_message_at,
         last_message, owner_id)
WHERE c.id = n.id
"""


def save_turns(cursor: Any, columns: Sequence[Sequence[Any]]) -> None:
    cursor.execute(_SAVE_TURNS, list(map(array_literal, columns)))


# What nobody has looked at yet is not kept, nor what came of a message that is erased; what is as it was keeps the
# time of its first reading, and what is not said this time stays as it was said before.
_FIGURES = """
INSERT INTO inbox_messagefigures (message_id, views, shares, likes, replies, read_at)
SELECT n.id, n.views, n.shares, n.likes, n.replies, %s FROM (
    SELECT m.id, COALESCE(g.views, f.views) AS views, COALESCE(g.shares, f.shares) AS shares,
           COALESCE(g.likes, f.likes) AS likes, COALESCE(g.replies, f.replies) AS replies, f AS kept
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
        AS g(id, views, shares, likes, replies)
    JOIN inbox_message m ON m.id = g.id AND m.deleted_at IS NULL
    LEFT JOIN inbox_messagefigures f ON f.message_id = m.id) n
WHERE CASE WHEN (n.kept).message_id IS NULL THEN GREATEST(n.views, n.shares, n.likes, n.replies) > 0
      ELSE (n.views, n.shares, n.likes, n.replies)
        IS DISTINCT FROM ((n.kept).views, (n.kept).shares, (n.kept).likes, (n.kept).replies) END
ORDER BY n.id
ON CONFLICT (message_id) DO UPDATE SET views = EXCLUDED.views, shares = EXCLUDED.shares, likes = EXCLUDED.likes,
    replies = EXCLUDED.replies, read_at = EXCLUDED.read_at
"""


def figures(cursor: Any, columns: Sequence[Sequence[Any]], *, now: datetime) -> None:
    """How far posts have come; message ids first, each once."""
    cursor.execute(_FIGURES, [now, *map(array_literal, columns)])


_STILL_WAITING = """
SELECT a.id, ({oldest})
FROM unnest(%(ids)s::bigint[], %(answered)s::timestamptz[], %(seen)s::timestamptz[]) AS a(id, answered_at, seen_at)
""".format(
    oldest=waiting.oldest_waiting(
        conversation="a.id",
        brand="%(brand)s",
        connected_at="%(connected_at)s",
        answered_at="a.answered_at",
        answer_seen_at="a.seen_at",
    )
)


def still_waiting(cursor: Any, channel: Channel, columns: Sequence[Sequence[Any]]) -> dict[int, datetime | None]:
    """Per answered conversation, the oldest message that still waits. Columns: id, answered at, seen at."""
    values = {"brand": channel.brand_id, "connected_at": channel.connected_at}
    arrays = dict(zip(("ids", "answered", "seen"), map(array_literal, columns), strict=True))
    cursor.execute(_STILL_WAITING, values | arrays)
    return dict(cursor.fetchall())


_CASES = """
UPDATE inbox_case c SET resolved_at = NULL, disposition = '', reason = '' FROM (
    SELECT DISTINCT ON (conversation_id) id, resolved_at FROM inbox_case
    WHERE conversation_id = ANY(%(ids)s::bigint[]) ORDER BY conversation_id, number DESC
) AS last WHERE c.id = last.id AND last.resolved_at > now() - interval '7 days';
INSERT INTO inbox_case (conversation_id, number, first_inbound_at, disposition, reason)
SELECT n.id, COALESCE((SELECT max(number) FROM inbox_case c WHERE c.conversation_id = n.id), 0) + 1, n.at, '', ''
FROM unnest(%(ids)s::bigint[], %(at)s::timestamptz[]) AS n(id, at)
WHERE NOT EXISTS (SELECT FROM inbox_case c WHERE c.conversation_id = n.id AND c.resolved_at IS NULL)
"""
_FIRST_ANSWERS = """
UPDATE inbox_case c SET first_answer_at = n.at FROM unnest(%s::bigint[], %s::timestamptz[]) AS n(id, at)
WHERE c.conversation_id = n.id AND c.resolved_at IS NULL AND c.first_answer_at IS NULL
  AND n.at >= COALESCE(c.first_inbound_at, '-infinity')
"""


def open_cases(cursor: Any, at: dict[int, datetime | None]) -> None:
    """An open case per conversation: the last one goes on within 7 days of its resolution, else a new one."""
    cursor.execute(_CASES, {"ids": array_literal(at), "at": array_literal(at.values())})


def first_answers(cursor: Any, at: dict[int, datetime]) -> None:
    """Our first answer in the open case, where there was none."""
    cursor.execute(_FIRST_ANSWERS, [array_literal(at), array_literal(at.values())])


def absent(cursor: Any, user_ids: Iterable[int]) -> set[int]:
    """Those who are away, offline by their own word, or disabled."""
    cursor.execute(
        """SELECT u.id FROM accounts_user u LEFT JOIN accounts_presence p ON p.user_id = u.id
           WHERE u.id = ANY(%s::bigint[]) AND (NOT u.is_active OR p.status IN ('away', 'offline'))""",
        [array_literal(user_ids)],
    )
    return {row[0] for row in cursor.fetchall()}


def orphans(cursor: Any, channel_id: int, parents: Iterable[str]) -> list[tuple[int, str, str, datetime]]:
    """Our own answers below these posts that were context until now: (id, external id, parent, posted at)."""
    cursor.execute(
        """SELECT id, external_id, in_reply_to, posted_at FROM inbox_message
           WHERE channel_id = %s AND in_reply_to <> '' AND in_reply_to = ANY(%s::text[])
             AND conversation_id IS NULL AND direction = 'out'""",
        [channel_id, array_literal(parents)],
    )
    return list(cursor.fetchall())


def adopt(cursor: Any, columns: Sequence[Sequence[Any]]) -> None:
    """Put stored context into conversations. Columns: message id, conversation id, thread id, source bit (0 = ours).

    What a contact wrote comes in with this: until now it was shown to nobody who answers.
    """
    cursor.execute(
        """UPDATE inbox_message m SET conversation_id = n.conversation_id, thread_id = n.thread_id,
                  sources = m.sources | n.source,
                  ingested_at = CASE WHEN n.source > 0 THEN clock_timestamp() ELSE m.ingested_at END
           FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::int[])
                AS n(id, conversation_id, thread_id, source)
           WHERE m.id = n.id""",
        list(map(array_literal, columns)),
    )


def add_sources(cursor: Any, columns: Sequence[Sequence[Any]]) -> None:
    """The same post came through another stream. Columns: message id, source bit."""
    cursor.execute(
        """UPDATE inbox_message m SET sources = m.sources | n.source
           FROM unnest(%s::bigint[], %s::int[]) AS n(id, source) WHERE m.id = n.id""",
        list(map(array_literal, columns)),
    )


def unreadable(cursor: Any, channel_id: int, stream: str, columns: Sequence[Sequence[Any]]) -> int:
    """Keep what could not be read, each once; how many were new. Columns: external id, digest, reason, raw (hex)."""
    cursor.execute(
        """INSERT INTO channels_unreadableitem (channel_id, stream_kind, external_id, digest, reason, raw)
           SELECT %s, %s, n.external_id, n.digest, n.reason, decode(n.raw, 'hex')
           FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) AS n(external_id, digest, reason, raw)
           ON CONFLICT (channel_id, digest) DO NOTHING""",
        [channel_id, stream, *map(array_literal, columns)],
    )
    return int(cursor.rowcount)


def own_messages(cursor: Any, values: Sequence[Sequence[Any]]) -> set[int]:
    """Insert posts of ours (columns as MESSAGE_COLUMNS) unless the sender was first; the ids that were written."""
    names = ", ".join(name for name, _ in MESSAGE_COLUMNS)
    arrays = ", ".join(f"%s::{kind}[]" for _, kind in MESSAGE_COLUMNS)
    cursor.execute(
        f"INSERT INTO inbox_message ({names}) SELECT * FROM unnest({arrays}) "  # noqa: S608 - our own names
        "ON CONFLICT (channel_id, external_id) DO NOTHING RETURNING id",
        list(map(array_literal, zip(*values, strict=True))),
    )
    return {row[0] for row in cursor.fetchall()}


def versions(cursor: Any, columns: Sequence[Sequence[Any]]) -> set[int]:
    """Later wordings, each once; the ids of the messages that got one. Columns as VERSION_COLUMNS."""
    cursor.execute(
        """WITH made AS (
               INSERT INTO inbox_messageversion (message_id, channel_id, external_id, text, notes, posted_at)
               SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::int2[], %s::timestamptz[])
               ON CONFLICT (channel_id, external_id, posted_at) DO NOTHING RETURNING message_id, posted_at)
           UPDATE inbox_message m SET edited_at = greatest(m.edited_at, made.posted_at) FROM made
           WHERE m.id = made.message_id RETURNING m.id""",
        list(map(array_literal, columns)),
    )
    return {row[0] for row in cursor.fetchall()}


def copy(cursor: Any, table: str, columns: Sequence[tuple[str, str]], values: Iterable[Sequence[Any]]) -> None:
    copy_rows(cursor, f"inbox_{table}", columns, values)


def triage_work(cursor: Any, message_ids: Sequence[int]) -> None:
    """Messages that wait for triage, as one row."""
    cursor.execute(
        "INSERT INTO inbox_triagework (message_ids, attempts, error) VALUES (%s, 0, '')", [list(message_ids)]
    )
