"""What signing in leaves in the session and in the audit list. Connected to allauth's signals, its only seam."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.services import audit, sessions, throttle
from accounts.session_store import AGENT, SIGNED_IN_AT


def connect() -> None:
    """Called once, when the app is ready."""
    user_logged_in.connect(_started, dispatch_uid="accounts.started")
    account_signals.user_logged_in.connect(_succeeded, dispatch_uid="accounts.succeeded")
    account_signals.password_changed.connect(_password_changed, dispatch_uid="accounts.password_changed")
    account_signals.password_reset.connect(_password_reset, dispatch_uid="accounts.password_reset")
    mfa_signals.authenticator_added.connect(_factor_added, dispatch_uid="accounts.factor_added")
    mfa_signals.authenticator_removed.connect(_factor_removed, dispatch_uid="accounts.factor_removed")


def record_failure(email: str, method: str) -> None:
    """A failed attempt, also for an address that nobody has: both cost the same work."""
    person = User.objects.filter(email__iexact=email).first()
    audit.record("sign_in.failed", subject=person, data={"method": method})


def record_refusal(email: str, attempt: throttle.Attempt) -> None:
    """Too many attempts: one line for the whole window."""
    if attempt.first_refusal:
        person = User.objects.filter(email__iexact=email).first()
        audit.record("sign_in.throttled", subject=person, data={"until": attempt.until.isoformat()})


def _started(request: HttpRequest, **_kwargs: Any) -> None:
    request.session[SIGNED_IN_AT] = timezone.now().isoformat()
    request.session[AGENT] = request.META.get("HTTP_USER_AGENT", "")[:200]


def _succeeded(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    records = get_authentication_records(request)
    method = "+".join(str(record["method"]) for record in records) or "link"
    audit.record("sign_in.succeeded", actor=user, subject=user, data={"method": method[:60]})


def _password_changed(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    _close_others(request, user, "changed")


def _password_reset(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    _close_others(request, user, "reset by link")


def _close_others(request: HttpRequest, user: User, how: str) -> None:
    with transaction.atomic():
        sessions.close(user, keep=request.session.session_key)
        audit.record("password.changed", actor=user, subject=user, data={"how": how})


def _factor_added(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    audit.record("second_factor.added", actor=user, subject=user, data={"type": str(authenticator.type)})


def _factor_removed(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    audit.record("second_factor.removed", actor=user, subject=user, data={"type": str(authenticator.type)})
