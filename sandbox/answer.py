"""A whole answer that is held back, so that a fault may spoil it."""

import random

import orjson
from starlette.types import Message, Receive, Scope, Send

from sandbox.faults import Fault
from sandbox.protocol import TRANSPORT, reset


async def hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def cut(scope: Scope, receive: Receive) -> None:
    """Reset the connection and wait until the server has noticed."""
    reset(scope[TRANSPORT])
    await hung_up(receive)


class Answer:
    """A whole answer, held back."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""
        self._broken = False

    async def keep(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._broken:
            await cut(scope, receive)
            return
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})

    def broken(self) -> "Answer":
        gone = Answer()
        gone._broken = True
        return gone

    def with_body(self, body: bytes, *, kind: bytes | None = None) -> "Answer":
        """The same answer with other bytes and the length that belongs to them."""
        fresh = Answer()
        fresh.status, fresh.body = self.status, body
        for name, value in self.headers:
            if name == b"content-length":
                value = str(len(body)).encode()
            elif name == b"content-type" and kind:
                value = kind
            fresh.headers.append((name, value))
        return fresh

    def spoilt(self, fault: Fault) -> "Answer | None":
        if fault.kind == "truncated":
            return self.with_body(self.body[: len(self.body) // 2])
        if fault.kind == "malformed":
            return self.with_body(b"<html><body><h1>502 Bad Gateway</h1></body></html>\n", kind=b"text/html")
        return self._reordered(fault.chance)

    def _reordered(self, chance: random.Random) -> "Answer | None":
        content = orjson.loads(self.body)
        data = content.get("data") if isinstance(content, dict) else None
        if not isinstance(data, list) or len(data) < 2:
            return None
        before = list(data)
        chance.shuffle(data)
        if data == before:
            data.reverse()
        return self.with_body(orjson.dumps(content))
