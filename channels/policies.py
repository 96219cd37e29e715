"""Who may change channels: administrators. Supervisors read their health (`accounts.selectors.supervises`)."""

from __future__ import annotations

from accounts import policies
from accounts.models import User


def require_administrator(actor: User | None) -> None:
    """None is the system, which may.

    Raises: Forbidden.
    """
    if actor is not None:
        policies.require_administrator(actor)
