"""People: who is here, in which teams and brands, with which role. Administrators change, supervisors read."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors
from accounts.models import User
from accounts.services import installation, invitations, passwords, sessions
from accounts.services import people as services
from accounts.services import tokens as token_services
from channels import directory
from channels.services import access as brand_access
from core.errors import NotFound, SocialCareError
from web.access import person
from web.forms_people import InviteForm, PolicyForm, RightsForm, TokenForm
from web.invitations import invited_by
from web.people_rows import invitation_rows, organisation, person_row, person_rows
from web.refusals import refuse

PLACE = {"rail_active": "settings", "settings_active": "people"}


def _administrator(request: HttpRequest) -> User:
    """Raises: NotFound for everybody else, to whom the page does not exist."""
    if not person(request).is_administrator:
        raise NotFound("There is no such page.")
    return person(request)


@require_safe
def everybody(request: HttpRequest) -> HttpResponse:
    """The list, and what people are in."""
    viewer = person(request)
    if not selectors.supervises(viewer):
        raise NotFound("There is no such page.")
    search = request.GET.get("q", "").replace("\0", "").strip()[:100]
    page = selectors.people_page(viewer, search=search, after=request.GET.get("after", ""))
    may_change = viewer.is_administrator
    context: dict[str, Any] = {
        "people": person_rows(page.rows),
        "search": search,
        "next_url": f"?{urlencode({'q': search, 'after': page.after})}" if page.after else "",
        "invitations": invitation_rows() if may_change else [],
        "urls": _addresses() if may_change else {},
        **organisation(may_change=may_change),
        **PLACE,
    }
    if may_change:
        context["policy_form"] = PolicyForm(initial={"mfa_policy": selectors.installation().mfa_policy})
    return render(request, "accounts/people.html", context)


def _addresses() -> dict[str, str]:
    names = {"invite": "people-invite", "new_team": "team-new", "new_queue": "queue-new", "new_brand": "brand-new"}
    return {key: reverse(name) for key, name in names.items()}


@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody; the link is shown once."""
    actor = _administrator(request)
    form, status = InviteForm(request.POST or None), 200
    context: dict[str, Any] = {"back_url": reverse("people"), "form_url": request.path, **PLACE}
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return render(request, "accounts/invite.html", {**context, **invited_by(form, actor)})
            except SocialCareError as error:
                status = refuse(form, error)
    return render(request, "accounts/invite.html", {**context, "form": form}, status=status)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    row = invitations.revoke(pk, actor=_administrator(request))
    messages.success(request, _("The invitation of %(email)s does not work any more.") % {"email": row.email})
    return redirect("people")


@require_POST
def policy(request: HttpRequest) -> HttpResponse:
    """Who must have a second factor."""
    installation.set_mfa_policy(request.POST.get("mfa_policy", ""), actor=_administrator(request))
    messages.success(request, _("Saved. Whoever lacks a second step is led to it with the next click."))
    return redirect("people")


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: look, and as an administrator change role, teams and brands."""
    shown = selectors.person_for(person(request), pk)
    if request.method != "POST":
        return _page(request, shown)
    form = RightsForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, status=422, form=form)
    try:
        _set_rights(pk, form, actor=person(request))
    except SocialCareError as error:
        return _page(request, shown, status=refuse(form, error), form=form)
    return _saved(request, pk, _("Saved."))


def _set_rights(pk: int, form: RightsForm, *, actor: User) -> None:
    """The role first: it is what can be refused. Each of the three has its own line in the audit list."""
    services.set_role(pk, form.cleaned_data["role"], actor=actor)
    services.set_teams(pk, form.roles(), actor=actor)
    brand_access.set_brands(pk, [brand.pk for brand in form.cleaned_data["brands"]], actor=actor)


def _page(request: HttpRequest, shown: User, *, status: int = 200, **changed: Any) -> HttpResponse:
    """A person's page; `changed` are forms that were refused, or what is shown once."""
    may_change = person(request).is_administrator
    row = person_row(shown, directory.brand_names([shown.pk])[shown.pk], sessions=selectors.sessions_of(shown).count())
    context = {
        "person": row,
        "may_change": may_change,
        "back_url": reverse("people"),
        "form_url": reverse("person", args=[shown.pk]),
        "form": RightsForm(initial=_rights(shown)) if may_change else None,
        "tokens": selectors.tokens_of(shown) if may_change else [],
        "token_form": TokenForm(),
        "token_url": reverse("person-tokens", args=[shown.pk]) if may_change else "",
        "urls": _acts(shown) if may_change else {},
        **PLACE,
        **changed,
    }
    return render(request, "accounts/profile.html", context, status=status)


def _rights(shown: User) -> dict[str, Any]:
    teams = {f"team_{row.team_id}": row.role for row in shown.memberships.all()}
    return {"role": shown.role, "brands": list(shown.brand_access.values_list("brand_id", flat=True)), **teams}


def _acts(shown: User) -> dict[str, str]:
    """What an administrator may do now; an address that does not apply is left out."""
    names = {"enable": "person-enabling"}
    if shown.is_active:
        names = {"disable": "person-suspension"}
        if not shown.is_integration:
            names |= {"end_sessions": "person-sessions", "reset_link": "person-password-link"}
    return {key: reverse(name, args=[shown.pk]) for key, name in names.items()}


def _saved(request: HttpRequest, pk: int, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("person", pk)


@require_POST
def disable(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut somebody out."""
    shown = selectors.person_for(person(request), pk)
    services.disable(pk, actor=person(request))
    return _saved(request, pk, _("%(name)s is disabled and signed out everywhere.") % {"name": shown.name})


@require_POST
def enable(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody in again."""
    shown = selectors.person_for(person(request), pk)
    services.enable(pk, actor=person(request))
    return _saved(request, pk, _("%(name)s can sign in again.") % {"name": shown.name})


@require_POST
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End all sessions of somebody."""
    shown = selectors.person_for(person(request), pk)
    keep = request.session.session_key if shown.pk == person(request).pk else None
    sessions.end(pk, actor=person(request), keep=keep)
    return _saved(request, pk, _("%(name)s is signed out everywhere.") % {"name": shown.name})


@require_POST
def password_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A link for choosing a new password, shown once."""
    shown = selectors.person_for(person(request), pk)
    return _page(request, shown, reset_link_made=passwords.make_link(pk, actor=person(request)))


@require_POST
def tokens(request: HttpRequest, pk: int) -> HttpResponse:
    """A new API token of somebody, such as a machine; shown once."""
    shown, form = selectors.person_for(person(request), pk), TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, status=422, token_form=form)
    _row, token = token_services.create(pk, name=form.cleaned_data["name"], actor=person(request))
    return _page(request, shown, new_token=token)
