"""Who may do what with channels: administrators change them, supervisors read their health."""

from __future__ import annotations

from accounts.models import Membership, Role, User
from core.errors import Forbidden


def require_administrator(actor: User | None) -> None:
    """None is the system, which may.

    Raises: Forbidden.
    """
    if actor is not None and not (actor.is_active and actor.is_administrator):
        raise Forbidden("Only administrators change channels.")


def may_read(user: User) -> bool:
    """Administrators and supervisors of any desk; one query for those who are no administrator."""
    if not user.is_active:
        return False
    return user.is_administrator or Membership.objects.filter(user=user, role=Role.SUPERVISOR).exists()
