"""How work finds people: queues, people with skills and capacity, and what nobody can take."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors as accounts
from accounts.models import User
from core.errors import NotFound, SocialCareError
from inbox.selectors import desks
from routing.selectors import staffing as selectors
from routing.services import staffing
from routing.services.staffing import Settings
from web import assignment_rows
from web.access import access, person
from web.editing import edit
from web.forms_desks import PersonForm, SkillForm, StaffingForm
from web.refusals import refuse


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What nobody can take, queues, people, skills."""
    return _page(request)


def _page(request: HttpRequest, *, status: int = 200, form: Form | None = None) -> HttpResponse:
    rights = access(request)
    if not (rights.is_administrator or rights.supervised_queue_ids):
        raise NotFound("There is no such page.")
    context = {
        "rail_active": "settings",
        "settings_active": "assignment",
        "stuck": assignment_rows.stuck_rows(rights),
        "queues": assignment_rows.queue_rows(rights),
        "people": assignment_rows.people_rows(person(request)),
        "hops": assignment_rows.hop_rows(rights),
        "skills": [
            {"pk": row.pk, "name": row.name, "language": row.language, "people": n} for row, n in selectors.skills()
        ],
        "form": (form or SkillForm()) if rights.is_administrator else None,
    }
    return render(request, "routing/assignment.html", context, status=status)


@require_POST
def new_skill(request: HttpRequest) -> HttpResponse:
    """Add a skill."""
    form = SkillForm(request.POST)
    if form.is_valid():
        try:
            staffing.create_skill(**form.cleaned_data, actor=person(request))
            messages.success(request, _("Saved."))
            return redirect("assignment")
        except SocialCareError as error:
            if error.http_status != 422:
                raise
            refuse(form, error)
    return _page(request, status=422, form=form)


@require_POST
def remove_skill(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a skill."""
    staffing.remove_skill(pk, actor=person(request))
    messages.success(request, _("Removed."))
    return redirect("assignment")


@require_http_methods(["GET", "POST"])
def queue(request: HttpRequest, pk: int) -> HttpResponse:
    """How a queue finds its people."""
    row = staffing.require_runs(access(request), pk)
    settings, levels, warned = selectors.settings_of(row)
    initial = {
        name: getattr(settings, name)
        for name in (
            "mode", "same_agent_days", "language_level", "lane_followers", "lane_per_hour", "lane_minutes",
        )
    } | {"lane_queue": settings.lane_queue_id}  # fmt: skip
    form = StaffingForm(
        request.POST or None,
        initial=initial,
        skills=[skill for skill, _n in selectors.skills()],
        levels=levels,
        queues=desks.others(row.pk),
    )
    text = " ".join(assignment_rows.warning_words(one) for one in warned)

    def save(data: dict[str, Any], actor: User) -> None:
        lane = data["lane_queue"]
        wanted = Settings(
            mode=data["mode"],
            same_agent_days=data["same_agent_days"],
            language_level=int(data["language_level"]) if data["language_level"] else None,
            skills=form.levels(),
            lane_queue_id=lane.pk if lane else None,
            lane_followers=data["lane_followers"],
            lane_per_hour=data["lane_per_hour"],
            lane_minutes=data["lane_minutes"],
        )
        staffing.set_queue(pk, wanted, actor=actor)

    return edit(request, form, _("How %s finds its people") % row.name, save, back="assignment", text=text)


@require_http_methods(["GET", "POST"])
def agent(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody takes and can, and when they work."""
    row = accounts.person_for(person(request), pk)
    (found,) = selectors.people([row])
    form = PersonForm(
        request.POST or None,
        initial={
            "capacity": accounts.presence_of(row).capacity,
            **assignment_rows.form_days(found.periods),
        },
        skills=[skill for skill, _n in selectors.skills()],
        levels=selectors.skills_of(row.pk),
    )

    def save(data: dict[str, Any], actor: User) -> None:
        staffing.set_person(pk, actor=actor, capacity=data["capacity"], skills=form.levels(), periods=form.periods())

    words = _("Hours count in their time zone, %s.") % row.time_zone
    return edit(request, form, _("What %s takes and can") % row.name, save, back="assignment", text=words)
