"""Ingest beside INSERT(500) of exactly the rows that it wrote, and beside the one-table yardstick of performance.md."""

import statistics
from typing import Any

from django.db import connection, transaction
from psycopg2.extras import execute_values

from benchmarks.inbox_rig.cpu import Cost, measured
from benchmarks.inbox_rig.pages import PAGE, Network
from channels.adapters.x import parse
from channels.contracts import FetchPage, StreamKind
from channels.models import Channel
from inbox.services.ingest import store_page

TABLES = (
    "inbox_contact",
    "inbox_profile",
    "inbox_thread",
    "inbox_conversation",
    "inbox_case",
    "inbox_message",
    "inbox_messageraw",
    "inbox_attachment",
    "inbox_conversationevent",
    "inbox_countdelta",
)
BATCH = 500
MENTION = """
CREATE TABLE yard.mention (
    id bigserial PRIMARY KEY, channel bigint NOT NULL, external_id text NOT NULL, author text NOT NULL, text text NOT NULL,
    raw jsonb NOT NULL, queue bigint NOT NULL, status text NOT NULL, priority int NOT NULL, assignee bigint,
    created_at timestamptz NOT NULL, UNIQUE (channel, external_id));
CREATE INDEX ON yard.mention (queue, status, created_at, id);
CREATE INDEX ON yard.mention (queue, created_at) WHERE status = 'open' AND assignee IS NULL;
CREATE INDEX ON yard.mention (author, created_at);
CREATE INDEX ON yard.mention USING gin (to_tsvector('simple', text));
"""


class Bench:
    """One database, one channel, alternating."""

    def __init__(self, channel: Channel, server: int, seed: int, messages: int) -> None:
        self.channel = channel
        self.server = server
        self.network = Network(seed, channel.external_id)
        self.pages = max(messages // PAGE, 5)
        self._prepare()

    def _prepare(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA IF NOT EXISTS yard")
            for table in TABLES:
                cursor.execute(f"CREATE TABLE IF NOT EXISTS yard.{table} (LIKE public.{table} INCLUDING ALL)")
            cursor.execute("SELECT to_regclass('yard.mention')")
            if cursor.fetchone()[0] is None:
                cursor.execute(MENTION)

    def run(self, rounds: int) -> dict[str, Any]:
        lines = []
        for number in range(rounds):
            bodies = [self.network.page() for _ in range(self.pages)]
            before = self._marks()
            ours, one, same = Cost(), Cost(), Cost()
            first = (number % 2 == 1, lambda: self._one_table(bodies, one))
            if first[0]:
                first[1]()
            self._ingest(bodies, ours)
            if not first[0]:
                first[1]()
            self._same_rows(before, same)
            n = self.pages * PAGE
            lines.append(
                {
                    "ratio": same.wall / ours.wall,
                    "cpu_ratio": (ours.cpu / one.cpu) if one.cpu else 0.0,
                    "per_second": n / ours.wall,
                    "yard_per_second": n / same.wall,
                    "cpu_ms": ours.cpu / n * 1000,
                    "client_ms": ours.client / n * 1000,
                    "server_ms": ours.server / n * 1000,
                    "one_table_ms": one.cpu / n * 1000,
                }
            )
        return {name: round(statistics.median(line[name] for line in lines), 3) for name in lines[0]} | {
            "ratio_worst": round(min(line["ratio"] for line in lines), 3),
            "cpu_ratio_worst": round(max(line["cpu_ratio"] for line in lines), 3),
            **self._bytes(),
        }

    def _ingest(self, bodies: list[bytes], cost: Cost) -> None:
        """Platform pages → committed, threaded, published rows."""
        with measured(self.server, cost):
            for body in bodies:
                page = parse.posts_page(body)
                with transaction.atomic(durable=True):
                    store_page(self.channel, StreamKind.MENTIONS, FetchPage(items=page.items, context=page.context))

    def _marks(self) -> dict[str, int]:
        with connection.cursor() as cursor:
            marks = {}
            for table in TABLES:
                cursor.execute(f"SELECT COALESCE(max({_key(table)}), 0) FROM {table}")
                marks[table] = cursor.fetchone()[0]
        return marks

    def _same_rows(self, before: dict[str, int], cost: Cost) -> None:
        """INSERT(500) of exactly the rows that ingest wrote, table by table, same indexes."""
        with connection.cursor() as cursor:
            raw = cursor.cursor
            for table in TABLES:
                cursor.execute(
                    "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' "
                    "AND table_name = %s ORDER BY ordinal_position",
                    [table],
                )
                names = [row[0] for row in cursor.fetchall()]
                listed = ", ".join(f"{name}::text" if name == "data" else name for name in names)
                cursor.execute(f"SELECT {listed} FROM {table} WHERE {_key(table)} > %s", [before[table]])
                rows = cursor.fetchall()
                columns = ", ".join(f'"{name}"' for name in names)
                with measured(self.server, cost):
                    for start in range(0, len(rows), BATCH):
                        with transaction.atomic():
                            execute_values(
                                raw,
                                f"INSERT INTO yard.{table} ({columns}) OVERRIDING SYSTEM VALUE VALUES %s "
                                "ON CONFLICT DO NOTHING",
                                rows[start : start + BATCH],
                                page_size=BATCH,
                            )

    def _one_table(self, bodies: list[bytes], cost: Cost) -> None:
        """The fixed yardstick: INSERT(500) into the wide table, rows made beforehand."""
        rows = []
        for body in bodies:
            for item in parse.posts_page(body).items:
                rows.append(
                    (
                        self.channel.pk,
                        item.external_id,
                        item.author.external_id,
                        item.text,
                        item.raw.decode(),
                        1,
                        "open",
                        3,
                        None,
                        item.posted_at,
                    )
                )
        with connection.cursor() as cursor, measured(self.server, cost):
            for start in range(0, len(rows), BATCH):
                with transaction.atomic():
                    execute_values(
                        cursor.cursor,
                        "INSERT INTO yard.mention (channel, external_id, author, text, raw, queue, status, priority, "
                        "assignee, created_at) VALUES %s ON CONFLICT DO NOTHING",
                        rows[start : start + BATCH],
                        page_size=BATCH,
                    )

    def _bytes(self) -> dict[str, float]:
        """Bytes per message, rows and indexes apart, over all tables that ingest writes."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sum(pg_table_size(t::regclass)), sum(pg_indexes_size(t::regclass)) FROM unnest(%s::text[]) t",
                [list(TABLES)],
            )
            heap, indexes = cursor.fetchone()
            cursor.execute("SELECT count(*) FROM inbox_message")
            n = cursor.fetchone()[0]
        return {"row_bytes": round(heap / n), "index_bytes": round(indexes / n)}


def _key(table: str) -> str:
    return "message_id" if table == "inbox_messageraw" else "id"
