"""The pictures that posts and accounts point to."""

import base64
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.http import json_answer
from sandbox.pictures import avatar, stand_in
from sandbox.world import World

HEADERS = {"cache-control": "public, max-age=86400", "x-content-type-options": "nosniff"}
KINDS = {"png": ("PNG", "image/png"), "jpg": ("JPEG", "image/jpeg")}

drawn_avatar = lru_cache(maxsize=512)(avatar)
drawn_photo = lru_cache(maxsize=128)(stand_in)


def show_avatar(world: World, request: Request) -> Response:
    """The initials of an account on its colour: /media/avatar/{network}/{id}_normal.png or .jpg."""
    name, _, kind = request.path_params["name"].rpartition(".")
    account = world.store.account(request.path_params["network"], name.removesuffix("_normal"))
    if account is None or kind not in KINDS:
        return json_answer({"code": "not_found", "message": "there is no such picture"}, 404)
    form, mime = KINDS[kind]
    return Response(drawn_avatar(account.name, account.id, form=form), headers=HEADERS, media_type=mime)


def show_media(world: World, request: Request) -> Response:
    """What was uploaded, or a drawn picture in its place."""
    media = world.store.media.get(request.path_params["key"])
    if media is None:
        return json_answer({"code": "not_found", "message": "there is no such picture"}, 404)
    if media.data:
        return Response(base64.b64decode(media.data), headers=HEADERS, media_type=media.mime)
    return Response(drawn_photo(media.key, media.alt or "Photo"), headers=HEADERS, media_type="image/jpeg")


def routes(world: World) -> list[Route]:
    async def avatar_route(request: Request) -> Response:
        return show_avatar(world, request)

    async def media_route(request: Request) -> Response:
        return show_media(world, request)

    return [Route("/media/avatar/{network}/{name}", avatar_route), Route("/media/{key}", media_route)]
