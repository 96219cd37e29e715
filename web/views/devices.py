"""Notices on one's devices: asking for them, trying and ending them, and the worker that shows them.

Where the operator set no key, none of these addresses is there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.services.devices import SignIn
from channels.webpush import Subscription
from core.errors import NotFound
from routing.selectors.devices import public_key
from routing.services import devices
from web.access import person

Page = Callable[..., HttpResponse]
WORKER = "service-worker.js"
LONGEST_ID = 18


def where_pushed(view: Page) -> Page:
    """Raises: NotFound where notices are not pushed."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not public_key():
            raise NotFound("There is no such page.")
        return view(request, *args, **kwargs)

    return guarded


@require_POST
@where_pushed
def add(request: HttpRequest) -> HttpResponse:
    """Tell me in this browser."""
    devices.add(_subscription(request), _sign_in(request), actor=person(request))
    messages.success(request, _("You get notices on this device now."))
    return redirect("your-attention")


@require_POST
@where_pushed
def renew(request: HttpRequest) -> HttpResponse:
    """This browser, where I am signed in again. 205 where it was never asked for here, which is nothing to speak of."""
    known = request.POST.get("device", "")
    device_id = int(known) if known.isdecimal() and len(known) <= LONGEST_ID else None
    try:
        devices.renew(_subscription(request), _sign_in(request), device_id=device_id, actor=person(request))
    except NotFound:
        return HttpResponse(status=205)
    return HttpResponse(status=204)


# A service worker has no page and so no token; what it knows instead is the former address, a secret of this browser.
@csrf_exempt
@require_POST
@where_pushed
def move(request: HttpRequest) -> HttpResponse:
    """This browser has got another address."""
    formerly = request.POST.get("formerly", "")
    devices.move(_subscription(request), _sign_in(request), formerly=formerly, actor=person(request))
    return HttpResponse(status=204)


@require_POST
@where_pushed
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """No more notices there."""
    devices.remove(pk, actor=person(request))
    messages.success(request, _("That device gets no notices any more."))
    return redirect("your-attention")


@require_POST
@where_pushed
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    """A notice that says that it works."""
    devices.try_out(pk, actor=person(request))
    messages.success(request, _("A trial notice is on its way."))
    return redirect("your-attention")


@login_not_required
@require_safe
@where_pushed
def worker(_request: HttpRequest) -> HttpResponse:
    """The script that shows notices; from the root, so that all pages are its own."""
    script = (Path(settings.STATICFILES_DIRS[0]) / WORKER).read_bytes()
    return HttpResponse(script, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


def _subscription(request: HttpRequest) -> Subscription:
    return Subscription(*(request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")))


def _sign_in(request: HttpRequest) -> SignIn:
    return SignIn(session=request.session.session_key, agent=request.META.get("HTTP_USER_AGENT", ""))
