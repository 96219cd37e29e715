"""One endpoint of X: who may call it, how often, and the work itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.http import Refusal, json_answer, own_address, read_form
from sandbox.limits import Limit, Window
from sandbox.wire import CALL
from sandbox.world import World
from sandbox.x import problems
from sandbox.x.auth import BEARER, NAMES, OAUTH1, OAUTH2, Caller, identify

USER = (OAUTH1, OAUTH2)
ANYONE = (OAUTH1, OAUTH2, BEARER)


@dataclass(slots=True)
class Ask:
    """A checked call: caller, query, path parameters, body."""

    world: World
    caller: Caller
    base: str
    query: dict[str, str]
    path: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


Handler = Callable[[Ask], Response | dict]


@dataclass(frozen=True)
class Endpoint:
    """A route with its rights and limits. `user` and `app`: calls allowed per user or per app.

    Source of every number: docs.x.com/x-api/fundamentals/rate-limits, read 2026-11.
    """

    method: str
    route: str
    handler: Handler
    auth: tuple[str, ...] = USER
    user: tuple[Limit, ...] = ()
    app: tuple[Limit, ...] = ()
    status: int = 200

    def as_route(self, world: World) -> Route:
        async def answer(request: Request) -> Response:
            return await self.answer(world, request)

        return Route(self.route, answer, methods=[self.method])

    async def answer(self, world: World, request: Request) -> Response:
        call = request.scope[CALL]
        call.template = self.route
        headers: dict[str, str] = {"api-version": "2.167"}
        try:
            raw = await request.body()
            caller = identify(world, request, raw if _is_form(request) else b"")
            call.account = caller.account.handle if caller.account else ""
            if caller.kind not in self.auth:
                raise problems.wrong_auth(NAMES[caller.kind], [NAMES[kind] for kind in self.auth])
            headers.update(self._count(world, caller))
            ask = await _read(world, caller, request, raw)
            result = self.handler(ask)
        except Refusal as refusal:
            return json_answer(
                refusal.body,
                refusal.status,
                {**headers, **refusal.headers},
                media_type="application/problem+json" if refusal.status >= 400 else "application/json",
            )
        if isinstance(result, Response):
            result.headers.update(headers)
            return result
        return json_answer(result, self.status, headers)

    def _count(self, world: World, caller: Caller) -> dict[str, str]:
        """Take one call from every window; the shortest one is reported, as X does. Raises: 429."""
        route = f"{self.method} {self.route}"
        windows = [
            world.limits.take(who, route, _overridden(world, route, limit)) for who, limit in self._limits_of(caller)
        ]
        if not windows:
            return {}
        refused = [window for window in windows if window.refused]
        shown = headers_of(refused[0] if refused else windows[0])
        if refused and world.settings.rate_limits:
            raise problems.too_many(shown)
        return shown

    def _limits_of(self, caller: Caller) -> list[tuple[str, Limit]]:
        app = [(f"app:{caller.app_id}", limit) for limit in self.app]
        if caller.account is None:
            return app
        # A window of an app counts its user calls too only where it is a day's ceiling on writing.
        ceilings = [pair for pair in app if pair[1].seconds > 900]
        return [(caller.who, limit) for limit in self.user] + ceilings


def _overridden(world: World, route: str, limit: Limit) -> Limit:
    calls = world.settings.limits.get(route)
    return limit if calls is None else Limit(calls, limit.seconds)


def headers_of(window: Window) -> dict[str, str]:
    return {
        "x-rate-limit-limit": str(window.limit),
        "x-rate-limit-remaining": str(window.remaining),
        "x-rate-limit-reset": str(window.reset),
    }


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")


async def _read(world: World, caller: Caller, request: Request, raw: bytes) -> Ask:
    """Raises: 400 when the body is not what its type says."""
    ask = Ask(world, caller, own_address(request), dict(request.query_params), dict(request.path_params))
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        async with request.form() as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    ask.files[name] = await value.read()
                else:
                    ask.body[name] = value
    elif _is_form(request):
        ask.body = dict(await read_form(request))
    elif raw:
        ask.body = _json_object(raw)
    return ask


def _json_object(raw: bytes) -> dict[str, Any]:
    try:
        content = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise problems.invalid_body("Request body is not valid JSON") from error
    if not isinstance(content, dict):
        raise problems.invalid_body("Request body must be an object")
    return content
