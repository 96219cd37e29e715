"""A cookie that says "somebody has signed in here as this person before". It opens nothing: it only separates the
owner's failed attempts from strangers' (see services/throttle.py)."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "__Host-device" if settings.SECURE else "device"
SALT = "accounts.device"
AGE_S = 180 * 86400


def known_for(email: str, request: HttpRequest) -> str:
    """The id of this browser if `email` has signed in with it before, else empty."""
    try:
        values = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE_S)
    except signing.BadSignature:
        return ""
    return str(values["id"]) if values["who"] == _mark(email) else ""


def remember(email: str, request: HttpRequest, response: HttpResponse) -> None:
    """Mark this browser as known for `email`; the last person who signed in counts."""
    if known_for(email, request):
        return
    value = signing.dumps({"id": secrets.token_urlsafe(12), "who": _mark(email)}, salt=SALT)
    response.set_cookie(COOKIE, value, max_age=AGE_S, secure=settings.SECURE, httponly=True, samesite="Lax")


def _mark(email: str) -> str:
    return salted_hmac(SALT, email.lower()).hexdigest()[:32]
