"""A store of a given size, written by the database itself: what matters is how it looks afterwards."""

from django.db import connection

from benchmarks.inbox_rig.cast import Cast
from benchmarks.inbox_rig.pages import WORDS
from inbox.services import counts

FILL = """
CREATE TEMP TABLE fresh AS
SELECT n, nextval('inbox_profile_id_seq') AS profile, nextval('inbox_thread_id_seq') AS thread,
       nextval('inbox_conversation_id_seq') AS conversation, nextval('inbox_message_id_seq') AS message,
       nextval('inbox_message_id_seq') AS answer,
       timestamptz '2024-01-01' + n * interval '40 seconds' AS at,
       (hashint8(n + %(seed)s)::bigint & 2147483647) AS h
FROM generate_series(%(first)s, %(last)s) AS n;
ANALYZE fresh;
-- Foreign keys are right by construction; the counters' trigger is made up for below.
SET session_replication_role = replica;
INSERT INTO inbox_contact (id) SELECT profile + 1000000000 FROM fresh;
INSERT INTO inbox_profile (id, contact_id, network, id_scope, external_id, handle, name, followers, verified,
    bio, avatar_url)
SELECT profile, profile + 1000000000, 'x', '', 'fill' || n, 'filler' || n, 'Filler ' || n, h %% 20000, false, '', ''
FROM fresh;
INSERT INTO inbox_thread (id, channel_id, root_external_id, own_post)
SELECT thread, (%(channels)s::bigint[])[1 + h %% %(many)s], 'fill' || n, false FROM fresh;
INSERT INTO inbox_conversation (id, channel_id, brand_id, thread_id, thread_key, profile_id, queue_id, owner_id, status,
    priority, waiting_since, answered_at, last_message_at, last_message, revision)
SELECT conversation, (%(channels)s::bigint[])[1 + h %% %(many)s], (%(brands)s::bigint[])[1 + h %% %(many)s], thread,
    'post:fill' || n, profile, (%(queues)s::bigint[])[1 + (h / 7) %% 3],
    CASE WHEN h %% 10 < 3 THEN (%(owners)s::bigint[])[1 + (h / 11) %% %(people)s] END,
    CASE WHEN h %% 10 < 7 THEN 'open' WHEN h %% 10 = 7 THEN 'pending' ELSE 'resolved' END, 3,
    CASE WHEN h %% 10 < 6 THEN at END, CASE WHEN h %% 10 >= 6 THEN at + interval '5 minutes' END,
    at, message, 1 FROM fresh;
INSERT INTO inbox_case (conversation_id, number, first_inbound_at, disposition, reason, resolved_at)
SELECT conversation, 1, at, CASE WHEN h %% 10 > 7 THEN 'answered' ELSE '' END, '',
    CASE WHEN h %% 10 > 7 THEN at + interval '1 hour' END FROM fresh;
INSERT INTO inbox_message (id, channel_id, conversation_id, thread_id, profile_id, direction, visibility, external_id,
    in_reply_to, text, permalink, names_us, notes, sources, posted_at)
SELECT message, (%(channels)s::bigint[])[1 + h %% %(many)s], conversation, thread, profile, 'in', 'public',
    'fill' || n, '', '@brand ' || (SELECT string_agg((%(words)s::text[])[1 + (h / d) %% %(vocabulary)s], ' ')
                                   FROM unnest(ARRAY[1, 3, 5, 13, 37, 101]) AS d)
    || ' rare' || h %% 9973 || ' case' || n || ' please help me with this, I have been waiting since this morning',
    '', true, 0, 1, at FROM fresh;
INSERT INTO inbox_messageraw (message_id, raw) SELECT message, convert_to(repeat('x', 900), 'UTF8') FROM fresh;
INSERT INTO inbox_conversationevent (conversation_id, kind, data, request_id, dispatched_at)
SELECT conversation, 'conversation.opened', '{}', '', now() FROM fresh;
INSERT INTO inbox_countdelta (queue_id, brand_id, owner_id, status, waiting, n)
SELECT queue_id, brand_id, owner_id, status, waiting_since IS NOT NULL, count(*) FROM inbox_conversation
WHERE id BETWEEN (SELECT min(conversation) FROM fresh) AND (SELECT max(conversation) FROM fresh) GROUP BY 1, 2, 3, 4, 5;
INSERT INTO yard.mention (channel, external_id, author, text, raw, queue, status, priority, assignee, created_at)
SELECT m.channel_id, m.external_id, m.profile_id::text, m.text, '{}', c.queue_id, c.status, c.priority, c.owner_id,
    m.posted_at FROM fresh JOIN inbox_message m ON m.id = fresh.message
    JOIN inbox_conversation c ON c.id = fresh.conversation;
SET session_replication_role = origin;
DROP TABLE fresh;
"""
STEP = 100_000


def filled() -> int:
    """How many conversations earlier runs have put into this store."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM yard.mention WHERE raw = '{}'")
        return cursor.fetchone()[0]


def fill(cast: Cast, size: int, *, already: int, seed: int) -> int:
    """Fill up to `size` conversations, each with a message; returns the size."""
    channels = [cast.northwind_x, cast.lumo_x]
    values = {
        "seed": seed,
        "channels": [channel.pk for channel in channels],
        "brands": [channel.brand_id for channel in channels],
        "many": len(channels),
        "queues": [cast.care.pk, cast.care.pk, cast.pr.pk],
        "owners": [cast.ana.pk, cast.omar.pk],
        "people": 2,
        "words": WORDS,
        "vocabulary": len(WORDS),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for first in range(already + 1, size + 1, STEP):
            cursor.execute(FILL, {**values, "first": first, "last": min(first + STEP - 1, size)})
        cursor.execute("SELECT setval('inbox_contact_id_seq', greatest(nextval('inbox_contact_id_seq'), 1))")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SET statement_timeout = 10000")
    while counts.fold():
        pass
    return size
