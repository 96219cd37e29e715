"""Teams, queues and brands: one plain form each, for administrators."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import selectors
from accounts.models import User
from accounts.services import teams
from channels import directory
from channels.services import brands
from core.errors import NotFound
from inbox.selectors import desks as desk_selectors
from inbox.services import desks
from web.access import person
from web.editing import Save, edit
from web.forms_people import BrandForm, NameForm, NewQueueForm, QueueForm


def _edit(request: HttpRequest, form: Form, title: str, save: Save, text: str = "") -> HttpResponse:
    """Show the form; save what was posted and go back to the people page."""
    if not person(request).is_administrator:
        raise NotFound("There is no such page.")
    return edit(request, form, title, save, back="people", text=text)


@require_http_methods(["GET", "POST"])
def new_team(request: HttpRequest) -> HttpResponse:
    """A team."""
    form = NameForm(request.POST or None)
    return _edit(request, form, _("New team"), lambda data, actor: teams.create(data["name"], actor=actor))


@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """A team's name."""
    row = selectors.team(pk)
    form = NameForm(request.POST or None, initial={"name": row.name})
    return _edit(request, form, row.name, lambda data, actor: teams.rename(pk, data["name"], actor=actor))


@require_http_methods(["GET", "POST"])
def new_brand(request: HttpRequest) -> HttpResponse:
    """A brand."""
    form = NameForm(request.POST or None)
    words = _("A brand is a name under which you speak. People see only the brands that they are given.")
    return _edit(request, form, _("New brand"), lambda data, actor: brands.create(data["name"], actor=actor), words)


@require_http_methods(["GET", "POST"])
def brand(request: HttpRequest, pk: int) -> HttpResponse:
    """A brand's name and words."""
    row = directory.brand(pk)
    lists = {name: ", ".join(getattr(row, name)) for name in ("words", "lookalikes")}
    form = BrandForm(request.POST or None, initial={"name": row.name, **lists})

    def save(data: dict[str, Any], actor: User) -> None:
        brands.change(pk, data["name"], **form.listed(), actor=actor)

    return _edit(request, form, row.name, save)


@require_http_methods(["GET", "POST"])
def new_queue(request: HttpRequest) -> HttpResponse:
    """A queue of a desk."""

    def save(data: dict[str, Any], actor: User) -> None:
        desks.create_queue(data["name"], desk_id=data["desk"].pk, team_id=data["team"].pk, actor=actor)

    words = _("A queue is a named lane of one desk. The team that staffs it reads and answers what is in it.")
    return _edit(request, NewQueueForm(request.POST or None), _("New queue"), save, words)


@require_http_methods(["GET", "POST"])
def queue(request: HttpRequest, pk: int) -> HttpResponse:
    """A queue's name and team."""
    row = desk_selectors.queue(pk)

    def save(data: dict[str, Any], actor: User) -> None:
        desks.change_queue(pk, name=data["name"], team_id=data["team"].pk, actor=actor)

    form = QueueForm(request.POST or None, initial={"name": row.name, "team": row.team_id})
    return _edit(request, form, row.name, save)
