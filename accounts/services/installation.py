"""The one row of what holds for everybody; its lock puts changes of who administers in a row."""

from __future__ import annotations

from django.db import transaction

from accounts import policies
from accounts.models import Installation, User
from accounts.services import audit
from core.errors import Invalid


def locked() -> Installation:
    """The row under lock, made if it is not there yet. Call it inside a transaction."""
    Installation.objects.bulk_create([Installation()], ignore_conflicts=True)
    return Installation.objects.select_for_update(no_key=True).get(pk=1)


def set_company(company: str, *, actor: User) -> Installation:
    """Name the company. Records: installation.changed. Raises: Forbidden, Invalid."""
    company = company.strip()
    if not 0 < len(company) <= 120:
        raise Invalid("Name the company.", fields={"company": "Use 1 to 120 characters."})
    with transaction.atomic(durable=True):
        row = locked()
        policies.require_administrator(actor)
        old = row.company
        if old != company:
            row.company = company
            row.save(update_fields=["company"])
            audit.record("installation.changed", actor=actor, data={"what": "company", "old": old, "new": company})
    return row


def set_mfa_policy(policy: str, *, actor: User) -> Installation:
    """Say who must have a second factor; whoever lacks one is led to it at the next request.

    Records: installation.changed. Raises: Forbidden, Invalid.
    """
    if policy not in Installation.MfaPolicy.values:
        raise Invalid("Choose one of the listed policies.", fields={"mfa_policy": "Choose one of the list."})
    with transaction.atomic(durable=True):
        row = locked()
        policies.require_administrator(actor)
        old = row.mfa_policy
        if old != policy:
            row.mfa_policy = policy
            row.save(update_fields=["mfa_policy"])
            audit.record("installation.changed", actor=actor, data={"what": "second factor", "old": old, "new": policy})
    return row
