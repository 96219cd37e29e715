"""What the palette finds beyond the page itself: places, people, and the search."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inbox.selectors import contacts
from web import inbox_rows
from web.access import access, known
from web.context import Shell
from web.places import ALL, place_of, view_url

PLACES_AT_MOST = 8
# Before the first letter only the lists of the inbox are offered.
VIEWS, PEOPLE, COMMANDS = "#", "@", ">"
LONGEST = 200


@require_safe
def found(request: HttpRequest) -> HttpResponse:
    """The groups that fit `q`; it may begin with # (views), @ (people) or > (commands, which the page knows itself)."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    kind = asked[:1] if asked[:1] in (VIEWS, PEOPLE, COMMANDS) else ""
    text = asked[len(kind) :].strip()
    groups = []
    if kind in ("", VIEWS):
        groups.append({"label": _("Go to"), "items": _places(request, text)})
    if kind in ("", PEOPLE) and text:
        groups.append({"label": _("People"), "items": _people(request, text)})
    if not kind and text:
        groups.append({"label": _("Conversations"), "items": [_search(text)]})
    return render(request, "inbox/_palette_found.html", {"groups": [group for group in groups if group["items"]]})


def _places(request: HttpRequest, text: str) -> list[dict[str, Any]]:
    wanted = text.casefold()
    fitting = [place for place in _all_places(request) if wanted in place["label"].casefold()]
    return [{**place, "id": f"place-{at}"} for at, place in enumerate(fitting[:PLACES_AT_MOST])]


def _all_places(request: HttpRequest) -> Iterable[dict[str, Any]]:
    views = inbox_rows.view_groups(place_of(request, ALL), known(request).queues, known(request).counts, 0)
    for group in views:
        for view in group["items"]:
            count = "" if view["count"] is None else str(view["count"])
            yield {"url": view["url"], "label": view["label"], "aux": count, "icon": view.get("icon") or "list-filter"}
    for kept in known(request).views:
        yield {"url": view_url(kept), "label": kept.name, "aux": _("Saved view"), "icon": "list-filter"}
    shell = Shell(request)
    for area in shell.areas:
        yield {"url": area.url, "label": area.label, "aux": area.keys.upper(), "icon": area.icon}
    for area in shell.settings:
        yield {"url": area.url, "label": area.label, "aux": _("Settings"), "icon": area.icon}


def _people(request: HttpRequest, text: str) -> list[dict[str, Any]]:
    return [
        {
            "id": f"person-{one.profile_id}",
            "url": reverse("conversation", args=[ALL, one.conversation_id]),
            "label": one.name or f"@{one.handle}",
            "face": one.name or one.handle,
            "aux": " · ".join(filter(None, [one.handle and f"@{one.handle}", inbox_rows.network_name(one.network)])),
        }
        for one in contacts.named(access(request), text)
    ]


def _search(text: str) -> dict[str, Any]:
    url = f"{reverse('inbox', args=[ALL])}?{urlencode({'q': text})}"
    return {"id": "search", "url": url, "label": _("Search for “%s”") % text, "aux": "", "icon": "search"}
