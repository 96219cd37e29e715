"""The person beside the conversation: tags, notes, joined contacts, and what the company's own system knows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from core.errors import SocialCareError
from core.wording import said
from inbox.models.conversation import Conversation
from inbox.selectors import conversations
from inbox.services import contact_facts, contacts
from inbox.services.reply_request import LONGEST_TOKEN
from web import customer_rows
from web.access import access, person
from web.came_from import beside, place_for
from web.forms_replies import ids_of
from web.views.inbox import HTMX


def _opened(request: HttpRequest, pk: int) -> Conversation:
    """Raises: NotFound."""
    return conversations.get_visible_conversation(person(request), pk, access=access(request))


@require_safe
@vary_on_headers(HTMX)
def more(request: HttpRequest, pk: int) -> HttpResponse:
    """What the panel asks for by itself; without script a page."""
    return _part(request, pk, "inbox/_customer_more.html", customer_rows.more(request, _opened(request, pk)))


@require_safe
@vary_on_headers(HTMX)
def lookup(request: HttpRequest, pk: int) -> HttpResponse:
    """What the company's own system knows."""
    return _part(request, pk, "inbox/_customer_lookup.html", customer_rows.looked_up(_opened(request, pk)))


@require_safe
def elsewhere(request: HttpRequest, pk: int) -> HttpResponse:
    """Who else answers them now."""
    return render(request, "inbox/_elsewhere.html", customer_rows.beside(request, _opened(request, pk)))


@require_POST
def tags(request: HttpRequest, pk: int) -> HttpResponse:
    """Words on the person: `add` with commas between, `remove`."""
    add = [word for word in request.POST.get("add", "").split(",") if word.strip()]
    return _act(
        request,
        pk,
        lambda: contact_facts.tag(pk, actor=person(request), add=add, remove=request.POST.getlist("remove")),
    )


@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Something that the next colleague should know."""
    token = request.POST.get("client_token", "")[:LONGEST_TOKEN]
    text = request.POST.get("text", "")
    return _act(request, pk, lambda: contact_facts.note(pk, actor=person(request), text=text, client_token=token))


@require_POST
def note_removal(request: HttpRequest, pk: int, note_pk: int) -> HttpResponse:
    """Take a note away."""
    return _act(request, pk, lambda: contact_facts.remove_note(pk, note_pk, actor=person(request)))


@require_POST
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """They are one person."""
    (other,) = ids_of([request.POST.get("profile", "")]) or [0]
    return _act(request, pk, lambda: contacts.merge(pk, other, actor=person(request)))


@require_POST
def apart(request: HttpRequest, pk: int) -> HttpResponse:
    """They are two people."""
    (other,) = ids_of([request.POST.get("profile", "")]) or [0]
    return _act(request, pk, lambda: contacts.tell_apart(pk, other, actor=person(request)))


@require_POST
def merge_undo(request: HttpRequest, pk: int, merge_pk: int) -> HttpResponse:
    """They were two people after all."""
    return _act(request, pk, lambda: contacts.unmerge(pk, merge_pk, actor=person(request)))


def _act(request: HttpRequest, pk: int, act: Any) -> HttpResponse:
    """The panel as it is now, or what was refused in a sentence; without script back to the conversation."""
    problem, status = "", 200
    try:
        act()
    except SocialCareError as error:
        if error.http_status == 404:
            raise
        problem, status = said(error.message), error.http_status
    found = _opened(request, pk)
    if not request.headers.get(HTMX):
        (messages.error if problem else messages.success)(request, problem or _("Saved."))
        return redirect(place_for(request, found).conversation_url(pk) + "#customer")
    if problem:  # what was typed stays where it is
        context: dict[str, Any] = {"toast": {"text": problem, "tone": "error"}}
        response = render(request, "inbox/_toast_oob.html", context, status=status)
        response["HX-Reswap"] = "none"
        return response
    return render(request, "inbox/_customer.html", {**customer_rows.beside(request, found), "conversation": found})


def _part(request: HttpRequest, pk: int, template: str, context: dict[str, Any]) -> HttpResponse:
    if request.headers.get(HTMX):
        return render(request, template, context)
    conversation = _opened(request, pk)
    page = {
        **context,
        "part": template,
        **beside(request, conversation),
    }
    return render(request, "inbox/customer.html", page)
