"""Saved views: kept, changed, deleted and brought back; and how many each holds."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import NotFound
from inbox.models.view import SavedView
from inbox.selectors.views import get_view
from inbox.services import views
from web.access import access, person
from web.editing import edit
from web.forms_views import ViewForm, audiences
from web.places import ALL, place_of, view_url
from web.view_rows import group

INBOX = {"back": "inbox-home", "rail_active": "inbox"}


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """The group of the sidebar, with its numbers."""
    saved = group(request, place_of(request, ALL), counted=True)
    return render(request, "inbox/_saved_views.html", {"saved": saved})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Keep a search; from a list the form comes filled in."""
    given = {"query": request.GET.get("q", ""), "sort": request.GET.get("sort", "")}
    form = ViewForm(request.POST or None, audiences=audiences(request), initial=given)
    return edit(
        request, form, _("New view"), lambda _data, me: views.create(**form.values(), actor=me), then=view_url, **INBOX
    )


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename it, share it, change what it shows."""
    view = get_view(access(request), pk)
    if view.owner_id != person(request).pk and not person(request).is_administrator:
        raise NotFound(_("There is no such page."))
    shared = f"{view.audience}:{view.team_id}" if view.team_id else view.audience
    initial = {"name": view.name, "query": view.query, "sort": view.sort, "audience": shared}
    form = ViewForm(request.POST or None, audiences=audiences(request), initial=initial)
    danger = {
        "url": reverse("view-deletion", args=[pk]),
        "label": _("Delete the view"),
        "text": _("It goes from the list of everybody who sees it. Conversations stay as they are."),
    }
    save = lambda _data, me: views.change(pk, **form.values(), actor=me)  # noqa: E731
    return edit(request, form, view.name, save, then=view_url, danger=danger, **INBOX)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it away, with a way back."""
    view = views.delete(pk, actor=person(request))
    undo = reverse("view-restoration", args=[pk])
    messages.success(request, _("The view “%s” is deleted.") % view.name, extra_tags=undo)
    return redirect("inbox", ALL)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the deletion."""
    view: SavedView = views.restore(pk, actor=person(request))
    messages.success(request, _("The view is back."))
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": view_url(view)})
    return redirect(view_url(view))
