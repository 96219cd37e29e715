"""The signed-in person's rights, asked for once per request."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from accounts.models import User
from inbox.policies import Access, access_of


def access(request: HttpRequest) -> Access:
    """Somebody's rights as they were at the first question of this request; one query in all."""
    known = getattr(request, "_access", None)
    if known is None:
        known = access_of(person(request))
        request._access = known  # type: ignore[attr-defined]
    return cast(Access, known)


def person(request: HttpRequest) -> User:
    """Who is signed in; `StaffMiddleware` has seen to it that somebody is."""
    return cast(User, request.user)
