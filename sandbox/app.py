"""The sandbox as one ASGI application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from sandbox import media
from sandbox.control import routes as control
from sandbox.demo import customers, translator
from sandbox.demo import routes as demo_routes
from sandbox.demo.director import Director
from sandbox.graph import endpoint as graph
from sandbox.http import json_answer
from sandbox.oauth import facebook as facebook_oauth
from sandbox.oauth import x as x_oauth
from sandbox.page import views as page
from sandbox.wire import Wire
from sandbox.world import World
from sandbox.x import problems
from sandbox.x.routes import ENDPOINTS


async def healthz(request: Request) -> Response:
    return json_answer({"status": "ok"})


async def unknown(request: Request, error: Exception) -> Response:
    """An address that nobody has, in the words of the network that it looks like."""
    if request.url.path.startswith(("/2/", "/1.1/")):
        refusal = problems.plain(404, "Not Found", "Not Found")
        return json_answer(refusal.body, 404, media_type="application/problem+json")
    return json_answer({"code": "not_found", "message": "there is nothing here"}, 404)


def build(world: World, *, demo: bool = False) -> ASGIApp:
    """The application; with `demo` the brands and their customers are there when it begins to answer."""
    director = Director(world)

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        if demo:
            director.begin()
        living = asyncio.create_task(director.live())
        yield
        living.cancel()
        world.store.close()

    routes = [
        Route("/healthz", healthz),
        *control.routes(world),
        *demo_routes.routes(world, director),
        *customers.routes(world),
        *translator.routes(world),
        *(endpoint.as_route(world) for endpoint in ENDPOINTS),
        *x_oauth.routes(world),
        *facebook_oauth.routes(world),
        graph.route(world),
        *media.routes(world),
        *page.routes(world),
        Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
    ]
    app = Starlette(routes=routes, exception_handlers={404: unknown}, lifespan=life)
    return Wire(app, world)
