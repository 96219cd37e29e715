"""Promises and hours: administrators change them, supervisors read them."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.selectors import supervises
from core.errors import NotFound, SocialCareError
from inbox.selectors import desks
from routing.selectors import targets as selectors
from routing.services import forecast
from routing.services import hours as hours_services
from routing.services import targets as services
from routing.services.targets import Terms
from web.access import person
from web.forms_targets import ChangeTargetsForm, HoursForm, NewTargetsForm, initial, initial_hours
from web.refusals import refuse
from web.target_rows import forecast_rows, hours_rows, job_rows, policy_rows, version_rows

SENT_BESIDE = ("csrfmiddlewaretoken", "preview", "seen")
RENAMED = {"move_to": "move_to", "targets": "first", "periods": "day_0"}
FIRST_TERMS = Terms(
    targets={("first", None): 60, ("next", None): 60, ("resolution", None): 24 * 60, ("first", 1): 15, ("first", 2): 30}
)
TARGETS = {"rail_active": "settings", "settings_active": "targets"}
HOURS = {"rail_active": "settings", "settings_active": "hours"}


def _reader(request: HttpRequest) -> bool:
    """Whether the reader may also change it. Raises: NotFound for who looks after nobody."""
    reader = person(request)
    if not supervises(reader):
        raise NotFound("There is no such page.")
    return reader.is_administrator


def _administrator(request: HttpRequest) -> None:
    """Raises: NotFound for everybody else, to whom the page does not exist."""
    if not person(request).is_administrator:
        raise NotFound("There is no such page.")


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """All promises, and the jobs that reckon clocks anew."""
    may_change = _reader(request)
    context = {
        "policies": policy_rows(selectors.policies(), may_change=may_change),
        "jobs": job_rows(selectors.jobs()),
        "new_url": reverse("targets-new") if may_change else "",
        **TARGETS,
    }
    return render(request, "routing/targets.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A promise to be."""
    _administrator(request)
    form = NewTargetsForm(request.POST or None, initial=initial(FIRST_TERMS, ""))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if _asks_first(request):
                    effects = forecast_rows(forecast.of_new(form.scope(), form.terms(), actor=person(request)))
                    return _terms_page(request, form, _("New promise"), 200, forecast=effects)
                services.create(form.cleaned_data["name"], form.scope(), form.terms(), actor=person(request))
                return _saved(request, "targets", _("Saved. Who waits already is reckoned in now."))
            except SocialCareError as error:
                status = refuse(form, error, renamed=RENAMED)
    return _terms_page(request, form, _("New promise"), status)


def _asks_first(request: HttpRequest) -> bool:
    """Whether the page is to show first what it would do: it was asked to, or the terms have changed since it did."""
    return "preview" in request.POST or request.POST.get("seen", _terms_key(request)) != _terms_key(request)


