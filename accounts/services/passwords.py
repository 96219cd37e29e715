"""Choosing passwords, and the links by which an administrator lets somebody choose a new one."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts import mail, policies
from accounts.models import User
from accounts.services import audit
from core.errors import Invalid, NotFound
from core.hints import hint_on_commit

MAX_LENGTH = 256


def check(password: str, person: User) -> None:
    """Raises: Invalid with what is wrong with the password (at least 12 characters, not common, not the name)."""
    if len(password) > MAX_LENGTH:
        raise Invalid("The password is too long.", fields={"password": f"Use at most {MAX_LENGTH} characters."})
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Invalid("Choose another password.", fields={"password": " ".join(error.messages)}) from error


def link_for(person: User) -> str:
    """The address where this person chooses a new password; dead after use, after a sign-in and after three days."""
    parts = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    path = reverse("account_reset_password_from_key", kwargs=parts)
    return settings.PUBLIC_URL + path


def make_link(user_id: int, *, actor: User) -> str:
    """A link for a colleague who forgot the password, where no e-mail can be sent.

    Records: password.link_made. Raises: Forbidden, NotFound, Invalid for somebody who cannot sign in.
    """
    with transaction.atomic(durable=True):
        policies.require_administrator(actor)
        person = User.objects.filter(pk=user_id).first()
        if person is None:
            raise NotFound("There is no such person.")
        if not person.is_active or person.is_integration:
            raise Invalid("This person cannot sign in.")
        audit.record("password.link_made", actor=actor, subject=person)
    return link_for(person)


def ask_for_link(person: User) -> None:
    """Note that this person wants a link by e-mail, and tell the workers."""
    with transaction.atomic(durable=True):
        User.objects.filter(pk=person.pk).update(password_link_asked_at=timezone.now())
        hint_on_commit("accounts.tasks.send_password_links")


def send_links(limit: int = 20) -> int:
    """Send the links that people have asked for; returns how many. Each is tried once: who gets none asks again.

    Idempotent: a request is claimed before it is sent.
    """
    with transaction.atomic(durable=True):
        waiting = User.objects.select_for_update(skip_locked=True, no_key=True).filter(
            password_link_asked_at__isnull=False, is_active=True, is_integration=False
        )
        people = list(waiting.order_by("password_link_asked_at")[:limit])
        User.objects.filter(pk__in=[person.pk for person in people]).update(password_link_asked_at=None)
    for person in people:
        with translation.override(person.mail_language):
            mail.send(
                person.email,
                translation.gettext("Choose a new password"),
                "accounts/mail/password_link.txt",
                {"person": person, "link": link_for(person)},
            )
    return len(people)
