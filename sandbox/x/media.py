"""Media upload: v2 in one call or in pieces, and v1.1 as tweepy speaks it."""

import base64
import binascii
import time

from starlette.responses import Response

from sandbox.model import Media
from sandbox.pictures import size_of
from sandbox.writing import new_key
from sandbox.x import problems
from sandbox.x.endpoint import Ask

# Source: docs.x.com/x-api/media/quickstart/best-practices: images 5 MB; the id lives for 24 h.
MAX_IMAGE = 5 * 1024 * 1024
LIVES_SECONDS = 86_400


def upload(ask: Ask) -> dict:
    content = _content(ask)
    media = _keep(ask, content)
    return {"data": _described(media)}


def initialize(ask: Ask) -> dict:
    kind = ask.body.get("media_type")
    total = ask.body.get("total_bytes")
    if not isinstance(kind, str) or not isinstance(total, int) or total <= 0:
        raise problems.invalid_body("$.total_bytes: is missing but it is required")
    media = _begin(ask, kind)
    data = {"id": media.id, "media_key": media.key, "expires_after_secs": LIVES_SECONDS}
    return {"data": data}


def append(ask: Ask) -> dict:
    media = _mine(ask, ask.path["id"])
    _add_piece(ask, media, _content(ask))
    return {"data": {"expires_at": int(time.time()) + LIVES_SECONDS}}


def finalize(ask: Ask) -> dict:
    return {"data": _described(_finish(ask, _mine(ask, ask.path["id"])))}


def status(ask: Ask) -> dict:
    media = _mine(ask, ask.query.get("media_id", ""))
    return {"data": {**_described(media), "processing_info": {"state": "succeeded", "progress_percent": 100}}}


def describe(ask: Ask) -> dict:
    """POST /2/media/metadata: the alternative text of an own picture."""
    media = _mine(ask, str(ask.body.get("id", "")))
    alt = (ask.body.get("metadata") or {}).get("alt_text") or {}
    media.alt = str(alt.get("text", ""))
    ask.world.store.put_media(media)
    return {"data": {"id": media.id, "associated_metadata": {"alt_text": {"text": media.alt}}}}


def upload_v1(ask: Ask) -> dict | Response:
    """`POST /1.1/media/upload.json` with and without `command`."""
    command = str(ask.body.get("command", ask.query.get("command", ""))).upper()
    if command == "INIT":
        return _v1(_begin(ask, str(ask.body.get("media_type", ask.query.get("media_type", "")))))
    if command in ("APPEND", "FINALIZE", "STATUS"):
        media = _mine(ask, str(ask.body.get("media_id", ask.query.get("media_id", ""))))
        if command == "APPEND":
            _add_piece(ask, media, _content(ask))
            return Response(status_code=204)
        return _v1(_finish(ask, media) if command == "FINALIZE" else media)
    return _v1(_keep(ask, _content(ask)))


def _content(ask: Ask) -> bytes:
    if "media" in ask.files:
        return ask.files["media"]
    text = ask.body.get("media_data") or ask.body.get("media")
    if not isinstance(text, str):
        raise problems.invalid_body("$.media: is missing but it is required")
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise problems.invalid_body("$.media: is not base64") from error


def _keep(ask: Ask, content: bytes) -> Media:
    if len(content) > MAX_IMAGE:
        raise problems.invalid_body("File size exceeds 5242880 bytes.")
    media = _begin(ask, "")
    return _fill(ask, media, content)


def _begin(ask: Ask, mime: str) -> Media:
    number = new_key(ask.world, ask.world.clock.now_ms())
    prefix, kind = ("3", "photo") if not mime.startswith("video") else ("13", "video")
    media = Media(
        key=f"{prefix}_{number}", id=str(number), kind=kind, mime=mime, owner_id=ask.caller.me.id, ready=False
    )
    return ask.world.store.put_media(media)


def _add_piece(ask: Ask, media: Media, piece: bytes) -> None:
    media.data = base64.b64encode(base64.b64decode(media.data) + piece).decode()
    ask.world.store.put_media(media)


def _finish(ask: Ask, media: Media) -> Media:
    return _fill(ask, media, base64.b64decode(media.data))


def _fill(ask: Ask, media: Media, content: bytes) -> Media:
    if media.kind == "photo":
        found = size_of(content)
        if found is None:
            raise problems.invalid_body("media type unrecognized.")
        media.mime, media.width, media.height = found
    media.data, media.size, media.ready = base64.b64encode(content).decode(), len(content), True
    return ask.world.store.put_media(media)


def _mine(ask: Ask, media_id: str) -> Media:
    found = next((m for m in ask.world.store.media.values() if m.id == media_id), None)
    if found is None or found.owner_id != ask.caller.me.id:
        raise problems.Refusal(404, {"errors": [problems.not_found("media", "id", media_id)]})
    return found


def _described(media: Media) -> dict:
    data: dict = {
        "id": media.id,
        "media_key": media.key,
        "size": media.size,
        "expires_after_secs": LIVES_SECONDS,
    }
    if media.width:
        data["image"] = {"image_type": media.mime, "w": media.width, "h": media.height}
    return data


def _v1(media: Media) -> dict:
    data: dict = {
        "media_id": int(media.id),
        "media_id_string": media.id,
        "media_key": media.key,
        "size": media.size,
        "expires_after_secs": LIVES_SECONDS,
    }
    if media.width:
        data["image"] = {"image_type": media.mime, "w": media.width, "h": media.height}
    return data
