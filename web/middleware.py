"""What holds for every staff page: somebody is signed in, with a second factor where the policy asks for one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from accounts.selectors import needs_second_factor
from accounts.services import sessions
from core.errors import SocialCareError

# Machines: they bring a token or need nothing, and never a session.
MACHINES = ("/api/", "/healthz", "/readyz", "/metrics", "/static/")
SIGN_IN = "/account/"
LIVE = "/live/"
log = structlog.get_logger(__name__)
Answer = Callable[[HttpRequest], HttpResponse]


class WhoMiddleware:
    """Finds out who it is before anybody else asks: a database that is away then is one page and not a crash.

    Stands right behind Django's AuthenticationMiddleware, because the request log asks for the person too.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            _ = request.user.is_authenticated
        except (OperationalError, InterfaceError):
            request.user = AnonymousUser()
            return _unavailable(request)
        return self.get_response(request)


class StaffMiddleware:
    """Closed unless said otherwise: a page for strangers is marked with Django's `login_not_required`."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(MACHINES):
            return self.get_response(request)
        try:
            response = self._answer(request)
        except (OperationalError, InterfaceError):
            response = _unavailable(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Send strangers to the sign-in page."""
        if request.path.startswith(MACHINES) or not getattr(view, "login_required", True):
            return None
        return None if request.user.is_authenticated else _to_sign_in(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The one translation of the domain's refusals that no view has answered itself."""
        if request.path.startswith(MACHINES):
            return None
        if isinstance(error, (OperationalError, InterfaceError)):
            return _unavailable(request)
        if not isinstance(error, SocialCareError):
            return None
        if error.http_status == 404:
            return render(request, "errors/404.html", status=404)
        return render(request, "errors/refused.html", {"error": error}, status=error.http_status)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if not isinstance(person, User) or not person.is_authenticated:
            return self.get_response(request)
        sessions.touch(request.session)
        if _lacks_second_factor(request, person):
            return _to_second_factor(request)
        language = person.language or translation.get_language()
        with timezone.override(ZoneInfo(person.time_zone)), translation.override(language):
            response = self.get_response(request)
        # Else the outer LocaleMiddleware would name the browser's language.
        response.headers.setdefault("Content-Language", language or settings.LANGUAGE_CODE)
        return response


def _unavailable(request: HttpRequest) -> HttpResponse:
    """The database is away, or was too slow: say so, and when to come back."""
    log.warning("page.unavailable")
    response = render(request, "errors/503.html", status=503)
    response.headers["Retry-After"] = "5"
    return response


def _lacks_second_factor(request: HttpRequest, person: User) -> bool:
    """From what the session's query brought along; the pages where one is added stay open."""
    asked = needs_second_factor(person, getattr(person, "mfa_policy", None) or "optional")
    return asked and not getattr(person, "has_second_factor", False) and not request.path.startswith(SIGN_IN)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(LIVE):
        return HttpResponseForbidden()
    if request.headers.get("HX-Request"):
        back = request.headers.get("HX-Current-URL", "/")
        return HttpResponse(status=401, headers={"HX-Redirect": _sign_in_address(back)})
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/", reverse("account_login"))


def _sign_in_address(back: str) -> str:
    path = "/" + back.partition("://")[2].partition("/")[2] if "://" in back else back
    return redirect_to_login(path, reverse("account_login"), REDIRECT_FIELD_NAME).url


def _to_second_factor(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(LIVE):
        return HttpResponseForbidden()
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Redirect": reverse("mfa_index")})
    return redirect("mfa_index")
