"""The first hour: setting up by a one-time link, and joining by an invitation."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.policies import require_administrator
from accounts.services import installation, invitations, setup
from channels import directory
from channels.services import brands
from core.errors import NotFound, SocialCareError
from inbox.selectors.desks import first_queues
from inbox.services.desks import change_queue, create_first_desks
from web.access import person
from web.forms_people import CompanyForm, DesksForm, JoinForm, SetupForm
from web.refusals import refuse
from web.sign_in import sign_in

STEPS = (
    ("setup", _("You"), _("First administrator")),
    ("setup-company", _("Your company"), _("And its first brand")),
    ("setup-desks", _("Desks"), _("Who answers")),
    ("setup-channel", _("First account"), _("What is read")),
    ("setup-ready", _("Ready"), _("Invite the team")),
)
DESK_WORDS = {
    "care": _("Solves problems for customers"),
    "pr": _("Looks after press and large creators"),
    "marketing": _("Answers praise and campaign questions"),
}
CONNECT = "/channels/connect/"
SETUP_KEY = "setup_token"
JOIN_KEY = "join_token"


def _show(request: HttpRequest, template: str, at: int, *, status: int = 200, **context: Any) -> HttpResponse:
    """One step of the wizard, counted from 0."""
    steps = [
        {"label": label, "text": text, "done": number < at, "current": number == at}
        for number, (_name, label, text) in enumerate(STEPS)
    ]
    shared = {"steps": steps, "step_no": at + 1, "step_count": len(STEPS), "form_url": request.path}
    return render(request, template, {**shared, **context}, status=status)


def _administrator(request: HttpRequest) -> User:
    require_administrator(person(request))
    return person(request)


@login_not_required
@require_http_methods(["GET", "POST"])
def administrator(request: HttpRequest) -> HttpResponse:
    """The first administrator."""
    if given := request.GET.get("token", ""):
        return _kept(request, SETUP_KEY, given) if setup.is_open(given) else _expired(request)
    secret = request.session.get(SETUP_KEY, "")
    if not setup.is_open(secret):
        return _expired(request)
    form, status = SetupForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                created = setup.create_first_administrator(secret, **form.cleaned_data)
            except SocialCareError as error:
                status = refuse(form, error)
            else:
                create_first_desks()
                request.session.pop(SETUP_KEY)
                return sign_in(request, created, redirect("setup-company"))
    return _show(request, "setup/administrator.html", 0, status=status, form=form)


def _kept(request: HttpRequest, key: str, secret: str) -> HttpResponse:
    """Take a secret that works out of the address: a redirect keeps it from histories and referrers."""
    request.session[key] = secret
    return redirect(request.path)


def _expired(request: HttpRequest) -> HttpResponse:
    return render(request, "setup/expired.html", status=404)


@require_http_methods(["GET", "POST"])
def company(request: HttpRequest) -> HttpResponse:
    """The company and its first brand."""
    actor = _administrator(request)
    form, status = CompanyForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                installation.set_company(form.cleaned_data["company"], actor=actor)
                brands.create(form.cleaned_data["brand"], actor=actor)
                return redirect("setup-desks")
            except SocialCareError as error:
                status = refuse(form, error, renamed={"name": "brand"})
    return _show(request, "setup/company.html", 1, status=status, form=form)


@require_http_methods(["GET", "POST"])
def desks(request: HttpRequest) -> HttpResponse:
    """The three desks, and what their first queues are called."""
    actor = _administrator(request)
    queues = first_queues()
    form, status = DesksForm(request.POST or None, queues=queues), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                for queue in queues:
                    name = form.cleaned_data[queue.desk.slug]
                    change_queue(queue.pk, name=name, team_id=queue.team_id, actor=actor)
                return redirect("setup-channel")
            except SocialCareError as error:
                status = refuse(form, error)
    rows = [
        {
            "slug": queue.desk.slug,
            "name": queue.desk.name,
            "text": DESK_WORDS.get(queue.desk.slug, ""),
            "queue_field": form[queue.desk.slug],
            "target_field": None,
        }
        for queue in queues
    ]
    return _show(request, "setup/desks.html", 2, status=status, form=form, desks=rows)


@require_safe
def channel(request: HttpRequest) -> HttpResponse:
    """Into the channel wizard, and what is connected already."""
    _administrator(request)
    kinds = [
        {"value": "x", "label": "X", "text": _("Mentions, search and messages"), "url": f"{CONNECT}?kind=x"},
        {
            "value": "facebook",
            "label": _("Facebook page"),
            "text": _("Posts, comments and messages"),
            "url": f"{CONNECT}?kind=facebook",
        },
    ]
    connected = [
        {"name": row.name or row.handle, "network_name": row.get_kind_display()} for row in directory.connected()
    ]
    done = reverse("setup-ready")
    return _show(request, "setup/channel.html", 3, kinds=kinds, connected=connected, done_url=done)


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """What most people do next."""
    _administrator(request)
    return _show(
        request,
        "setup/done.html",
        4,
        inbox_url="/",
        people_url=reverse("people-invite"),
        channels_url=CONNECT,
        security_url=reverse("mfa_index"),
    )


@login_not_required
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Accept an invitation."""
    if given := request.GET.get("token", ""):
        return _kept(request, JOIN_KEY, given) if invitations.open_invitation(given) else _invalid(request)
    secret = request.session.get(JOIN_KEY, "")
    invitation = invitations.open_invitation(secret) if secret else None
    if invitation is None:
        return _invalid(request)
    form, status = JoinForm(request.POST or None, initial={"name": invitation.name}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                newcomer = invitations.accept(secret, **form.cleaned_data)
                request.session.pop(JOIN_KEY)
                return sign_in(request, newcomer, redirect("/"))
            except NotFound:
                return _invalid(request)
            except SocialCareError as error:
                status = refuse(form, error)
    inviter = invitation.invited_by.name if invitation.invited_by else ""
    context = {"form": form, "form_url": request.path, "email": invitation.email, "inviter": inviter}
    return render(request, "accounts/accept.html", context, status=status)


def _invalid(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/accept.html", {"invalid": True}, status=404)
