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
from web.access import access, person
from web.places import ALL

ICONS = {"sla.warned": "timer", "sla.breached": "circle-alert", "rule.notified": "zap"}
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
            "icon": ICONS.get(one.kind, "bell"),
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
        "unread": any(line["unread"] for line in lines),
        "topic": user_topic(person(request).pk),
        "rail_active": "notices",
        "live_stream": f"/live/?topics={user_topic(person(request).pk)}",
    }
    fragment = request.headers.get("HX-Request") and request.headers.get("X-Live")
    return render(request, "routing/_notices.html" if fragment else "routing/notices.html", context)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """All read, or one of them: then on to what it is about."""
    chosen = request.POST.get("notice", "")
    one = int(chosen) if chosen.isdecimal() and len(chosen) <= LONGEST_ID else None
    services.read(person(request), ids=None if one is None else [one])
    return redirect("notices")
