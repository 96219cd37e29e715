"""Counters are kept, never counted: every change leaves a difference, and the differences are folded now and then."""

from __future__ import annotations

from django.db import connection, transaction

# First key of our advisory locks, so that two uses never meet.
FOLD_LOCK = 7_002
BATCH = 20_000

# One statement: whoever reads the sum of both tables sees either all differences or what became of them.
_FOLD = """
WITH taken AS (
    DELETE FROM inbox_countdelta WHERE id IN (SELECT id FROM inbox_countdelta ORDER BY id LIMIT %(limit)s)
    RETURNING queue_id, brand_id, owner_id, status, waiting, n
), folded AS (
    INSERT INTO inbox_count AS kept (queue_id, brand_id, owner_id, status, waiting, n)
    SELECT queue_id, brand_id, owner_id, status, waiting, sum(n) FROM taken GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0
    ON CONFLICT (queue_id, brand_id, owner_id, status, waiting) DO UPDATE SET n = kept.n + EXCLUDED.n
)
SELECT count(*) FROM taken
"""


def fold(limit: int = BATCH) -> int:
    """Fold at most `limit` differences into the counters; how many. Nobody's count changes by it.

    Records nothing: no conversation changes. Idempotent; two at once: the second does nothing.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, 0)", [FOLD_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_FOLD, {"limit": limit})
        folded: int = cursor.fetchone()[0]
        cursor.execute("DELETE FROM inbox_count WHERE n = 0")
    return folded
