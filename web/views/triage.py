"""What triage said of a message and what is right; the daily sample; issues; what was learnt."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from core.errors import Invalid, NotFound, SocialCareError
from inbox.services import issues as issue_services
from routing.selectors import triage
from routing.services import corrections, labels, learnt, samples
from routing.triage.contracts import LEARNT
from web.access import access, person
from web.came_from import carried, place_beside
from web.editing import edit
from web.forms_triage import CorrectionForm, IssueForm, RightForm
from web.refusals import refuse
from web.triage_rows import verdict_rows

SAMPLE = {"rail_active": "settings", "settings_active": "sample"}
ISSUES = {"rail_active": "settings", "settings_active": "issues"}
MODELS = {"rail_active": "settings", "settings_active": "learnt"}
MESSAGE = {"rail_active": "inbox"}


def _administrator(request: HttpRequest) -> None:
    """Raises: NotFound for everybody else, to whom the page does not exist."""
    if not person(request).is_administrator:
        raise NotFound("There is no such page.")


@require_http_methods(["GET", "POST"])
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """The verdicts on one message, each with its reason; wrong ones are put right here."""
    shown, told = triage.message_of(pk, access(request)), triage.told_of(pk, access(request))
    said = {one.label: one.value for one in told}
    form = RightForm(request.POST or None, choices=labels.choices(), said=said)
    status, place = 200, place_beside(request, shown.queue)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                corrections.correct_all(pk, form.changed(), actor=person(request))
                return _thanked(request, pk, reverse("message-triage", args=[pk]) + carried(place))
            except SocialCareError as error:
                status = refuse(form, error)
    back, form_url = place.conversation_url(shown.conversation_id), request.path + carried(place)
    context = {"message": shown, "told": verdict_rows(told), "form": form, "form_url": form_url, "back_url": back}
    return render(request, "routing/message_triage.html", {**context, **MESSAGE}, status=status)


@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one verdict right, from “Why is this here”, and back to it."""
    shown, form = triage.message_of(pk, access(request)), CorrectionForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose what is right."))
    corrections.correct(pk, **form.cleaned_data, actor=person(request))
    back = reverse("conversation-reasons", args=[shown.conversation_id])
    return _thanked(request, pk, back + carried(place_beside(request, shown.queue)))


def _thanked(request: HttpRequest, pk: int, back: str) -> HttpResponse:
    """Back; to the inbox, where by what is right the conversation has gone to people of another queue."""
    messages.success(request, _("Thank you: it is put right, and the rules were asked again."))
    try:
        triage.message_of(pk, access(request))
    except NotFound:
        return redirect("inbox-home")
    return redirect(back)


@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    """The oldest message of the daily sample that nobody has looked at, and how many follow."""
    return _sample_page(request)


def _sample_page(request: HttpRequest, form: RightForm | None = None, status: int = 200) -> HttpResponse:
    waiting = triage.open_sample(access(request))
    item = waiting[0] if waiting else None
    if item is not None and form is None:
        form = RightForm(choices=labels.choices(), said=item.said, labels=LEARNT)
    context: dict[str, Any] = {"item": item, "form": form, "waiting": len(waiting), **SAMPLE}
    return render(request, "routing/sample.html", context, status=status)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm, or correct what was chosen otherwise."""
    item = next((one for one in triage.open_sample(access(request)) if one.pk == pk), None)
    form = RightForm(request.POST, choices=labels.choices(), said=item.said if item else {}, labels=LEARNT)
    if not form.is_valid():
        return _sample_page(request, form, 422)
    try:
        samples.decide(pk, changed=form.changed(), actor=person(request))
    except SocialCareError as error:
        return _sample_page(request, form, refuse(form, error))
    return redirect("sample")


@require_POST
def skip(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave out what nobody can judge."""
    samples.skip(pk, actor=person(request))
    return redirect("sample")


@require_safe
def issues(request: HttpRequest) -> HttpResponse:
    """The organisation's list."""
    _administrator(request)
    return render(request, "routing/issues.html", {"issues": triage.issues(), **ISSUES})


@require_http_methods(["GET", "POST"])
def new_issue(request: HttpRequest) -> HttpResponse:
    """An issue to be."""
    _administrator(request)
    form = IssueForm(request.POST or None)
    return _issue_page(request, form, _("New issue"), None)


@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """One issue."""
    _administrator(request)
    row = triage.issue(pk)
    form = IssueForm(request.POST or None, initial={"name": row.name, "words": ", ".join(row.words)})
    return _issue_page(request, form, row.name, pk)


def _issue_page(request: HttpRequest, form: IssueForm, title: str, pk: int | None) -> HttpResponse:
    def save(data: dict[str, Any], actor: User) -> None:
        words = form.listed()
        if pk is None:
            issue_services.create(data["name"], words=words, actor=actor)
        else:
            issue_services.change(pk, name=data["name"], words=words, actor=actor)

    text = _("Triage offers these; its words help before anything was learnt.")
    return edit(request, form, title, save, back="issues", text=text, danger=_danger(pk))


def _danger(pk: int | None) -> dict[str, str] | None:
    if pk is None:
        return None
    text = _("Messages that were judged by it keep it; nobody can choose it any more.")
    return {"url": reverse("issue-retirement", args=[pk]), "label": _("Take it off the list"), "text": text}


@require_POST
def retire_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Off the list."""
    _administrator(request)
    issue_services.retire(pk, actor=person(request))
    messages.success(request, _("It is off the list."))
    return redirect("issues")


@require_safe
def models(request: HttpRequest) -> HttpResponse:
    """What was learnt from corrections, and how it did on the sample."""
    _administrator(request)
    return render(request, "routing/learnt.html", {"models": triage.models(), **MODELS})


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Go back to what judged before."""
    _administrator(request)
    learnt.go_back(pk, actor=person(request))
    messages.success(request, _("It judges no more."))
    return redirect("learnt")
