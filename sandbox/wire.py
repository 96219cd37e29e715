"""The outermost layer: counts every call, lets armed faults fire, saves before an answer leaves."""

import asyncio
import contextlib
import random
import time
from collections.abc import Callable

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.calls import Call
from sandbox.faults import SERVER_ERRORS, Fault
from sandbox.protocol import TRANSPORT, reset
from sandbox.world import World

CALL = "sandbox.call"
PAGE_TOKENS = ("pagination_token", "next_token", "after", "before")
GRAPH_LIMIT_CODES = (4, 17, 32, 613)


class Wire:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app = app
        self._world = world
        self._pages: dict[tuple[str, ...], Answer] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        call = Call(scope["method"], scope["path"])
        scope[CALL] = call
        try:
            await self._answer(call, scope, receive, send)
        finally:
            self._world.calls.add(call)
            self._world.store.flush()

    async def _answer(self, call: Call, scope: Scope, receive: Receive, send: Send) -> None:
        if call.path.startswith("/control/") or not is_api(call.path):
            await self._app(scope, receive, self._saving(call, send))
            return
        call.network = "facebook" if call.path.startswith("/graph/") else "x"
        fault = self._world.faults.choose(call.method, call.path)
        if fault is not None and fault.kind in ("429", "5xx", "timeout", "reset"):
            self._fired(fault, call)
            await before(fault, call, scope, receive, send)
            return
        answer = Answer()
        await self._app(scope, receive, answer.keep)
        call.status = answer.status
        self._world.store.flush()
        if fault is not None:
            answer = await self._spoil(fault, call, scope, answer)
        self._keep_page(call, scope, answer)
        await answer.deliver(scope, receive, send)

    def _saving(self, call: Call, send: Send) -> Callable:
        async def save_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                call.status = message["status"]
                self._world.store.flush()
            await send(message)

        return save_and_send

    def _fired(self, fault: Fault, call: Call) -> None:
        self._world.faults.count(fault)
        call.fault = fault.kind

    async def _spoil(self, fault: Fault, call: Call, scope: Scope, answer: "Answer") -> "Answer":
        """The answer as the fault leaves it; unchanged where it cannot apply (then it did not fire)."""
        if fault.kind == "after_effect":
            self._fired(fault, call)
            call.status = 0
            return answer.broken()
        if answer.status >= 300:
            return answer
        again = fault.kind == "duplicate_page"
        spoilt = self._pages.get(page_name(call, scope)) if again else answer.spoilt(fault)
        if spoilt is None:
            return answer
        self._fired(fault, call)
        return spoilt

    def _keep_page(self, call: Call, scope: Scope, answer: "Answer") -> None:
        """Remember pages of lists while somebody may want one repeated."""
        wanted = any(f["kind"] == "duplicate_page" for f in self._world.faults.as_dict()["faults"])
        if not wanted:
            self._pages.clear()
        elif call.method == "GET" and answer.status == 200 and not call.fault and b'"data":[' in answer.body:
            self._pages[page_name(call, scope)] = answer


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


def is_api(path: str) -> bool:
    return path.startswith(("/2/", "/1.1/", "/graph/"))


def page_name(call: Call, scope: Scope) -> tuple[str, ...]:
    """What makes two calls pages of one walk: the path, who asks, and the query without its page token."""
    query = sorted(
        part
        for part in scope["query_string"].decode().split("&")
        if part.partition("=")[0] not in (*PAGE_TOKENS, "access_token", "appsecret_proof")
    )
    return (call.path, call.account, *query)


async def before(fault: Fault, call: Call, scope: Scope, receive: Receive, send: Send) -> None:
    """Faults that strike before anything is done."""
    if fault.kind == "reset":
        await cut(scope, receive)
    elif fault.kind == "timeout":
        await silence(fault.seconds, receive)
        await cut(scope, receive)
    else:
        await refuse(fault, call, send)


async def hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def cut(scope: Scope, receive: Receive) -> None:
    """Reset the connection and wait until the server has noticed."""
    reset(scope[TRANSPORT])
    await hung_up(receive)


async def silence(seconds: float, receive: Receive) -> None:
    """Say nothing until the client hangs up or the time is over."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(hung_up(receive), seconds)


async def refuse(fault: Fault, call: Call, send: Send) -> None:
    """Answer with a network's own refusal or failure."""
    status, headers, body = refusal_of(fault, call.network)
    call.status = status
    content = orjson.dumps(body) if body is not None else b""
    head = {"content-type": "application/json; charset=utf-8", "content-length": str(len(content)), **headers}
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(name.encode(), value.encode()) for name, value in head.items()],
        }
    )
    await send({"type": "http.response.body", "body": content})


def refusal_of(fault: Fault, network: str) -> tuple[int, dict[str, str], object]:
    if fault.kind == "429":
        return graph_limit(fault) if network == "facebook" else x_limit(fault)
    status = fault.status or fault.chance.choice(SERVER_ERRORS)
    if network == "facebook":
        error = {"message": "An unknown error has occurred.", "type": "OAuthException", "code": 1}
        return status, {}, {"error": {**error, "is_transient": True, "fbtrace_id": "ASandboxFault"}}
    body = {"title": "Service Unavailable", "detail": "Service Unavailable", "type": "about:blank"}
    return status, {}, {**body, "status": status}


def x_limit(fault: Fault) -> tuple[int, dict[str, str], object]:
    reset_at = int(time.time()) + fault.retry_after
    headers = {
        "x-rate-limit-limit": "300",
        "x-rate-limit-remaining": "0",
        "x-rate-limit-reset": str(reset_at),
    }
    body = {"title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429}
    return 429, headers, body


def graph_limit(fault: Fault) -> tuple[int, dict[str, str], object]:
    """Code 4 with status 403. Source: facebook-nodejs-business-sdk issue 97, facebook-android-sdk issue 582."""
    code = fault.status if fault.status in GRAPH_LIMIT_CODES else 4
    usage = orjson.dumps({"call_count": 100, "total_cputime": 25, "total_time": 25}).decode()
    error = {
        "message": f"(#{code}) Application request limit reached",
        "type": "OAuthException",
        "is_transient": True,
        "code": code,
        "fbtrace_id": "ASandboxFault",
    }
    return 403, {"x-app-usage": usage}, {"error": error}
