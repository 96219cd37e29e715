"""A message in the language of its reader."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.errors import SocialCareError
from core.wording import said
from inbox.selectors import conversations, items
from inbox.services import translating
from web.access import access, person
from web.came_from import place_for
from web.translation_rows import screen_language, told
from web.views import acts
from web.views.inbox import HTMX


@require_POST
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """Beneath the message; without script back to the thread, where it stands by then."""
    translating.require_service()
    where = items.get_visible_message(person(request), pk).conversation_id or 0
    try:
        made = translating.message(pk, to=screen_language(), actor=person(request))
    except SocialCareError as error:
        return acts.told(request, where, said(error.message), error.http_status)
    if request.headers.get(HTMX):
        return render(request, "inbox/_translation.html", {"translation": told(pk, made.source, made)})
    found = conversations.get_visible_conversation(person(request), where, access=access(request))
    return redirect(place_for(request, found).conversation_url(where))
