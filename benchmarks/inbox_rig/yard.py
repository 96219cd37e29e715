"""The yardsticks of ingest: plain multi-row INSERTs of 500."""

from typing import Any

import orjson
from django.db import connection, transaction
from psycopg2.extras import execute_values

from benchmarks.inbox_rig.cpu import Cost, measured

BATCH = 500
# Everything that ingest writes, with the key that grows.
TABLES = {
    "inbox_contact": "id",
    "inbox_profile": "id",
    "inbox_thread": "id",
    "inbox_conversation": "id",
    "inbox_case": "id",
    "inbox_message": "id",
    "inbox_messageraw": "message_id",
    "inbox_attachment": "id",
    "inbox_conversationevent": "id",
    "inbox_countdelta": "id",
}
# Source: performance.md §2, table `mention`: text of 150 characters, jsonb of 1.7 kB, these indexes.
MENTION = """
CREATE TABLE IF NOT EXISTS yard.mention (
    id bigserial PRIMARY KEY, channel bigint NOT NULL, external_id text NOT NULL, author text NOT NULL,
    text text NOT NULL, raw jsonb NOT NULL, queue bigint NOT NULL, status text NOT NULL, priority int NOT NULL,
    assignee bigint, created_at timestamptz NOT NULL, UNIQUE (channel, external_id));
CREATE INDEX IF NOT EXISTS mention_list ON yard.mention (queue, status, created_at, id);
CREATE INDEX IF NOT EXISTS mention_claim ON yard.mention (queue, created_at) WHERE status = 'open' AND assignee IS NULL;
CREATE INDEX IF NOT EXISTS mention_author ON yard.mention (author, created_at);
CREATE INDEX IF NOT EXISTS mention_text ON yard.mention USING gin (to_tsvector('simple', text));
"""
COLUMNS = ("channel", "external_id", "author", "text", "raw", "queue", "status", "priority", "assignee", "created_at")


def prepare() -> None:
    """Empty copies of our tables with the same indexes, and the one wide table."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS yard")
        for table in TABLES:
            cursor.execute(f"CREATE TABLE IF NOT EXISTS yard.{table} (LIKE public.{table} INCLUDING ALL)")
        cursor.execute(MENTION)


def mention_rows(channel: int, bodies: list[bytes]) -> list[tuple[Any, ...]]:
    """The posts of these pages as rows of the wide table; raw is the post with its author, about 1.7 kB."""
    rows = []
    for page in map(orjson.loads, bodies):
        authors = {user["id"]: {**user, "description": ""} for user in page["includes"]["users"]}
        for post in page["data"]:
            author = post["author_id"]
            raw = orjson.dumps({**post, "author": authors[author]}).decode()
            state = (1, "open", 3, None)
            rows.append((channel, post["id"], author, post["text"], raw, *state, post["created_at"]))
    return rows


def insert_mentions(rows: list[tuple[Any, ...]], server: int, cost: Cost) -> None:
    """INSERT(500) into the wide table."""
    with measured(server, cost):
        _insert("mention", COLUMNS, "", rows)


def marks() -> dict[str, int]:
    """Where each table ends."""
    with connection.cursor() as cursor:
        return {table: _one(cursor, f"SELECT COALESCE(max({key}), 0) FROM {table}") for table, key in TABLES.items()}


def insert_same(before: dict[str, int], server: int, cost: Cost) -> None:
    """INSERT(500) of exactly the rows that were written since `before`, table by table, same indexes."""
    for table, key in TABLES.items():
        names, rows = _rows_since(table, key, before[table])
        with measured(server, cost):
            _insert(table, names, "OVERRIDING SYSTEM VALUE", rows)


def _rows_since(table: str, key: str, mark: int) -> tuple[list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s "
            "ORDER BY ordinal_position",
            [table],
        )
        names = [row[0] for row in cursor.fetchall()]
        listed = ", ".join(f"{name}::text" if name == "data" else name for name in names)
        cursor.execute(f"SELECT {listed} FROM {table} WHERE {key} > %s", [mark])
        return names, cursor.fetchall()


def _insert(table: str, names: tuple[str, ...] | list[str], extra: str, rows: list[tuple[Any, ...]]) -> None:
    columns = ", ".join(f'"{name}"' for name in names)
    sql = f"INSERT INTO yard.{table} ({columns}) {extra} VALUES %s ON CONFLICT DO NOTHING"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            with transaction.atomic():
                execute_values(cursor.cursor, sql, rows[start : start + BATCH], page_size=BATCH)


def bytes_per_message() -> dict[str, int]:
    """Rows and indexes apart, over all tables that ingest writes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_table_size(t::regclass)), sum(pg_indexes_size(t::regclass)) FROM unnest(%s::text[]) t",
            [list(TABLES)],
        )
        heap, indexes = cursor.fetchone()
        n = _one(cursor, "SELECT count(*) FROM inbox_message")
    return {"row_bytes": round(heap / n), "index_bytes": round(indexes / n)}


def _one(cursor: Any, sql: str) -> int:
    cursor.execute(sql)
    return cursor.fetchone()[0]
