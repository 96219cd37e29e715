"""Answers, notes and drafts: two forms with two addresses, so that a note cannot leave the house."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import chain, repeat
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import Conflict, Forbidden, Invalid, SocialCareError
from core.wording import said
from inbox.models.conversation import Conversation
from inbox.models.work import Delivery
from inbox.selectors import conversations, items
from inbox.selectors.colleagues import beginning_with
from inbox.services import checking, drafts, leases, notes, replies, translating, uploads
from web import composer_rows, thread_rows
from web.access import access, person
from web.came_from import place_for
from web.forms_inbox import CheckForm, DraftForm, NoteForm, ReplyForm, TranslateForm
from web.forms_replies import ids_of
from web.places import Place
from web.views.acts import goes_to_list, led_on, told
from web.views.inbox import HTMX, opened_page

LONGEST_NAME = 80
ASKED_ONCE = ("stale", "not_owner", "already_answered", "copy_answered")


@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer: it is held for a moment, then sent. Whatever goes wrong, the text stays in the box."""
    form = ReplyForm(request.POST)
    if not form.is_valid():
        words = [str(one) for one in form.errors.get("text", ())] or [_("The form was not complete. Try again.")]
        return _again(request, pk, 422, errors=words, text=request.POST.get("text", ""))
    given = form.cleaned_data
    saved = ids_of(request.POST.getlist("saved"))
    files = _files(request)
    visibility = given["visibility"] or "public"
    parts = given["parts"] or 1
    kept = {"text": given["text"], "mode": visibility, "saved": saved, "attach_again": bool(files), "parts": parts}
    try:
        replies.submit(
            pk,
            actor=person(request),
            text=given["text"],
            visibility=visibility,
            in_reply_to=given["in_reply_to"],
            client_token=given["client_token"],
            seen=given["seen"],
            seen_event=given["seen_event"],
            account=given["account"],
            second=visibility in given["second"].split(),
            parts=parts if visibility == "public" else 1,
            take_over=given["take_over"],
            resolve_as="answered" if given["resolve"] else "",
            files=files,
            accepted=given["accepted"].split(),
            saved=saved,
        )
    except Conflict as error:
        return _again(request, pk, 409, **_conflict(error), **kept, client_token=given["client_token"])
    except (Invalid, Forbidden) as error:
        words = [said(one) for one in error.fields.values()] or [said(error.message)]
        return _again(request, pk, error.http_status, errors=words, **kept)
    told_there = given["resolve"] and goes_to_list(request)
    if told_there:
        messages.success(request, _("Goes out in a moment."))
    response = _again(request, pk, 200, done="" if told_there else _("Goes out in a moment."))
    return led_on(response, pk, on=given["resolve"])


def _files(request: HttpRequest) -> list[uploads.Given]:
    """The pictures, each with its description: the boxes stand in the order of the files."""
    files = request.FILES.getlist("media")
    words = chain(request.POST.getlist("alt"), repeat(""))
    return [uploads.Given(file.read(), alt) for file, alt in zip(files, words, strict=False)]


def _text(request: HttpRequest) -> str:
    return request.POST.get("text", "")[:20_000]


def _conflict(error: Conflict) -> dict[str, Any]:
    """What is true by now: what changed is shown and asked about once, anything else is said."""
    if error.code == "check":
        return {"changed": {"title": _("Look at this again before it goes out."), **error.current}}
    if error.code not in ASKED_ONCE:
        return {"errors": [said(error.message)]}
    told = error.current.get("changes") or [
        {"what": "answer", **one} for one in error.current.get("answers", ()) if error.code != "stale"
    ]
    changes = [{**one, "at": parse_datetime(one["at"])} for one in told]
    return {"changed": {"title": said(error.message), "changes": changes}}


@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """A word among colleagues."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _again(request, pk, 422, note_errors=[_("Write something.")], note=_text(request), mode="note")
    try:
        written = notes.write(pk, actor=person(request), **form.cleaned_data)
    except (Invalid, Conflict, Forbidden) as error:
        kept = {"note": form.cleaned_data["text"], "mode": "note"}
        return _again(request, pk, error.http_status, note_errors=[said(error.message)], **kept)
    drafts.clear(pk, actor=person(request), mode="note")
    return _again(request, pk, 200, done=" ".join([_("The note is there."), *written.remarks]))


@require_safe
def colleagues(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom one can name: the options of the list that @ opens in a note."""
    found = conversations.get_visible_conversation(person(request), pk, access=access(request))
    text = request.GET.get("text", "")[:LONGEST_NAME]
    named = beginning_with(found.brand_id, text, but=person(request).pk)
    return render(request, "inbox/_colleagues.html", {"pk": pk, "colleagues": named})


@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is being written; typing extends the owner's lease."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    given = form.cleaned_data
    mode = given["visibility"] or "public"
    saved = ids_of(request.POST.getlist("saved"))
    drafts.save(pk, actor=person(request), mode=mode, text=given["text"], seen_revision=given["seen"] or 0, saved=saved)
    leases.extend(pk, actor=person(request))
    return HttpResponse(status=204)


