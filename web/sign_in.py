"""Signing somebody in who has just proved to be the owner of a link and has chosen a password."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse

from accounts import device
from accounts.models import User
from accounts.services import audit

BACKEND = "accounts.backends.Backend"


def sign_in(request: HttpRequest, person: User, response: HttpResponse) -> HttpResponse:
    """Start a new session for this person; whoever was signed in here is signed out. Records: sign_in.succeeded."""
    login(request, person, backend=BACKEND)
    audit.record("sign_in.succeeded", actor=person, subject=person, data={"method": "link"})
    device.remember(person.email, request, response)
    return response
