"""Saved replies: the list, writing one, and putting one into an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.models import User
from core.errors import NotFound, SocialCareError
from inbox.models.conversation import Conversation
from inbox.policies import Access
from inbox.selectors import conversations
from inbox.selectors import saved_replies as selector
from inbox.services import drafts, saved_replies
from routing.selectors.moods import language_of
from routing.selectors.suggestions import suggestions
from web import reply_rows
from web.access import access, person
from web.came_from import beside, place_for
from web.editing import archiving, edit, told_again
from web.forms_replies import SavedReplyForm, ids_of, reply_initial
from web.views.inbox import HTMX

PLACE = {"rail_active": "settings", "settings_active": "saved-replies"}
LONGEST_SEARCH = 200


def words(request: HttpRequest) -> str:
    """What is searched for."""
    return request.GET.get("text", "")[:LONGEST_SEARCH]


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Those that one may use, or the archive."""
    archived = request.GET.get("archived") == "1"
    rows = selector.listed(access(request), text=words(request), archived=archived)
    undo = just_archived(request, selector.one, "saved-reply-restoration")
    context = {"replies": reply_rows.lines(rows), "search": words(request), "archived": archived, **PLACE}
    return render(request, "replies/list.html", {**context, "undo": undo})


def just_archived(request: HttpRequest, find: Callable[[Access, int], Any], restoring: str) -> dict[str, str] | None:
    """What was archived by the click before, and where that is undone."""
    given = ids_of([request.GET.get("undo", "")])
    try:
        row = find(access(request), given[0]) if given else None
    except SocialCareError:
        row = None
    if row is None or row.archived_at is None:
        return None
    return {"name": row.name, "url": reverse(restoring, args=[row.pk])}


def require_a_brand(request: HttpRequest) -> None:
    """Raises: NotFound for whoever sees no brand and has nobody to write for."""
    if not access(request).brand_ids:
        raise NotFound(_("There is no such page."))


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A saved reply to be."""
    require_a_brand(request)
    form = SavedReplyForm(request.POST or None, rights=access(request))

    def save(_given: dict[str, Any], actor: User) -> None:
        saved_replies.create(form.wording(), form.sharing(), actor=actor)

    return edit(request, form, _("New saved reply"), save, back="saved-replies")


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """What it says, and where it is offered."""
    row = selector.one(access(request), pk)
    form = SavedReplyForm(request.POST or None, rights=access(request), initial=reply_initial(row))

    def save(given: dict[str, Any], actor: User) -> None:
        told_again(
            form,
            lambda: saved_replies.change(pk, form.wording(), form.sharing(), actor=actor, seen=given["seen"]),
            also=show_theirs,
        )

    def show_theirs() -> None:
        form["text"].help_text = _("It says by now: %s") % selector.one(access(request), pk).text

    effect = reply_rows.lines([row])[0]
    text = f"{effect['effect']}. {effect['coverage']}".strip()
    gone = _("It is offered to nobody any more; answers in which it was stay as they are.")
    danger = archiving(row, "saved-reply-archive", gone)
    return edit(request, form, row.name, save, back="saved-replies", text=text, danger=danger)


@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of use."""
    saved_replies.archive(pk, actor=person(request))
    return redirect(f"{reverse('saved-replies')}?undo={pk}")


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """In use again."""
    saved_replies.restore(pk, actor=person(request))
    return redirect("saved-replies")


# --- in the composer


@require_safe
@vary_on_headers(HTMX)
def offered(request: HttpRequest, pk: int) -> HttpResponse:
    """What fits a conversation: the list in the composer, or without script a page to choose from."""
    conversation = _opened(request, pk)
    rows = selector.offered(
        conversation, person(request), access(request), language=language_of(pk), text=words(request)
    )
    alike = [] if words(request) else suggestions(conversation, person(request), access(request))
    lists = {"replies": reply_rows.offered(rows), "suggested": reply_rows.suggested(alike)}
    context: dict[str, Any] = {**lists, "search": words(request), "pk": pk}
    if request.headers.get(HTMX):
        return render(request, "replies/_offered.html", context)
    return render(request, "replies/choose.html", {**context, **beside(request, conversation)})


@require_POST
def insert(request: HttpRequest, pk: int) -> HttpResponse:
    """Without script: at the end of what is being written."""
    conversation, me = _opened(request, pk), person(request)
    mode = "private" if conversation.is_private else "public"
    for source in ids_of([request.POST.get("suggestion", "")]):
        alike = suggestions(conversation, me, access(request))
        for one in (one for one in alike if one.conversation_id == source):
            drafts.add(pk, actor=me, mode=mode, text=one.text)
    for reply in ids_of([request.POST.get("reply", "")]):
        found = selector.filled(conversation, me, access(request), reply)
        drafts.add(pk, actor=me, mode=mode, text=found.text, saved=reply)
    return redirect(place_for(request, conversation).conversation_url(pk))


def _opened(request: HttpRequest, pk: int) -> Conversation:
    return conversations.get_visible_conversation(person(request), pk, access=access(request))
