"""What rules may name: lists of authors, and webhooks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from channels.models import Channel
from core.errors import NotFound, SocialCareError
from routing.selectors import rules as selectors
from routing.services import author_lists
from routing.services import webhooks as webhook_services
from web.access import person

PLACE = {"rail_active": "rules"}


def _administrator(request: HttpRequest) -> None:
    """Raises: NotFound for everybody else."""
    if not person(request).is_administrator:
        raise NotFound("There is no such page.")


@require_http_methods(["GET", "POST"])
def lists(request: HttpRequest) -> HttpResponse:
    """All lists; a new one."""
    _administrator(request)
    error, status = "", 200
    if request.method == "POST":
        try:
            made = author_lists.create(request.POST.get("name", ""), actor=person(request))
            return redirect("rule-list", pk=made.pk)
        except SocialCareError as refused:
            error, status = refused.message, refused.http_status
    context = {"lists": selectors.author_lists(), "first": author_lists.FIRST, "error": error, **PLACE}
    return render(request, "rules/lists.html", context, status=status)


@require_http_methods(["GET", "POST"])
def one_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Who stands on a list; one more, one less."""
    _administrator(request)
    found = next((row for row in selectors.author_lists() if row.pk == pk), None)
    if found is None:
        raise NotFound("There is no such list.")
    error, status = "", 200
    if request.method == "POST":
        try:
            _change(request, pk)
            return redirect("rule-list", pk=pk)
        except SocialCareError as refused:
            error, status = refused.message, refused.http_status
    context: dict[str, Any] = {
        "list": found,
        "authors": selectors.listed(pk),
        "networks": Channel.Kind.choices,
        "error": error,
        **PLACE,
    }
    return render(request, "rules/list.html", context, status=status)


def _change(request: HttpRequest, pk: int) -> None:
    gone = request.POST.get("take_off", "")
    if gone.isascii() and gone.isdigit() and len(gone) < 19:
        author_lists.take_off(pk, int(gone), actor=person(request))
        return
    network, handle = request.POST.get("network", ""), request.POST.get("handle", "")
    author_lists.put(pk, network=network, handle=handle, actor=person(request))


@require_http_methods(["GET", "POST"])
def webhooks(request: HttpRequest) -> HttpResponse:
    """All webhooks; a new one, whose secret is shown once."""
    _administrator(request)
    error, status, secret = "", 200, ""
    if request.method == "POST":
        try:
            _made, secret = webhook_services.create(
                name=request.POST.get("name", ""), url=request.POST.get("url", ""), actor=person(request)
            )
        except SocialCareError as refused:
            error, status = refused.message, refused.http_status
    context = {
        "webhooks": selectors.webhooks(),
        "hosts": settings.WEBHOOK_HOSTS,
        "secret": secret,
        "error": error,
        "given": request.POST if error else {},
        **PLACE,
    }
    return render(request, "rules/webhooks.html", context, status=status)


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """On or off."""
    _administrator(request)
    webhook_services.switch(pk, is_on=request.POST.get("on") == "1", actor=person(request))
    messages.success(request, _("Saved."))
    return redirect("rule-webhooks")
