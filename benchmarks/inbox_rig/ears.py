"""Many open live streams as raw sockets: what arrives, and how long it took."""

import asyncio
import time
from dataclasses import dataclass, field

import orjson

from benchmarks.inbox_rig.served import cookies

AT_ONCE = 40
OPEN_S = 60.0


@dataclass
class Heard:
    """Seconds from publish to arrival, over all ears, and how many of the last event arrived."""

    delays: list[float] = field(default_factory=list)


class Ear:
    """One open stream."""

    def __init__(self, port: int, session: str, topics: str, heard: Heard) -> None:
        self.port, self.session, self.topics, self.heard = port, session, topics, heard

    async def open(self) -> None:
        """Until the stream says its first words."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(
            f"GET /live/?topics={self.topics} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Cookie: {cookies(self.session)}\r\nAccept: text/event-stream\r\n\r\n".encode()
        )
        first = await asyncio.wait_for(self.reader.readuntil(b"retry:"), OPEN_S)
        if b" 200 " not in first.split(b"\r\n", 1)[0]:
            raise SystemExit(f"a stream was refused: {first[:200]!r}")

    async def listen(self) -> None:
        """Note when each ping arrives, until cancelled."""
        while True:
            line = await self.reader.readline()
            if not line:
                raise SystemExit("a stream ended by itself")
            if line.startswith(b"data: {"):
                self.note(orjson.loads(line[6:]))

    def note(self, ping: dict) -> None:
        if "sent" in ping:
            self.heard.delays.append(time.time() - ping["sent"])

    def vanish(self) -> None:
        """Gone without goodbye."""
        self.writer.transport.abort()


async def open_all(ears: list[Ear]) -> None:
    """Open them, some at a time."""
    limit = asyncio.Semaphore(AT_ONCE)

    async def one(ear: Ear) -> None:
        async with limit:
            await ear.open()

    await asyncio.gather(*map(one, ears))
