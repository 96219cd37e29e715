"""allauth's forms: those for a second factor with attempts counted in PostgreSQL, those for passwords in our words."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import ResetPasswordKeyForm as AllauthResetPasswordKeyForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import sign_in
from accounts.models import User
from accounts.services import throttle

PASSWORD_HELP = _("At least 12 characters; a few words are easier than signs.")


class _InOurWords(forms.Form):
    """What the fields are called; a placeholder would only say it again."""

    words = {"oldpassword": _("Current password"), "password1": _("New password"), "password2": _("Once more")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.words[name]
            field.widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = PASSWORD_HELP


class ChangePasswordForm(_InOurWords, AllauthChangePasswordForm):
    """Another password for who knows the old one."""


class ResetPasswordKeyForm(_InOurWords, AllauthResetPasswordKeyForm):
    """Another password for who was sent a link."""


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
