"""The outermost layer: counts every call, lets armed faults fire, saves before an answer leaves."""

import asyncio
import contextlib
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.answer import Answer, cut, hung_up
from sandbox.calls import Call
from sandbox.faults import Fault
from sandbox.refusals import refuse
from sandbox.world import World

CALL = "sandbox.call"
PAGE_TOKENS = ("pagination_token", "next_token", "after", "before")


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

    async def _spoil(self, fault: Fault, call: Call, scope: Scope, answer: Answer) -> Answer:
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

    def _keep_page(self, call: Call, scope: Scope, answer: Answer) -> None:
        """Remember pages of lists while somebody may want one repeated."""
        wanted = any(f["kind"] == "duplicate_page" for f in self._world.faults.as_dict()["faults"])
        if not wanted:
            self._pages.clear()
        elif call.method == "GET" and answer.status == 200 and not call.fault and b'"data":[' in answer.body:
            self._pages[page_name(call, scope)] = answer


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


async def silence(seconds: float, receive: Receive) -> None:
    """Say nothing until the client hangs up or the time is over."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(hung_up(receive), seconds)
