"""The audit list: what administrators changed and who signed in. Rows are only ever added."""

from __future__ import annotations

from typing import Any

import structlog

from accounts.event_kinds import KINDS
from accounts.models import AccountEvent, User


def record(
    kind: str, *, actor: User | None = None, subject: User | None = None, data: dict[str, Any] | None = None
) -> AccountEvent:
    """Record one fact in the running transaction.

    Args:
        actor: who did it; None = the system, or nobody who is known.
        subject: whom it was done to, where it was done to a person.
        data: payload as listed in `event_kinds`; never a secret.

    Raises: UnknownKind for a kind or key that is not in the catalogue.
    """
    KINDS.check(kind, data or {})
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64]
    return AccountEvent.objects.create(kind=kind, actor=actor, subject=subject, data=data or {}, request_id=request_id)
