"""Small things that all endpoints share: answers in JSON, reading bodies, our own address."""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.world import World

Work = Callable[[World, Request], Awaitable[Response]]


class Refusal(Exception):
    """An answer that ends the handling of a call: an error body in the network's own form."""

    def __init__(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status, self.body, self.headers = status, body, dict(headers or {})


def json_answer(
    body: object,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    media_type: str = "application/json; charset=utf-8",
) -> Response:
    return Response(orjson.dumps(body), status, headers=dict(headers or {}), media_type=media_type)


async def read_json(request: Request) -> object:
    """The parsed body, {} when there is none. Raises: ValueError when it is not JSON."""
    body = await request.body()
    return orjson.loads(body) if body else {}


async def read_form(request: Request) -> list[tuple[str, str]]:
    """The fields of an urlencoded body in their order; bytes that are no UTF-8 are replaced."""
    return parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)


def own_address(request: Request) -> str:
    """Where this sandbox can be reached, whatever Host a client claims to be talking to."""
    host, port = request.scope["server"]
    return f"http://{'127.0.0.1' if host in ('0.0.0.0', '') else host}:{port}"  # noqa: S104


def bound(world: World, method: str, path: str, work: Work) -> Route:
    """A route whose work is given the world beside the request."""

    async def answer(request: Request) -> Response:
        return await work(world, request)

    return Route(path, answer, methods=[method])
