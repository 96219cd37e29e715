"""Who took data out of the house."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.policies import require_administrator
from accounts.services import audit


def record(what: str, *, actor: User) -> None:
    """Note that somebody took out data that they may read, before the first line leaves. Records: export.made."""
    with transaction.atomic(durable=True):
        audit.record("export.made", actor=actor, data={"what": what})


def record_audit_export(*, actor: User) -> None:
    """Note that the audit list was exported, before the first line leaves. Records: export.made. Raises: Forbidden."""
    with transaction.atomic(durable=True):
        require_administrator(actor)
        audit.record("export.made", actor=actor, data={"what": gettext_noop("the audit list")})
