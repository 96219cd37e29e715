"""Who may change people and the installation."""

from __future__ import annotations

from accounts.models import Role, User
from core.errors import Forbidden


def require_administrator(actor: User) -> None:
    """Ask the database and not the object in hand, which may be older than a demotion.

    Raises: Forbidden.
    """
    if not User.objects.filter(pk=actor.pk, is_active=True, role=Role.ADMINISTRATOR).exists():
        raise Forbidden("Only administrators can do this.")


def require_self_or_administrator(actor: User, person: User) -> None:
    """Raises: Forbidden."""
    if actor.pk != person.pk:
        require_administrator(actor)
