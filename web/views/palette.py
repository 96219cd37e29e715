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

from core.errors import NotFound
from inbox.models.conversation import Conversation
from inbox.selectors import contacts, conversations, saved_replies
from routing.models.macro import Macro
from routing.selectors import macros
from web import inbox_rows
from web.access import access, known, person
from web.context import Shell
from web.forms_replies import ids_of
from web.places import ALL, place_of, view_url

PLACES_AT_MOST = 8
WORDS_AT_MOST = 5
# Before the first letter only the lists of the inbox are offered.
VIEWS, PEOPLE, COMMANDS, WORDS = "#", "@", ">", "/"
LONGEST = 200


@require_safe
def found(request: HttpRequest) -> HttpResponse:
    """The groups that fit `q`, with `talk` the conversation that is open.

    `q` may begin with # (views), @ (people), / (saved replies, macros) or > (commands, which the page knows itself).
    """
    asked = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    kind = asked[:1] if asked[:1] in (VIEWS, PEOPLE, COMMANDS, WORDS) else ""
    text = asked[len(kind) :].strip()
    groups = []
    if kind in ("", VIEWS):
        groups.append({"label": _("Go to"), "items": _places(request, text)})
    if kind in ("", PEOPLE) and text:
        groups.append({"label": _("People"), "items": _people(request, text)})
    if kind == WORDS or (not kind and text):
        groups += _of_talk(request, text)
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


def _of_talk(request: HttpRequest, text: str) -> list[dict[str, Any]]:
    """What can be put into the open conversation's answer, and what can be run on it."""
    talk = _talk(request)
    if talk is None or not access(request).can_act(talk):
        return []
    replies = saved_replies.offered(talk, person(request), access(request), text=text)
    fitting = [one for one in macros.usable(talk, access(request)) if text.casefold() in one.name.casefold()]
    return [
        {"label": _("Saved replies"), "items": [_reply(one) for one in replies[:WORDS_AT_MOST]]},
        {"label": _("Macros"), "items": [_macro(one) for one in fitting[:WORDS_AT_MOST]]},
    ]


def _talk(request: HttpRequest) -> Conversation | None:
    """The conversation that is open, where it may be read."""
    for pk in ids_of([request.GET.get("talk", "")]):
        try:
            return conversations.get_visible_conversation(person(request), pk, access=access(request))
        except NotFound:
            return None
    return None


def _reply(one: saved_replies.Offered) -> dict[str, Any]:
    aux = _("To fill in: %s") % ", ".join(one.missing) if one.missing else one.text
    return {
        "id": f"saved-{one.pk}",
        "saved": one.pk,
        "text": one.text,
        "label": one.name,
        "aux": aux,
        "icon": "text-quote",
    }


def _macro(one: Macro) -> dict[str, Any]:
    return {"id": f"macro-{one.pk}", "macro": one.pk, "label": one.name, "aux": "", "icon": "zap"}


def _search(text: str) -> dict[str, Any]:
    url = f"{reverse('inbox', args=[ALL])}?{urlencode({'q': text})}"
    return {"id": "search", "url": url, "label": _("Search for “%s”") % text, "aux": "", "icon": "search"}
