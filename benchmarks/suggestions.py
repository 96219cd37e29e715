"""What suggesting answers costs, beside a bare question to the same index.

    python -m benchmarks.suggestions --messages 100000 --questions 200 --seed 1

Half of the stored messages are questions in resolved conversations, the other half their answers. Words are drawn as
people use them: a few very often, most hardly ever (Zipf). The bare question is what PostgreSQL needs to count, in the
same text index, the messages with one rare word of the same question.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import django

from benchmarks.stage import environment
from benchmarks.tables import show
from socialcare.embedded import Embedded

WORDS = 20_000
FILL = """
CREATE TEMP TABLE fresh AS
SELECT n, nextval('inbox_profile_id_seq') AS profile, nextval('inbox_thread_id_seq') AS thread,
    nextval('inbox_conversation_id_seq') AS conversation, timestamptz '2026-01-01' + n * interval '1 minute' AS at
FROM generate_series(1, %(size)s) AS n;
ANALYZE fresh;
SET session_replication_role = replica;
SELECT setseed(%(chance)s);
INSERT INTO inbox_contact (id) SELECT profile + 1000000000 FROM fresh;
INSERT INTO inbox_profile (id, contact_id, network, id_scope, external_id, handle, name, verified, bio, avatar_url)
SELECT profile, profile + 1000000000, 'x', '', 'fill' || n, 'filler' || n, 'Filler ' || n, false, '', '' FROM fresh;
INSERT INTO inbox_thread (id, channel_id, root_external_id, own_post)
SELECT thread, %(channel)s, 'fill' || n, false FROM fresh;
INSERT INTO inbox_conversation (id, channel_id, brand_id, thread_id, thread_key, profile_id, queue_id, status, priority,
    last_message_at, revision)
SELECT conversation, %(channel)s, %(brand)s, thread, 'post:fill' || n, profile, %(queue)s, 'resolved', 3, at, 1
FROM fresh;
INSERT INTO inbox_message (channel_id, conversation_id, thread_id, profile_id, direction, visibility, external_id,
    in_reply_to, text, permalink, names_us, notes, sources, posted_at)
SELECT %(channel)s, f.conversation, f.thread, CASE WHEN s.ours THEN NULL ELSE f.profile END,
    CASE WHEN s.ours THEN 'out' ELSE 'in' END, 'public', 'fill' || f.n || s.ours, '', t.text, '', true, 0, 1,
    f.at + CASE WHEN s.ours THEN interval '5 minutes' ELSE interval '0' END
FROM fresh f CROSS JOIN (VALUES (false), (true)) AS s (ours)
CROSS JOIN LATERAL (
    SELECT string_agg('word' || floor(exp(random() * ln(%(words)s)))::int, ' ') AS text
    FROM generate_series(1, 14 + f.n %% 9) WHERE f.n IS NOT NULL AND s.ours IS NOT NULL) AS t;
SET session_replication_role = origin;
"""
BARE = """
SELECT count(*) FROM inbox_message m
WHERE to_tsvector('socialcare'::regconfig, COALESCE(m.text, '')) @@ plainto_tsquery('socialcare', %s)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o711)
        os.environ.update(environment(Path(home), None))
        servers = Embedded(Path(home) / "home", durable=False)
        os.environ.update(servers.start())
        try:
            measure(given)
        finally:
            servers.stop()


def measure(given: argparse.Namespace) -> None:
    """Fill, ask, print."""
    django.setup()
    from django.core.management import call_command  # the settings are there from here on
    from django.db import connection

    from tests import personas
    from tests.factories import talk

    call_command("migrate", verbosity=0)
    world = personas.world()
    channel, queue = world.channels.northwind_x, world.queues.care
    values = {"channel": channel.pk, "brand": channel.brand_id, "queue": queue.pk, "words": WORDS}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(FILL, {**values, "size": given.messages // 2, "chance": given.seed / 1000})
        cursor.execute("VACUUM ANALYZE")
    chance = random.Random(given.seed)
    texts = [" ".join(_word(chance) for _ in range(16)) for _ in range(given.questions)]
    rows = [talk.conversation(channel, queue, text=text) for text in texts]
    both, bare, found = [], [], 0
    for row, text in zip(rows, texts, strict=True):
        found += bool(_timed(both, _ask, row, world.ana))
        _timed(bare, _count, text)
    mean = statistics.median(both) / statistics.median(bare)
    show(
        f"Suggestions among {given.messages:,} messages, {given.questions} questions, seed {given.seed}; milliseconds",
        {
            "median": statistics.median(both),
            "p95": statistics.quantiles(both, n=20)[-1],
            "bare_median": statistics.median(bare),
            "bare_p95": statistics.quantiles(bare, n=20)[-1],
            "ratio_of_medians": mean,
            "with_a_suggestion": f"{found} of {given.questions}",
        },
    )


def _word(chance: random.Random) -> str:
    return f"word{int(WORDS ** chance.random())}"


def _timed(into: list[float], what: Any, *args: Any) -> Any:
    began = time.perf_counter()
    answer = what(*args)
    into.append((time.perf_counter() - began) * 1000)
    return answer


def _ask(row: Any, user: Any) -> list[Any]:
    from inbox.policies import access_of
    from inbox.selectors.conversations import get_visible_conversation
    from routing.selectors.suggestions import suggestions

    access = access_of(user)
    return suggestions(get_visible_conversation(user, row.pk, access=access), user, access)


def _count(text: str) -> int:
    from django.db import connection

    rarest = max(text.split(), key=lambda word: int(word.removeprefix("word")))
    with connection.cursor() as cursor:
        cursor.execute(BARE, [rarest])
        return cursor.fetchone()[0]


if __name__ == "__main__":
    main()
