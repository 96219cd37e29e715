"""Who is here: browsers say it, the thread shows it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from inbox.selectors import conversations
from routing.services import notices
from web import presence, thread_rows
from web.access import access, person
from web.places import place_of


@require_POST
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """Looking, replying, noting, or gone (empty)."""
    found = conversations.get_visible_conversation(person(request), pk, access=access(request))
    doing = request.POST.get("doing", "")
    if doing not in presence.DOINGS:
        return HttpResponse(status=422)
    presence.say(found, person(request), doing)
    response = HttpResponse(status=204)
    if doing != presence.GONE and notices.read(person(request), conversation_id=pk):
        response["X-Notices"] = "read"  # who has it open has seen what was told of it; the ping may come too early
    return response


@require_safe
def show(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The line above the composer."""
    place = place_of(request, key)
    found = conversations.get_visible_conversation(person(request), pk, access=access(request))
    context = {
        "conversation": thread_rows.addresses(found, place),
        "presence": thread_rows.writing(thread_rows.others_here(request, found)),
    }
    return render(request, "inbox/_presence.html", context)
