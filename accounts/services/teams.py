"""Teams: people who staff queues together."""

from __future__ import annotations

from django.db import transaction

from accounts import policies
from accounts.models import Team, User
from accounts.services import audit
from core.errors import Invalid, NotFound
from core.slugs import free_slug


def create(name: str, *, actor: User) -> Team:
    """Create a team. Records: team.created. Raises: Forbidden, Invalid."""
    name = name.strip()
    with transaction.atomic(durable=True):
        policies.require_administrator(actor)
        _require_free(name)
        team = Team.objects.create(name=name, slug=free_slug(Team, name, otherwise="team"))
        audit.record("team.created", actor=actor, data={"team": name})
    return team


def rename(team_id: int, name: str, *, actor: User) -> Team:
    """Give a team another name; its slug stays. Records: team.renamed. Raises: Forbidden, NotFound, Invalid."""
    name = name.strip()
    with transaction.atomic(durable=True):
        policies.require_administrator(actor)
        team = Team.objects.select_for_update(no_key=True).filter(pk=team_id).first()
        if team is None:
            raise NotFound("There is no such team.")
        if team.name != name:
            _require_free(name, but=team)
            old, team.name = team.name, name
            team.save(update_fields=["name"])
            audit.record("team.renamed", actor=actor, data={"team": name, "old": old})
    return team


def _require_free(name: str, but: Team | None = None) -> None:
    if not 0 < len(name) <= 80:
        raise Invalid("Name the team.", fields={"name": "Use 1 to 80 characters."})
    if Team.objects.filter(name__iexact=name).exclude(pk=but.pk if but else 0).exists():
        raise Invalid("There is such a team.", fields={"name": "There is a team of this name."})
