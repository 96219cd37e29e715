"""Pictures of customers, fetched by us: a browser of ours never talks to a network, and gets only pictures."""

from __future__ import annotations

import base64

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from inbox.selectors import media as visible
from inbox.services import media
from inbox.services.pictures import CONTENT_TYPE, Size
from web.access import access

KEEP = "private, max-age=86400"
SOON = "private, max-age=300"
HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Disposition": "inline",
}
# One transparent pixel: behind an avatar stand the initials.
NOTHING = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
)


@require_safe
def avatar(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody's avatar; a transparent pixel where there is none."""
    given = request.GET.get("message", "")
    message = int(given) if given.isdecimal() and len(given) < 18 else None
    found = visible.avatar_of(access(request), pk, message_id=message)
    try:
        content = media.picture(found.url, found.network, Size.AVATAR) if found.url else None
    except media.Busy:
        return _answer(NOTHING, "image/png", "no-store")
    return _answer(content, CONTENT_TYPE, KEEP) if content else _answer(NOTHING, "image/png", SOON)


@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture that came with a message."""
    return _attached(request, pk, Size.FULL)


@require_safe
def thumb(request: HttpRequest, pk: int) -> HttpResponse:
    """The same, small."""
    return _attached(request, pk, Size.THUMB)


def _attached(request: HttpRequest, pk: int, size: Size) -> HttpResponse:
    found = visible.attachment(access(request), pk)
    try:
        content = media.picture(found.preview or found.url, found.network, size)
    except media.Busy:
        return HttpResponse(status=503, headers={"Retry-After": "2", **HEADERS})
    if content is None:
        raise Http404
    return _answer(content, CONTENT_TYPE, KEEP)


def _answer(content: bytes, content_type: str, keep: str) -> HttpResponse:
    return HttpResponse(content, content_type=content_type, headers={**HEADERS, "Cache-Control": keep})
