"""How django-allauth behaves here: nobody signs up, nothing tells who is known, guessing is throttled."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import device, sign_in
from accounts.backends import SECOND_FACTORS
from accounts.models import User
from accounts.selectors import needs_second_factor
from accounts.services import throttle
from accounts.services.passwords import ask_for_link

log = structlog.get_logger(__name__)
QUIET_MESSAGES = ("account/messages/logged_in.txt", "account/messages/logged_out.txt")


class AccountAdapter(DefaultAccountAdapter):
    """`ACCOUNT_ADAPTER`."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person, if address and password are right and signing in was not tried too often.

        A disabled person and an unknown address get the same answer, after the same work.
        """
        email = str(credentials.get("email", "")).lower()
        attempt = throttle.count(
            email, address=self.get_client_ip(request), known_device=device.known_for(email, request)
        )
        if not attempt.allowed:
            sign_in.record_refusal(email, attempt)
            raise self.validation_error("too_many_login_attempts")
        user = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        if isinstance(user, User):
            throttle.take_back(attempt)
            return user
        sign_in.record_failure(email, "password")
        return None

    def reauthenticate(self, user: User, password: str) -> bool:
        again = self.authenticate(context.request, email=user.email, password=password)
        return again is not None and again.pk == user.pk

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        if user.is_integration or not user.is_active:
            return self.respond_user_inactive(request, user)
        return None

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_login"))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        device.remember(user.email, request, response)
        return response

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template not in QUIET_MESSAGES:
            super().add_message(request, level, message_template, *args, **kwargs)

    def is_safe_url(self, url: str) -> bool:
        """Only a path of ours, never an address with a host: not even our own."""
        return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Let a worker send the link, so that the answer takes as long for a stranger's address."""
        ask_for_link(user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send where there is a mail server; one that fails costs the e-mail and not the page."""
        if not settings.EMAIL_HOST:
            return
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            log.warning("mail.failed", template=template_prefix, error=type(error).__name__)


class MfaAdapter(DefaultMFAAdapter):
    """`MFA_ADAPTER`."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last second factor stays where the policy asks for one."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=SECOND_FACTORS)
        return others.exclude(pk=authenticator.pk).exists() or not needs_second_factor(authenticator.user)
