"""Macros: the list, writing one, and running one on a conversation."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.models import User
from core.errors import Conflict, SocialCareError
from core.wording import said
from inbox.models.conversation import Conversation
from inbox.selectors import conversations
from inbox.services.reply_request import LONGEST_TOKEN
from routing.selectors import macros as selector
from routing.services import macro_runs
from routing.services import macros as services
from web import composer_rows, macro_rows, thread_rows
from web.access import access, forget, person
from web.came_from import beside, place_for
from web.editing import archiving, edit, told_again
from web.forms_macros import MacroForm, macro_initial
from web.forms_replies import ids_of
from web.views.inbox import HTMX
from web.views.saved_replies import just_archived, require_a_brand, words

PLACE = {"rail_active": "settings", "settings_active": "macros"}


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Those that one may run, or the archive."""
    archived = request.GET.get("archived") == "1"
    rows = selector.listed(access(request), text=words(request), archived=archived)
    undo = just_archived(request, selector.one, "macro-restoration")
    context = {"macros": macro_rows.lines(rows, access(request)), "search": words(request), "archived": archived}
    return render(request, "replies/macros.html", {**context, "undo": undo, **PLACE})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A macro to be."""
    require_a_brand(request)
    form = MacroForm(request.POST or None, rights=access(request))

    def save(given: dict[str, Any], actor: User) -> None:
        services.create(given["name"], form.steps(), form.sharing(), actor=actor)

    return edit(request, form, _("New macro"), save, back="macros", text=_about())


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """What it does."""
    row = selector.one(access(request), pk)
    form = MacroForm(request.POST or None, rights=access(request), initial=macro_initial(row))

    def save(given: dict[str, Any], actor: User) -> None:
        steps, name = form.steps(), given["name"]
        told_again(form, lambda: services.change(pk, name, steps, form.sharing(), actor=actor, seen=given["seen"]))

    danger = archiving(row, "macro-archive", _("It is offered to nobody any more; where it ran stays as it is."))
    return edit(request, form, row.name, save, back="macros", text=_about(), danger=danger)


def _about() -> str:
    return _("Whoever runs it sees first what it would do. All of it is done, or nothing.")


@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of use."""
    services.archive(pk, actor=person(request))
    return redirect(f"{reverse('macros')}?undo={pk}")


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """In use again."""
    services.restore(pk, actor=person(request))
    return redirect("macros")


# --- on a conversation


@require_safe
@vary_on_headers(HTMX)
def usable(request: HttpRequest, pk: int) -> HttpResponse:
    """Those that may be run here: the menu in the composer, or a page to choose from."""
    conversation = _opened(request, pk)
    rows = selector.usable(conversation, access(request))
    context = {"macros": macro_rows.lines(rows, access(request)), "pk": pk}
    return _drawn(request, conversation, "replies/_macros.html", "replies/macro_choose.html", context)


@require_POST
@vary_on_headers(HTMX)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What it would do, before it is done."""
    conversation = _opened(request, pk)
    return _previewed(request, conversation, macro_runs.preview(pk, _chosen(request), actor=person(request)))


def _previewed(
    request: HttpRequest, conversation: Conversation, found: macro_runs.Preview, *, error: str = "", status: int = 200
) -> HttpResponse:
    context = {"macro": macro_rows.preview(found), "pk": conversation.pk, "token": str(uuid.uuid4()), "error": error}
    pages = ("replies/_macro_preview.html", "replies/macro_preview.html")
    return _drawn(request, conversation, *pages, context, status=status)


@require_POST
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """All of it, or nothing; where something is in the way, the fresh preview."""
    me, macro, token = person(request), _chosen(request), request.POST.get("client_token", "")[:LONGEST_TOKEN]
    conversation = _opened(request, pk)
    seen = ids_of([request.POST.get("seen", "")])
    try:
        made = macro_runs.run(pk, macro, actor=me, client_token=token, seen=seen[0] if seen else None)
    except SocialCareError as error:
        if error.http_status == 404:
            raise
        found = macro_runs.preview(pk, macro, actor=me)
        return _previewed(request, conversation, found, error=said(error.message), status=error.http_status)
    return _told(request, conversation, _("Done."), reverse("macro-run-undo", args=[made.pk]))


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    try:
        found = macro_runs.undo(pk, actor=person(request))
    except Conflict as error:
        return _refused(request, error)
    return _told(request, _opened(request, found.conversation_id), _("Undone."))


def _refused(request: HttpRequest, error: Conflict) -> HttpResponse:
    if request.headers.get(HTMX):
        toast = {"toast": {"text": said(error.message), "tone": "error"}}
        return render(request, "inbox/_toast_oob.html", toast, status=error.http_status)
    messages.error(request, said(error.message))
    return redirect("inbox-home")


def _told(request: HttpRequest, before: Conversation, done: str, undo_url: str = "") -> HttpResponse:
    """The composer as it is now with a toast; the head and the stream renew themselves."""
    forget(request)
    pk = before.pk
    try:
        found = _opened(request, pk)
    except SocialCareError:  # it went to where this person does not read
        return redirect("inbox-home")
    place = place_for(request, found)
    if not request.headers.get(HTMX):
        messages.success(request, done)
        return redirect(place.conversation_url(pk))
    context = {
        "conversation": thread_rows.addresses(found, place),
        "composer": composer_rows.composer(request, found),
        "toast": {"text": done, "tone": "success", **({"undo_url": undo_url} if undo_url else {})},
    }
    response = render(request, "inbox/_composed.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = f"#composer-{pk}", "outerHTML"
    response["HX-Trigger"] = json.dumps({"live:refetch": {"conversation": pk}})
    return response


def _drawn(
    request: HttpRequest,
    conversation: Conversation,
    fragment: str,
    page: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    if request.headers.get(HTMX):
        return render(request, fragment, context, status=status)
    return render(request, page, {**context, **beside(request, conversation)}, status=status)


def _opened(request: HttpRequest, pk: int) -> Conversation:
    return conversations.get_visible_conversation(person(request), pk, access=access(request))


def _chosen(request: HttpRequest) -> int:
    return next(iter(ids_of([request.POST.get("macro", "")])), 0)
