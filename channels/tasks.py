"""Hints for the upkeep of channels: one call each, counts out."""

from __future__ import annotations

from celery import shared_task

from channels import periodic
from channels.services import upkeep

HOUR = 3600
DAY = 24 * HOUR


@shared_task(queue="default")
def refresh_tokens(**_later: object) -> int:
    """Renew access tokens that end soon. Idempotent: one refresher per channel at a time."""
    return upkeep.refresh_tokens()


@shared_task(queue="default")
def check_identities(**_later: object) -> int:
    """Ask whose accounts these are, once in ten minutes at most; each account once a day."""
    with periodic.turn("channels.check_identities", 600) as ours:
        return upkeep.check_identities() if ours else 0


@shared_task(queue="default")
def forget_attempts(**_later: object) -> int:
    """Delete wizards that were given up."""
    return upkeep.forget_attempts()
