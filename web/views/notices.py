"""What one was told: the list behind the bell."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from inbox.services.events import user_topic
from routing.selectors import notices as selectors
from routing.services import notices as services
from web.access import access, known, person
from web.bell import bell
from web.places import ALL

ICONS = {
    "mention": "at-sign",
    "assignment": "circle-user-round",
    "ask": "corner-up-right",
    "escalation": "triangle-alert",
    "answer": "message-square",
    "followed": "eye",
    "promise": "timer",
    "rule": "zap",
}
LONGEST_ID = 18


@require_safe
@vary_on_headers("HX-Request")
def mine(request: HttpRequest) -> HttpResponse:
    """Newest first, page by page."""
    before = request.GET.get("before", "")
    found = selectors.notices_of(
        access(request), before=int(before) if before.isdecimal() and len(before) <= LONGEST_ID else None
    )
    lines = [
        {
            "pk": one.pk,
            "icon": ICONS[one.cause],
            "sentence": one.sentence,
            "url": reverse("conversation", args=[ALL, one.conversation_id]) if one.conversation_id else "",
            "at": one.created_at,
            "due": one.due_at,
            "unread": one.read_at is None,
        }
        for one in found
    ]
    following = f"{request.path}?before={found[-1].pk}" if len(found) == selectors.PAGE else ""
    context = {
        "notices": lines,
        "next_url": following,
        "unread": known(request).unread.count > 0,
        "topic": user_topic(person(request).pk),
        "rail_active": "notices",
    }
    fragment = request.headers.get("HX-Request") and request.headers.get("X-Live")
    return render(request, "routing/_notices.html" if fragment else "routing/notices.html", context)


@require_safe
def shown_bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, to be renewed."""
    return render(request, "components/_bell.html", {"bell": bell(request, here=request.GET.get("here") == "1")})


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """All read, or one of them: then on to what it is about."""
    chosen = request.POST.get("notice", "")
    one = int(chosen) if chosen.isdecimal() and len(chosen) <= LONGEST_ID else None
    services.read(person(request), ids=None if one is None else [one])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)  # the ping renews the list and the bell
    return redirect("notices")
