"""The live stream with 1,000 browsers, browsers that vanish, and browsers that really refetch what they hear of."""

import asyncio
import contextlib
import random
import re
import resource
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import uvloop

from benchmarks.inbox_rig.cast import Cast
from benchmarks.inbox_rig.cpu import tree, used
from benchmarks.inbox_rig.ears import AT_ONCE, Ear, Heard, open_all
from benchmarks.inbox_rig.served import PRODUCT, Web, cookies, database_connections, percentile, serving, session_of
from core import live
from inbox.policies import access_of
from inbox.selectors.conversations import Wanted, list_page
from inbox.services.events import lane_topic

LISTENERS = 1_000
VANISHING = 2_000
REFETCHING = 150
EVENTS_PER_S = 10
SECONDS = 15
GONE_S = 40.0
BYTES = 300


def run(cast: Cast, _web: Web, _bare: Web, server: int, _rounds: int) -> dict[str, Any]:
    """On a web process of its own, so that memory is that of streams only."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    session, topic = session_of(cast.ana), lane_topic(cast.care.pk, cast.northwind_x.brand_id)
    found: dict[str, Any] = {}
    with serving(PRODUCT) as web:
        stream = Stream(web, server, session, topic)
        uvloop.run(stream.listening(found))
        uvloop.run(stream.vanishing(found))
    rows = [row.pk for row in list_page(access_of(cast.ana), Wanted(queue_ids=frozenset([cast.care.pk]))).rows]
    with serving(PRODUCT) as web:
        uvloop.run(Refetching(web, server, session, topic, rows).run(found))
    return found


class Stream:
    """Streams of one web process."""

    def __init__(self, web: Web, server: int, session: str, topic: str) -> None:
        self.web, self.server, self.session, self.topic = web, server, session, topic

    def ears(self, n: int, heard: Heard) -> list[Ear]:
        return [Ear(self.web.port, self.session, self.topic, heard) for _ in range(n)]

    async def listening(self, found: dict[str, Any]) -> None:
        """1,000 open streams, 10 events a second."""
        heard = Heard()
        await open_all(warm := self.ears(AT_ONCE, heard))
        before = memory(self.web.pid)
        began, opening = time.perf_counter(), used(self.web.pid) + used(self.server)
        ears = self.ears(LISTENERS, heard)
        await open_all(ears)
        found["open_per_s"] = round(LISTENERS / (time.perf_counter() - began), 1)
        found["open_cpu_ms"] = round((used(self.web.pid) + used(self.server) - opening) / LISTENERS * 1000, 2)
        found["kib_per_client"] = round((memory(self.web.pid) - before) / LISTENERS / 1024, 1)
        found["threads"] = threads(self.web.pid)
        found["streams"] = await asyncio.to_thread(streams_of, self.web)
        tasks = [asyncio.create_task(ear.listen()) for ear in [*ears, *warm]]
        idle, since = used(self.web.pid), time.perf_counter()
        await asyncio.sleep(5)
        found["idle_cpu_share"] = round((used(self.web.pid) - idle) / (time.perf_counter() - since), 3)
        found["database_connections_while_open"] = await asyncio.to_thread(database_connections)
        cpu = used(self.web.pid)
        await publish_for(SECONDS, self.topic)
        await asyncio.sleep(2)
        deliveries = len(heard.delays)
        found["deliveries"] = deliveries
        found["deliveries_expected"] = len(tasks) * EVENTS_PER_S * SECONDS
        found["cpu_us_per_delivery"] = round((used(self.web.pid) - cpu) / deliveries * 1e6, 1)
        for of in (50, 95, 99):
            found[f"delivery_p{of}_ms"] = round(percentile(heard.delays, of) * 1000, 1)
        await end(tasks)
        for ear in [*ears, *warm]:
            ear.vanish()
        found["left_after_listening"] = await self._settled()

    async def vanishing(self, found: dict[str, Any]) -> None:
        """2,000 browsers that come and go without goodbye."""
        before, heard = memory(self.web.pid), Heard()
        for _ in range(VANISHING // AT_ONCE):
            ears = self.ears(AT_ONCE, heard)
            await open_all(ears)
            for ear in ears:
                ear.vanish()
        found["vanished"] = VANISHING
        found["left_after_vanishing"] = await self._settled()
        found["memory_grown_percent"] = round((memory(self.web.pid) / before - 1) * 100, 1)

    async def _settled(self) -> int:
        """How many streams are still held when nobody is there any more."""
        deadline = time.monotonic() + GONE_S
        while (left := await asyncio.to_thread(streams_of, self.web)) and time.monotonic() < deadline:
            await asyncio.sleep(0.5)
        return left


class Refetching(Stream):
    """150 browsers with the same list open; every ping is about a row on their screen."""

    def __init__(self, web: Web, server: int, session: str, topic: str, rows: list[int]) -> None:
        super().__init__(web, server, session, topic)
        self.rows = rows
        self.fetched: list[float] = []
        self.wanted = 0

    async def run(self, found: dict[str, Any]) -> None:
        heard = Heard()
        ears = [Screen(self, heard) for _ in range(REFETCHING)]
        await open_all(ears)
        tasks = [asyncio.create_task(ear.listen()) for ear in ears]
        tasks += [asyncio.create_task(ear.refetch()) for ear in ears]
        cpu, web_cpu, began = used(self.server), used(self.web.pid), time.perf_counter()
        await publish_for(SECONDS, self.topic, self.rows)
        wall = time.perf_counter() - began
        web_cpu = used(self.web.pid) - web_cpu
        cpu = used(self.server) - cpu + web_cpu
        await end(tasks)
        n = len(self.fetched)
        found["refetching_browsers"] = REFETCHING
        found["refetches_per_s"] = round(n / wall, 1)
        found["refetch_p50_ms"] = round(percentile(self.fetched, 50) * 1000, 1)
        found["refetch_p95_ms"] = round(percentile(self.fetched, 95) * 1000, 1)
        found["refetch_cpu_ms"] = round(cpu / n * 1000, 2)
        found["refetch_cores"] = round(cpu / wall, 2)
        found["refetch_cores_at_one_a_second_each"] = round(cpu / n * REFETCHING, 2)
        found["refetch_database_connections"] = await asyncio.to_thread(database_connections)


class Screen(Ear):
    """A browser that fetches the row that it heard of, at most once a second, with jitter."""

    def __init__(self, place: Refetching, heard: Heard) -> None:
        super().__init__(place.web.port, place.session, place.topic, heard)
        self.place = place
        self.stale: asyncio.Queue[int] = asyncio.Queue(1)

    def note(self, ping: dict) -> None:
        super().note(ping)
        if self.stale.empty():
            self.stale.put_nowait(ping["conversations"][0])

    async def refetch(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while True:
            pk = await self.stale.get()
            await asyncio.sleep(random.uniform(0, 0.3))
            began = time.perf_counter()
            writer.write(
                f"GET /inbox/care/rows/{pk}/ HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
                f"Cookie: {cookies(self.session)}\r\nHX-Request: true\r\n\r\n".encode()
            )
            await _answer(reader)
            self.place.fetched.append(time.perf_counter() - began)
            await asyncio.sleep(max(1 - (time.perf_counter() - began), 0))


async def _answer(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise SystemExit(f"a row was refused: {head[:100]!r}")
    if length := re.search(rb"content-length: (\d+)", head):
        await reader.readexactly(int(length[1]))
        return
    while size := int((await reader.readline()).strip() or b"0", 16):
        await reader.readexactly(size + 2)
    await reader.readline()


async def publish_for(seconds: int, topic: str, rows: list[int] | None = None) -> None:
    """Events at an even pace, each with the time at which it left."""
    began = time.perf_counter()
    for number in range(seconds * EVENTS_PER_S):
        await asyncio.sleep(max(began + number / EVENTS_PER_S - time.perf_counter(), 0))
        ids = [rows[number % len(rows)]] if rows else [number]
        ping = {"event": number, "conversations": ids, "sent": time.time(), "filled": "x" * (BYTES - 100)}
        await asyncio.to_thread(live.publish, {topic: ping})


async def end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError):
            await task


def streams_of(web: Web) -> int:
    """What the hub of the process says."""
    with urlopen(f"http://127.0.0.1:{web.port}/metrics", timeout=30) as answer:
        found = re.search(r"^socialcare_live_streams ([0-9.]+)$", answer.read().decode(), re.MULTILINE)
    if found is None:
        raise SystemExit("the metrics do not say how many streams are open")
    return int(float(found[1]))


def memory(root: int) -> int:
    """Resident bytes of a process tree."""
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in tree(root))
    return pages * resource.getpagesize()


def threads(root: int) -> int:
    """Threads of a process tree."""
    return sum(len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in tree(root))
