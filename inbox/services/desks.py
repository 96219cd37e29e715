"""Desks and their queues: what a new installation starts with."""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction

from accounts.models import Team
from inbox.models.queue import Desk, Queue


class FirstDesk(NamedTuple):
    """A desk that every installation starts with; its team and its first queue carry the same name."""

    slug: str
    name: str


FIRST_DESKS = (FirstDesk("care", "Care"), FirstDesk("pr", "PR"), FirstDesk("marketing", "Marketing"))


def create_first_desks() -> list[Desk]:
    """Create Care, PR and Marketing, each with a team and the queue in which its new work arrives.

    Idempotent: by slug; what exists is left as it is.
    """
    with transaction.atomic(durable=True):
        return [_first_desk(first, position) for position, first in enumerate(FIRST_DESKS)]


def _first_desk(first: FirstDesk, position: int) -> Desk:
    team, _ = Team.objects.get_or_create(slug=first.slug, defaults={"name": first.name})
    desk, _ = Desk.objects.get_or_create(slug=first.slug, defaults={"name": first.name, "position": position})
    if not desk.queues.filter(first_of_desk=True).exists():
        Queue.objects.create(desk=desk, name=first.name, slug=first.slug, team=team, first_of_desk=True)
    return desk
