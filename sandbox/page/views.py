"""The addresses of the page for people."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from sandbox.html import page
from sandbox.http import bound
from sandbox.model import Account
from sandbox.page.saying import NotSaid, say, take_back
from sandbox.page.timeline import NETWORK_NAMES, Shown, shown, threads
from sandbox.world import World
from sandbox.writing import is_visible

CHECK_SECONDS = 0.25
HEARTBEATS = 60
FIELDS = ("to", "person", "name", "handle", "followers", "text")
FILTERS = ("network", "brand", "kind")


async def home(world: World, request: Request, *, said: str = "", typed: dict[str, str] | None = None) -> Response:
    query = dict(request.query_params)
    given = query if typed is None else typed
    return page(
        "home.html",
        status=422 if said else 200,
        threads=threads(world, **_filters(query)),
        brands=world.store.brands(),
        people=people(world),
        networks=NETWORK_NAMES,
        filters={name: query.get(name, "") for name in FILTERS},
        typed={name: given.get(name, "") for name in FIELDS},
        answered=_answered(world, given.get("in_reply_to", "")),
        said=said,
    )


def _filters(query: dict[str, str]) -> dict[str, str]:
    return {name: query[name] for name in FILTERS if query.get(name)}


def _answered(world: World, post_id: str) -> Shown | None:
    post = world.store.find_post(post_id) if post_id else None
    return shown(world, post) if post is not None and is_visible(world, post) else None


def people(world: World) -> list[Account]:
    """Everybody who is not a brand, each handle once, the widest reach first."""
    known: dict[str, Account] = {}
    for account in world.store.accounts.values():
        if not account.brand and not account.handle.startswith("manager."):
            known.setdefault(account.handle.lower(), account)
    return sorted(known.values(), key=lambda account: (-account.followers, account.handle))[:200]


async def timeline(world: World, request: Request) -> Response:
    """The timeline alone, for the script that keeps it fresh."""
    return page(
        "_timeline.html", threads=threads(world, **_filters(dict(request.query_params))), networks=NETWORK_NAMES
    )


async def speak(world: World, request: Request) -> Response:
    """POST /say: write, then show it."""
    if not _is_own_form(request):
        return await home(world, request, said="The form came from another site.")
    typed, picture = await _typed(request)
    try:
        post = say(world, typed, picture)
    except NotSaid as problem:
        return await home(world, request, said=str(problem), typed=typed)
    author = world.store.account(post.network, post.author_id)
    again = {"person": author.handle if author else "", "to": typed.get("to", "")}
    return RedirectResponse(f"/?{urlencode(again)}#post-{post.id}", 303)


async def _typed(request: Request) -> tuple[dict[str, str], bytes]:
    typed, picture = {}, b""
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                picture = await value.read()
            else:
                typed[name] = value
    return typed, picture


def _is_own_form(request: Request) -> bool:
    sender = request.headers.get("origin")
    return sender in (None, "null") or urlsplit(sender or "").netloc == request.headers.get("host")


async def unsay(world: World, request: Request) -> Response:
    """POST /unsay: a customer takes a post back."""
    typed, _ = await _typed(request)
    try:
        if not _is_own_form(request):
            raise NotSaid("The form came from another site.")
        take_back(world, typed.get("id", ""))
    except NotSaid as problem:
        return await home(world, request, said=str(problem))
    return RedirectResponse("/", 303)


async def live(world: World, request: Request) -> Response:
    """Server-sent events: one whenever something changed."""

    async def changes() -> AsyncIterator[str]:
        seen, quiet = world.store.version, 0
        yield "retry: 1000\n\n"
        while not await request.is_disconnected():
            await asyncio.sleep(CHECK_SECONDS)
            quiet += 1
            if world.store.version != seen:
                seen, quiet = world.store.version, 0
                yield f"data: {seen}\n\n"
            elif quiet >= HEARTBEATS:
                quiet = 0
                yield ": still here\n\n"

    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(changes(), media_type="text/event-stream", headers=headers)


def routes(world: World) -> list[Route]:
    table = (
        ("GET", "/", home),
        ("GET", "/timeline", timeline),
        ("POST", "/say", speak),
        ("POST", "/unsay", unsay),
        ("GET", "/live", live),
    )
    return [bound(world, method, path, work) for method, path, work in table]
