"""The first hour of an installation: a link that works once, the first administrator, the company."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Installation, Presence, Role, User
from accounts.services import audit, installation, passwords
from core.errors import Conflict, Invalid, NotFound
from core.secrets import digest, new_secret

PATH = "/setup/"


def make_link() -> str:
    """A new one-time link for setting up; an older one stops working. The secret is stored as a hash only.

    Records: installation.link_made. Raises: Conflict once there is an administrator.
    """
    secret = new_secret()
    with transaction.atomic(durable=True):
        row = installation.locked()
        _require_not_set_up(row)
        row.setup_secret_hash = digest(secret)
        row.save(update_fields=["setup_secret_hash"])
        audit.record("installation.link_made")
    return f"{settings.PUBLIC_URL}{PATH}?token={secret}"


def is_open(secret: str) -> bool:
    """Whether this secret may set the installation up now."""
    return bool(secret) and Installation.objects.filter(setup_secret_hash=digest(secret), set_up_at=None).exists()


def create_first_administrator(secret: str, *, name: str, email: str, password: str) -> User:
    """Create the administrator; the link is dead afterwards.

    Records: installation.set_up. Raises: NotFound for a wrong link, Conflict for a used one, Invalid.
    """
    with transaction.atomic(durable=True):
        row = installation.locked()
        _require_not_set_up(row)
        if not secret or row.setup_secret_hash != digest(secret):
            raise NotFound("This link does not work any more. Make a new one with: manage.py setup_link")
        person = _administrator(name=name, email=email, password=password)
        row.set_up_at, row.setup_secret_hash = timezone.now(), ""
        row.save(update_fields=["set_up_at", "setup_secret_hash"])
        audit.record("installation.set_up", actor=person, subject=person)
    return person


def _require_not_set_up(row: Installation) -> None:
    if row.set_up_at or User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exists():
        raise Conflict("Socialcare is set up already. Sign in, or ask an administrator.", code="set_up")


def _administrator(*, name: str, email: str, password: str) -> User:
    person = User(name=name, email=email, role=Role.ADMINISTRATOR)
    passwords.check(password, person)
    if User.objects.filter(email__iexact=email).exists():
        raise Invalid("This address is taken.", fields={"email": "This address is taken."})
    person = User.objects.create_user(email, password, name=name, role=Role.ADMINISTRATOR)
    Presence.objects.create(user=person)
    return person
