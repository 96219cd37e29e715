"""Ingest beside INSERT(500) of exactly the rows that it wrote, and beside the one-table yardstick of performance.md."""

import statistics
import time
from typing import Any

from django.db import connection, transaction

from benchmarks.inbox_rig import yard
from benchmarks.inbox_rig.cpu import Cost, measured
from benchmarks.inbox_rig.pages import PAGE, Network
from channels.adapters.x import parse
from channels.contracts import FetchPage, StreamKind
from channels.models import Channel
from inbox.services.ingest import store_page

FEWEST_PAGES = 5


class Bench:
    """One database, one channel, alternating."""

    def __init__(self, channel: Channel, server: int, seed: int, messages: int) -> None:
        self.channel = channel
        self.server = server
        self.network = Network(seed, channel.external_id)
        self.pages = max(messages // PAGE, FEWEST_PAGES)
        yard.prepare()
        self._ingest([self.network.page() for _ in range(FEWEST_PAGES)], Cost())

    def warm_up(self, seconds: float) -> None:
        """Rounds that do not count, for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._round(product_first=True)

    def run(self, rounds: int) -> dict[str, Any]:
        lines = [self._round(product_first=number % 2 == 0) for number in range(rounds)]
        return {name: round(statistics.median(line[name] for line in lines), 3) for name in lines[0]} | {
            "ratio_worst": round(min(line["ratio"] for line in lines), 3),
            "cpu_ratio_worst": round(max(line["cpu_ratio"] for line in lines), 3),
            "statements_per_page": self._statements(),
            **yard.bytes_per_message(),
        }

    def _round(self, *, product_first: bool) -> dict[str, float]:
        bodies = [self.network.page() for _ in range(self.pages)]
        rows = yard.mention_rows(self.channel.pk, bodies)
        before = yard.marks()
        ours, one, same = Cost(), Cost(), Cost()
        if product_first:
            self._ingest(bodies, ours)
            yard.insert_mentions(rows, self.server, one)
        else:
            yard.insert_mentions(rows, self.server, one)
            self._ingest(bodies, ours)
        yard.insert_same(before, self.server, same)
        return _line(self.pages * PAGE, ours, one, same)

    def _ingest(self, bodies: list[bytes], cost: Cost) -> None:
        """Platform pages → committed, threaded, published rows."""
        with measured(self.server, cost):
            for body in bodies:
                self._store(body)

    def _store(self, body: bytes) -> None:
        page = parse.posts_page(body)
        with transaction.atomic(durable=True):
            store_page(self.channel, StreamKind.MENTIONS, FetchPage(items=page.items, context=page.context))

    def _statements(self) -> int:
        """What one page asks of the database."""
        body, seen = self.network.page(), 0

        def count(execute: Any, *arguments: Any) -> Any:
            nonlocal seen
            seen += 1
            return execute(*arguments)

        with connection.execute_wrapper(count):
            self._store(body)
        return seen


def _line(n: int, ours: Cost, one: Cost, same: Cost) -> dict[str, float]:
    return {
        "ratio": same.wall / ours.wall,
        "same_rows_cpu_ratio": ours.cpu / same.cpu,
        "cpu_ratio": ours.cpu / one.cpu,
        "per_second": n / ours.wall,
        "yard_per_second": n / same.wall,
        "cpu_ms": ours.cpu / n * 1000,
        "client_ms": ours.client / n * 1000,
        "server_ms": ours.server / n * 1000,
        "same_rows_ms": same.cpu / n * 1000,
        "one_table_ms": one.cpu / n * 1000,
        "one_table_client_ms": one.client / n * 1000,
    }
