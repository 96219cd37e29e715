"""Saved views as templates/inbox wants them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from inbox.selectors.views import counts_of
from web.access import access, known, person
from web.places import Place, view_at, view_url, written
from web.templatetags.ui import exact


def group(request: HttpRequest, place: Place, *, counted: bool = False) -> dict[str, Any]:
    """`saved` for `_saved_views.html`; the numbers are asked for when the page stands."""
    views = known(request).views
    numbers = counts_of(access(request), views) if counted else {}
    current = view_at(place, request)
    items = [
        {
            "label": view.name,
            "url": view_url(view),
            "count": _number(numbers.get(view.pk)),
            "current": view == current,
            "by": "" if view.owner_id == person(request).pk else view.owner.short_name,
        }
        for view in views
    ]
    return {"items": items, "counts_url": "" if counted else reverse("view-counts") + place.query()}


def _number(counted: tuple[int, bool] | None) -> str:
    """Exact up to a thousand, and then 1,000+."""
    if counted is None:
        return ""
    n, more = counted
    return f"{exact(n)}+" if more else exact(n)


def of_list(request: HttpRequest, place: Place) -> dict[str, Any]:
    """What the head of a list offers: keeping it as a view, or changing the view that it is."""
    view = view_at(place, request)
    if view is not None and view.owner_id == person(request).pk:
        return {"edit_url": reverse("view-edit", args=[view.pk]), "save_url": ""}
    text = "" if view else written(place, request)
    kept = {name: value for name, value in {"q": text, "sort": place.sort}.items() if value}
    return {"edit_url": "", "save_url": f"{reverse('view-new')}?{urlencode(kept)}" if text else ""}
