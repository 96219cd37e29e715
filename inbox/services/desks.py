"""Desks and their queues: what a new installation starts with, and what administrators add."""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction

from accounts import policies
from accounts.models import Team, User
from accounts.services import audit
from core.errors import Invalid, NotFound
from core.slugs import free_slug
from inbox.models.queue import Desk, Queue


class FirstDesk(NamedTuple):
    """A desk that every installation starts with; its team and its first queue carry the same name."""

    slug: str
    name: str


FIRST_DESKS = (FirstDesk("care", "Care"), FirstDesk("pr", "PR"), FirstDesk("marketing", "Marketing"))


def create_first_desks() -> list[Desk]:
    """Create Care, PR and Marketing, each with a team and the queue in which its new work arrives.

    Records nothing: it is part of setting the installation up, which is recorded. Idempotent: by slug; what exists
    is left as it is.
    """
    with transaction.atomic(durable=True):
        return [_first_desk(first, position) for position, first in enumerate(FIRST_DESKS)]


def _first_desk(first: FirstDesk, position: int) -> Desk:
    team, _ = Team.objects.get_or_create(slug=first.slug, defaults={"name": first.name})
    desk, _ = Desk.objects.get_or_create(slug=first.slug, defaults={"name": first.name, "position": position})
    if not desk.queues.filter(first_of_desk=True).exists():
        Queue.objects.create(desk=desk, name=first.name, slug=first.slug, team=team, first_of_desk=True)
    return desk


def create_queue(name: str, *, desk_id: int, team_id: int, actor: User) -> Queue:
    """Add a queue to a desk, staffed by a team. Records: queue.created. Raises: Forbidden, Invalid."""
    name = name.strip()
    with transaction.atomic(durable=True):
        policies.require_administrator(actor)
        desk = Desk.objects.select_for_update(no_key=True).filter(pk=desk_id).first()
        if desk is None:
            raise Invalid("There is no such desk.", fields={"desk": "Choose from the list."})
        team = _team(team_id)
        _require_free(desk, name)
        slug = free_slug(Queue, name, otherwise="queue")
        position = desk.queues.count()
        queue = Queue.objects.create(desk=desk, name=name, slug=slug, team=team, position=position)
        audit.record("queue.created", actor=actor, data={"queue": name, "desk": desk.name, "team": team.name})
    return queue


def change_queue(queue_id: int, *, name: str, team_id: int, actor: User) -> Queue:
    """Rename a queue or let another team staff it; its address stays.

    Records: queue.changed. Raises: Forbidden, NotFound, Invalid.
    """
    name = name.strip()
    with transaction.atomic(durable=True):
        policies.require_administrator(actor)
        rows = Queue.objects.select_for_update(no_key=True, of=("self",)).select_related("desk", "team")
        queue = rows.filter(pk=queue_id).first()
        if queue is None:
            raise NotFound("There is no such queue.")
        team = _team(team_id)
        if (queue.name, queue.team_id) != (name, team.pk):
            _require_free(queue.desk, name, but=queue)
            old, old_team = queue.name, queue.team.name
            queue.name, queue.team = name, team
            queue.save(update_fields=["name", "team"])
            data = {"queue": name, "desk": queue.desk.name, "team": team.name, "old": old, "old_team": old_team}
            audit.record("queue.changed", actor=actor, data=data)
    return queue


def _team(team_id: int) -> Team:
    team = Team.objects.filter(pk=team_id).first()
    if team is None:
        raise Invalid("There is no such team.", fields={"team": "Choose from the list."})
    return team


def _require_free(desk: Desk, name: str, but: Queue | None = None) -> None:
    if not 0 < len(name) <= 80:
        raise Invalid("Name the queue.", fields={"name": "Use 1 to 80 characters."})
    if desk.queues.filter(name__iexact=name).exclude(pk=but.pk if but else 0).exists():
        raise Invalid("There is such a queue.", fields={"name": "This desk has a queue of this name."})
