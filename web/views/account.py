"""One's own account: profile, presence, where one is signed in, API tokens; and the forgotten password."""

from __future__ import annotations

from typing import Any

from allauth.account.views import password_reset
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import mail, selectors
from accounts.models import User
from accounts.services import people, sessions
from accounts.services import presence as presence_services
from accounts.services import tokens as token_services
from channels import directory
from core.errors import SocialCareError
from web.access import person
from web.browsers import browser_name
from web.forms_people import ProfileForm, TokenForm
from web.people_rows import person_row
from web.refusals import refuse

THEME_COOKIE_S = 365 * 86400


@login_not_required
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """allauth's page where e-mail can be sent; else whom to ask."""
    if mail.is_there():
        return password_reset(request)
    return render(request, "accounts/forgotten.html")


@require_http_methods(["GET", "POST"])
def you(request: HttpRequest) -> HttpResponse:
    """Profile, sessions and tokens."""
    if request.method != "POST":
        return _page(request)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, form=form)
    try:
        people.update_profile(person(request), **form.cleaned_data)
    except SocialCareError as error:
        return _page(request, status=refuse(form, error), form=form)
    messages.success(request, _("Saved."))
    return redirect("you")


def _page(request: HttpRequest, *, status: int = 200, **changed: Any) -> HttpResponse:
    me = person(request)
    values = {field: getattr(me, field) for field in people.PROFILE_FIELDS}
    rows = [
        {
            "reference": sessions.reference_of(row.pk),
            "browser": browser_name(row.agent),
            "seen_at": row.seen_at,
            "current": row.pk == request.session.session_key,
        }
        for row in selectors.sessions_of(me)[:50]
    ]
    shown = selectors.detailed(me.pk)
    context = {
        "rail_active": "settings",
        "settings_active": "account",
        "mine": True,
        "person": person_row(shown, directory.brand_names([me.pk])[me.pk], sessions=len(rows)),
        "form_url": reverse("you"),
        "token_url": reverse("your-tokens"),
        "password_url": reverse("account_change_password"),
        "urls": {},
        "form": ProfileForm(initial=values),
        "sessions": rows,
        "tokens": selectors.tokens_of(me),
        "token_form": TokenForm(),
        **changed,
    }
    return render(request, "accounts/profile.html", context, status=status)


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light or dark, from the button in the rail; kept in a cookie for signed-out pages as well."""
    choice = request.POST.get("theme", "")
    if choice not in User.Theme.values:
        return HttpResponse(status=422)
    if request.user.is_authenticated:
        people.update_profile(person(request), theme=choice)
    response = HttpResponse(status=204) if request.headers.get("HX-Request") else redirect(_back(request))
    response.set_cookie(
        "theme", choice, max_age=THEME_COOKIE_S, samesite="Lax", httponly=True, secure=request.is_secure()
    )
    return response


@require_POST
def presence(request: HttpRequest) -> HttpResponse:
    """Available, busy, away or offline, in one's own words."""
    presence_services.set_status(
        person(request), request.POST.get("presence", ""), reason=request.POST.get("reason", "")
    )
    return HttpResponse(status=204) if request.headers.get("HX-Request") else redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The page of ours that the form stood on, as a path; a foreign referrer leads home."""
    came_from = request.headers.get("Referer", "")
    ours = f"{request.scheme}://{request.get_host()}"
    path = came_from.removeprefix(ours)
    is_ours = came_from.startswith(f"{ours}/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else "/"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End one session, or all others."""
    me = person(request)
    reference = request.POST.get("session", "")
    if reference:
        sessions.end_one(reference, actor=me)
    else:
        sessions.end(me.pk, actor=me, keep=request.session.session_key)
    messages.success(request, _("Signed out there."))
    return redirect("you")


@require_POST
def tokens(request: HttpRequest) -> HttpResponse:
    """A new API token of one's own, shown once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, token_form=form)
    me = person(request)
    _row, token = token_services.create(me.pk, name=form.cleaned_data["name"], actor=me)
    return _page(request, new_token=token)


@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a token."""
    row = token_services.revoke(pk, actor=person(request))
    messages.success(request, _("The token %(name)s does not work any more.") % {"name": row.name})
    return redirect("you") if row.user_id == person(request).pk else redirect("person", row.user_id)
