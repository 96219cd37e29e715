"""Acts on many conversations: chosen in a list, shown beforehand, run by workers, stopped, taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import NotFound, SocialCareError
from core.wording import said
from inbox.models.bulk import Bulk
from inbox.selectors import bulk as selectors
from inbox.selectors import finding
from inbox.services import bulk
from web import bulk_rows
from web.access import access, person
from web.forms_bulk import FORMS
from web.places import Place, place_of
from web.refusals import refuse

POLLING_ENDS = 286  # htmx: swap it, and ask no more
INBOX = {"rail_active": "inbox"}
MOST_BY_HAND = 1_000


@require_POST
def choose(request: HttpRequest, key: str) -> HttpResponse:
    """What was selected, and what the act needs; an act that needs nothing goes on to its preview."""
    act = request.POST.get("act", "")
    place = place_of(request, key)
    if act not in FORMS:
        return _choice(request, place, "", None, 200)
    if not FORMS[act].base_fields:
        return prepare(request, key)
    return _choice(request, place, act, FORMS[act](), 200)


@require_POST
def prepare(request: HttpRequest, key: str) -> HttpResponse:
    """Write the snapshot down, and show what would be done."""
    act, place = request.POST.get("act", ""), place_of(request, key)
    if act not in FORMS:
        raise NotFound(_("There is no such act."))
    form = FORMS[act](request.POST)
    if not form.is_valid():
        return _choice(request, place, act, form, 422)
    try:
        made = bulk.prepare(
            act, actor=person(request), conversation_ids=_selected(request, place), values=form.cleaned_data
        )
    except SocialCareError as error:
        return _choice(request, place, act, form, refuse(form, error))
    return redirect("bulk", made.pk)


def _selected(request: HttpRequest, place: Place) -> list[int]:
    """The ids that were ticked, or those of all that the list matches."""
    if request.POST.get("all") == "1":
        return finding.everything(access(request), place.text, place.wanted, bulk.MOST + 1, strict=place.strict)
    ticked = [each for each in request.POST.getlist("c")[:MOST_BY_HAND] if each.isdecimal() and len(each) < 18]
    return sorted(set(map(int, ticked)))


def _choice(request: HttpRequest, place: Place, act: str, form: Form | None, status: int) -> HttpResponse:
    ids = _selected(request, place)
    every = request.POST.get("all") == "1"
    context: dict[str, Any] = {
        "act": act,
        "act_label": bulk_rows.NAMES.get(act, ""),
        "acts": bulk_rows.acts(),
        "form": form,
        "agents": selectors.agents_for(access(request), ids) if act == "assign" else [],
        "ids": [] if every else ids,
        "every": every,
        "count": len(ids),
        "place": place,
        "choose_url": f"{place.path}bulk/{place.query()}",
        "prepare_url": f"{place.path}bulks/{place.query()}",
        **INBOX,
    }
    return render(request, "bulk/choose.html", context, status=status)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview, the progress, or what became of it."""
    made = selectors.get_bulk(person(request), pk)
    foretold = selectors.foretold(made, access(request)) if made.state == Bulk.State.PREPARED else None
    return render(request, "bulk/page.html", {**_context(made), "foretold": foretold, **INBOX})


def _context(made: Bulk) -> dict[str, Any]:
    return {
        "bulk": bulk_rows.bar(selectors.progress(made)),
        "reasons": bulk_rows.reasons(selectors.told(made)),
        "prepared": made.state == Bulk.State.PREPARED,
    }


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; the last answer ends the asking."""
    context = _context(selectors.get_bulk(person(request), pk))
    return render(request, "bulk/_progress.html", context, status=200 if context["bulk"]["at_work"] else POLLING_ENDS)


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it run."""
    bulk.start(pk, actor=person(request))
    return redirect("bulk", pk)


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the rest."""
    return _told(request, pk, bulk.stop)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what can be."""
    return _told(request, pk, bulk.undo)


def _told(request: HttpRequest, pk: int, call: Any) -> HttpResponse:
    try:
        call(pk, actor=person(request))
    except SocialCareError as error:
        if isinstance(error, NotFound):
            raise
        messages.error(request, said(error.message))
    return redirect("bulk", pk)
