"""allauth's forms for a second factor, with attempts counted in PostgreSQL."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from django.core.exceptions import ValidationError

from accounts import sign_in
from accounts.models import User
from accounts.services import throttle


class _Throttled:
    """Counts each code before it is compared."""

    user: User

    def clean_code(self) -> str:
        address = get_adapter().get_client_ip(context.request)
        attempt = throttle.count(f"second factor of {self.user.pk}", address=address)
        if not attempt.allowed:
            sign_in.record_refusal(self.user.email, attempt)
            raise get_adapter().validation_error("too_many_login_attempts")
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            sign_in.record_failure(self.user.email, "second factor")
            raise
        throttle.take_back(attempt)
        return code


class AuthenticateForm(_Throttled, AllauthAuthenticateForm):
    """Signing in."""


class ReauthenticateForm(_Throttled, AllauthReauthenticateForm):
    """Showing that it is still you."""
