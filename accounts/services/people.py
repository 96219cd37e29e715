"""Changing colleagues: role, teams, being disabled and enabled, their own profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction

from accounts import hooks, policies
from accounts.models import Membership, Presence, Role, Team, User
from accounts.services import audit, installation, invitations, sessions
from core import live
from core.errors import Conflict, Invalid, NotFound

PROFILE_FIELDS = ("name", "time_zone", "language", "theme", "single_keys")


def create_integration(email: str, *, name: str, actor: User | None = None) -> User:
    """Create a machine: it has API tokens and cannot sign in. Records: person.added. Raises: Invalid, Forbidden."""
    with transaction.atomic(durable=True):
        if actor is not None:
            policies.require_administrator(actor)
        if User.objects.filter(email__iexact=email).exists():
            raise Invalid("This address is taken.", fields={"email": "This address is taken."})
        person = User.objects.create_user(email, None, name=name, is_integration=True)
        audit.record("person.added", actor=actor, subject=person, data={"integration": True})
    return person


def set_role(user_id: int, role: str, *, actor: User) -> User:
    """Make somebody an administrator or an agent; their sessions end, so that none has the old rights.

    Records: person.role_changed. Raises: Forbidden, NotFound, Invalid, Conflict for the last administrator.
    """
    if role not in (Role.AGENT, Role.ADMINISTRATOR):
        raise Invalid("There is no such role.", fields={"role": "Choose one of the list."})
    with transaction.atomic(durable=True):
        person = _locked(user_id, actor)
        old = person.role
        if old == role:
            return person
        if role == Role.ADMINISTRATOR and person.is_integration:
            raise Invalid("A machine cannot be an administrator.", fields={"role": "A machine cannot be one."})
        if old == Role.ADMINISTRATOR:
            _require_another_administrator(person)
        person.role = role
        person.save(update_fields=["role"])
        audit.record("person.role_changed", actor=actor, subject=person, data={"role": role, "old": old})
        sessions.close(person)
        if old == Role.ADMINISTRATOR:
            invitations.revoke_made_by(person, actor=actor)
    return person


def set_teams(user_id: int, roles: Mapping[int, str], *, actor: User) -> User:
    """Put somebody into exactly these teams.

    Args:
        roles: team id → role in that team.
    Records: person.teams_changed. Raises: Forbidden, NotFound, Invalid.
    """
    with transaction.atomic(durable=True):
        person = _locked(user_id, actor)
        teams = Team.objects.in_bulk(list(roles))
        _require_valid(roles, teams)
        before = {row.team_id: row for row in person.memberships.select_related("team")}
        gone = [row for team_id, row in before.items() if team_id not in roles]
        new = [team_id for team_id in roles if team_id not in before]
        other = [row for team_id, row in before.items() if roles.get(team_id, row.role) != row.role]
        if not (gone or new or other):
            return person
        Membership.objects.filter(pk__in=[row.pk for row in gone]).delete()
        Membership.objects.bulk_create(Membership(user=person, team_id=pk, role=roles[pk]) for pk in new)
        for row in other:
            row.role = roles[row.team_id]
            row.save(update_fields=["role"])
        audit.record(
            "person.teams_changed",
            actor=actor,
            subject=person,
            data={
                "added": [teams[pk].name for pk in new],
                "removed": [row.team.name for row in gone],
                "changed": [f"{row.team.name}: {row.role}" for row in other],
            },
        )
        live.ping_on_commit(sessions.topic_of(person.pk), kind="rights.changed")
    return person


def disable(user_id: int, *, actor: User) -> User:
    """Shut somebody out now: sessions and open streams end, API tokens stop, what they own is given back by hook.

    Records: person.disabled. Raises: Forbidden, NotFound, Conflict for the last administrator.
    """
    with transaction.atomic(durable=True):
        person = _locked(user_id, actor)
        if not person.is_active:
            return person
        if person.is_administrator:
            _require_another_administrator(person)
        person.is_active = False
        person.save(update_fields=["is_active"])
        Presence.objects.filter(user=person).update(status=Presence.Status.OFFLINE)
        ended = sessions.close(person)
        audit.record("person.disabled", actor=actor, subject=person, data={"sessions": ended})
        invitations.revoke_made_by(person, actor=actor)
        hooks.disabled(person, actor)
    return person


def enable(user_id: int, *, actor: User) -> User:
    """Let somebody in again, with the rights they had. Records: person.enabled. Raises: Forbidden, NotFound."""
    with transaction.atomic(durable=True):
        person = _locked(user_id, actor)
        if not person.is_active:
            person.is_active = True
            person.save(update_fields=["is_active"])
            audit.record("person.enabled", actor=actor, subject=person)
    return person


def update_profile(person: User, **values: Any) -> User:
    """Change one's own profile; only what differs is written.

    Args:
        values: any of `PROFILE_FIELDS`.
    Records: person.profile_changed. Raises: Invalid with the fields that are wrong.
    """
    _require_valid_profile(values)
    with transaction.atomic(durable=True):
        changed = [field for field in PROFILE_FIELDS if field in values and getattr(person, field) != values[field]]
        if changed:
            for field in changed:
                setattr(person, field, values[field])
            person.save(update_fields=changed)
            audit.record("person.profile_changed", actor=person, subject=person, data={"fields": ", ".join(changed)})
    return person


def _locked(user_id: int, actor: User) -> User:
    """The person under lock, after the installation's: so two administrators cannot demote each other."""
    installation.locked()
    policies.require_administrator(actor)
    person = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    if person is None:
        raise NotFound("There is no such person.")
    return person


def _require_another_administrator(person: User) -> None:
    others = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True, is_integration=False).exclude(pk=person.pk)
    if not others.exists():
        raise Conflict(
            "This is the last administrator. Make somebody else an administrator first.", code="last_administrator"
        )


def _require_valid(roles: Mapping[int, str], teams: Mapping[int, Team]) -> None:
    allowed = {value for value in Role.values if value != Role.ADMINISTRATOR}
    if set(roles) - set(teams) or set(roles.values()) - allowed:
        raise Invalid("Choose teams and roles from the list.", fields={"teams": "Choose from the list."})


def _require_valid_profile(values: Mapping[str, Any]) -> None:
    wrong: dict[str, str] = {}
    if "name" in values and not 0 < len(str(values["name"]).strip()) <= 120:
        wrong["name"] = "Say your name, in at most 120 characters."
    if values.get("time_zone", "UTC") not in available_timezones():
        wrong["time_zone"] = "There is no such time zone."
    if values.get("language") and values["language"] not in dict(settings.LANGUAGES):
        wrong["language"] = "Choose one of the list."
    if values.get("theme", User.Theme.SYSTEM) not in User.Theme.values:
        wrong["theme"] = "Choose one of the list."
    if wrong or set(values) - set(PROFILE_FIELDS):
        raise Invalid("Some of this cannot be saved.", fields=wrong)