@require_POST
def checks(request: HttpRequest, pk: int) -> HttpResponse:
    """What would be asked about before this text goes out; nothing is kept."""
    found = conversations.get_visible_conversation(person(request), pk, access=access(request))
    form = CheckForm(request.POST)
    if not form.is_valid():  # too long for any network, else a note, of which there is nothing to say
        kind = form.cleaned_data.get("visibility", "")
        wrong = [{"visibility": kind, "text": one} for one in form.errors.get("text", ()) if kind]
        return render(request, "inbox/_checks.html", {"pk": pk, "findings": [], "too_long": wrong})
    given, me = form.cleaned_data, person(request)
    left = checking.findings(found, given["text"], given["visibility"], actor=me)
    long = composer_rows.lengths(found, given["text"], chosen=given["parts"] or 1)
    return render(request, "inbox/_checks.html", {"pk": pk, "findings": left, **long})


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Without script: the signature that is missing goes to the end of what is being written."""
    found = conversations.get_visible_conversation(person(request), pk, access=access(request))
    form = CheckForm(request.POST)
    if form.is_valid():
        text, mode = form.cleaned_data["text"], form.cleaned_data["visibility"]
        checked = checking.check(found, text, mode, actor=person(request))
        missing = [one.insert for one in checked.findings if one.insert]
        signed = "\n".join([text.rstrip(), *missing])
        drafts.save(pk, actor=person(request), mode=mode, text=signed, saved=ids_of(request.POST.getlist("saved")))
    return redirect(place_for(request, found).conversation_url(pk))


@require_POST
def translate(request: HttpRequest, pk: int) -> HttpResponse:
    """What is written in the language of who is answered, or one's own words back; nothing is sent."""
    translating.require_service()
    found = conversations.get_visible_conversation(person(request), pk, access=access(request))
    form = TranslateForm(request.POST)
    if not form.is_valid():
        return told(request, pk, _("Write something."), 422)
    given, mode = form.cleaned_data, form.cleaned_data["visibility"]
    try:
        text, original = _other_words(request, found, given)
    except SocialCareError as error:
        return told(request, pk, said(error.message), error.http_status)
    saved = ids_of(request.POST.getlist("saved"))
    drafts.save(pk, actor=person(request), mode=mode, text=text, saved=saved)
    return _again(request, pk, 200, text=text, original=original, mode=mode, saved=saved)


def _other_words(request: HttpRequest, found: Conversation, given: dict[str, Any]) -> tuple[str, str]:
    """What goes into the box, and what can be put back."""
    if "undo" in request.POST:
        return given["original"], ""
    private = given["visibility"] == "private" or found.is_private
    made = translating.answer(found, given["text"], to=given["to"], private=private, access=access(request))
    return made.text, given["text"]


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo: take an answer back while it is held. Its text is in the box again, above what was typed since."""
    me = person(request)
    held = items.get_visible_delivery(me, pk)
    if "text" in request.POST:
        drafts.save(held.conversation_id, actor=me, mode=held.visibility, text=_text(request))
    try:
        replies.cancel(pk, actor=me)
    except (Conflict, Forbidden) as error:
        return told(request, held.conversation_id, said(error.message), error.http_status)
    if not request.headers.get(HTMX):
        return told(request, held.conversation_id, _("Taken back. The text is in the box."), 200)
    return _again(request, held.conversation_id, 200, done=_undone(held), oob=True, mode=held.visibility)


def _undone(held: Delivery) -> str:
    pictures = _("Attach the pictures again.") if items.has_files(held) else ""
    return " ".join(filter(None, [_("Taken back. The text is in the box."), pictures]))


def _again(
    request: HttpRequest, pk: int, status: int, *, done: str = "", oob: bool = False, **more: Any
) -> HttpResponse:
    """The composer as it is now, with what was wrong and the text that was written.

    Args:
        oob: it was not the composer's form that asked.
    """
    found = conversations.get_visible_conversation(person(request), pk, access=access(request))
    place = place_for(request, found)
    if not request.headers.get(HTMX):
        return _page_again(request, found, place, status, done, more)
    context = {
        "conversation": thread_rows.addresses(found, place),
        "composer": composer_rows.composer(request, found, **more),
        "toast": {"text": done, "tone": "success"} if done else None,
        "asked": status == 409,
        "oob": oob,
    }
    response = render(request, "inbox/_composed.html", context, status=status)
    if status == 409:  # what has changed is shown before the same text is sent again
        response["HX-Trigger"] = json.dumps({"live:refetch": {"conversation": pk}})
    return response


def _page_again(
    request: HttpRequest, found: Conversation, place: Place, status: int, done: str, more: dict[str, Any]
) -> HttpResponse:
    """Without script: back to the thread with a message, or the whole page with what was wrong; the text is a draft."""
    if done:
        messages.success(request, done)
        return redirect(place.conversation_url(found.pk))
    _keep(request, found.pk, more)
    return opened_page(request, place, found, status=status, **more)


def _keep(request: HttpRequest, pk: int, more: dict[str, Any]) -> None:
    saves: list[tuple[str, str]] = []
    if more.get("text"):
        saves.append((request.POST.get("visibility") or "public", more["text"]))
    if more.get("note"):
        saves.append(("note", more["note"]))
    for mode, text in saves:
        _quietly(lambda mode=mode, text=text: drafts.save(pk, actor=person(request), mode=mode, text=text))  # type: ignore[misc]


def _quietly(call: Callable[[], Any]) -> None:
    """A draft that cannot be kept must not hide why the answer was refused."""
    try:
        call()
    except SocialCareError:
        return