def _terms_key(request: HttpRequest) -> str:
    """Names what was written, so that nothing is saved by a forecast of something else."""
    written = {name: values for name, values in request.POST.lists() if name not in SENT_BESIDE}
    return salted_hmac("terms", json.dumps(written, sort_keys=True)).hexdigest()


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One promise: what it says, and what it said."""
    _administrator(request)
    shown = selectors.policy(pk)
    form = ChangeTargetsForm(request.POST or None, initial=initial(shown.terms, shown.policy.name))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if _asks_first(request):
                    effects = _forecast(form, pk, request)
                    return _terms_page(request, form, shown.policy.name, 200, forecast=effects)
                _change(form, pk, request)
                return _saved(request, "targets", _("Saved. Running clocks are reckoned anew now."))
            except SocialCareError as error:
                status = refuse(form, error, renamed=RENAMED)
    more = {
        "versions": version_rows(selectors.versions_of(pk)),
        "warnings": shown.warnings,
        "end_url": reverse("targets-end", args=[pk]),
    }
    return _terms_page(request, form, shown.policy.name, status, **more)


def _forecast(form: ChangeTargetsForm, pk: int, request: HttpRequest) -> dict[str, Any]:
    lengthens = bool(form.cleaned_data["lengthen_because"].strip())
    return forecast_rows(forecast.of_change(pk, form.terms(), actor=person(request), lengthens=lengthens))


def _change(form: ChangeTargetsForm, pk: int, request: HttpRequest) -> None:
    services.change(
        pk,
        name=form.cleaned_data["name"],
        terms=form.terms(),
        actor=person(request),
        lengthen_because=form.cleaned_data["lengthen_because"],
    )


def _terms_page(request: HttpRequest, form: Any, title: str, status: int, **more: Any) -> HttpResponse:
    context = {
        "title": title,
        "form": form,
        "form_url": request.path,
        "seen": _terms_key(request) if "forecast" in more else "",
        "back_url": reverse("targets"),
        **TARGETS,
        **more,
    }
    return render(request, "routing/target.html", context, status=status)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """It promises nothing new."""
    _administrator(request)
    row = services.archive(pk, actor=person(request))
    return _saved(
        request, "targets", _("“%(name)s” promises nothing new. What runs by it runs on.") % {"name": row.name}
    )


# --- hours


@require_safe
def all_hours(request: HttpRequest) -> HttpResponse:
    """All hours, and the queues that keep them."""
    may_change = _reader(request)
    kept = selectors.queue_hours()
    rows = selectors.all_hours()
    context = {
        "hours": hours_rows(rows, now=timezone.now(), may_change=may_change),
        "queues": [
            {
                "name": queue.name,
                "desk": queue.desk,
                "url": reverse("queue-hours", args=[queue.pk]),
                "hours": kept.get(queue.pk),
            }
            for queue in desks.queues()
        ],
        "choices": [{"value": row.hours.pk, "label": row.hours.name} for row in rows],
        "may_change": may_change,
        "new_url": reverse("hours-new") if may_change else "",
        **HOURS,
    }
    return render(request, "routing/hours.html", context)


@require_http_methods(["GET", "POST"])
def new_hours(request: HttpRequest) -> HttpResponse:
    """Hours to be."""
    _administrator(request)
    zone = person(request).time_zone or timezone.get_current_timezone_name()
    form = HoursForm(request.POST or None, initial={"zone": zone, **{f"day_{n}": "09:00–17:00" for n in range(5)}})

    def save() -> None:
        hours_services.create(form.cleaned_data["name"], form.cleaned_data["week"], actor=person(request))

    return _hours_page(request, form, _("New hours"), save)


@require_http_methods(["GET", "POST"])
def hours(request: HttpRequest, pk: int) -> HttpResponse:
    """One week and its holidays."""
    _administrator(request)
    shown = selectors.hours(pk)
    form = HoursForm(request.POST or None, initial=initial_hours(shown.week, shown.hours.name))

    def save() -> None:
        data = form.cleaned_data
        hours_services.change(pk, name=data["name"], week=data["week"], actor=person(request))

    return _hours_page(request, form, shown.hours.name, save)


def _hours_page(request: HttpRequest, form: HoursForm, title: str, save: Any) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                save()
                return _saved(request, "hours", _("Saved. Running clocks are reckoned anew now."))
            except SocialCareError as error:
                status = refuse(form, error, renamed=RENAMED)
    context = {"title": title, "form": form, "form_url": request.path, "back_url": reverse("hours"), **HOURS}
    return render(request, "routing/hours_form.html", context, status=status)


@require_POST
def queue_hours(request: HttpRequest, pk: int) -> HttpResponse:
    """When the people of a queue are here."""
    _administrator(request)
    chosen = request.POST.get("hours", "")
    hours_services.set_queue_hours(pk, hours_id=int(chosen) if chosen.isdecimal() else None, actor=person(request))
    return _saved(request, "hours", _("Saved."))


def _saved(request: HttpRequest, where: str, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(where)
