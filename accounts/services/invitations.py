"""Inviting people by a link that works once, for a week."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import hooks, policies
from accounts.models import Invitation, Membership, Presence, Role, Team, User
from accounts.services import audit, installation, passwords
from core.errors import Conflict, Invalid, NotFound
from core.secrets import digest, new_secret

VALID_FOR = timedelta(days=7)
PATH = "/join/"


def invite(
    email: str,
    *,
    actor: User,
    name: str = "",
    role: str = Role.AGENT,
    team_ids: Collection[int] = (),
    brand_ids: Collection[int] = (),
) -> tuple[Invitation, str]:
    """Invite somebody; an open invitation of the same address is replaced.

    Args:
        role: in the teams; or administrator, of the installation.
        brand_ids: brands that the person will see.
    Returns: the invitation and its link, which cannot be shown again.
    Records: invitation.made. Raises: Forbidden, Invalid.
    """
    secret = new_secret()
    with transaction.atomic(durable=True):
        installation.locked()  # two invitations of one address at a time would meet in the unique constraint
        policies.require_administrator(actor)
        _require_new(email)
        if role not in Role.values:
            raise Invalid("There is no such role.", fields={"role": "Choose one of the list."})
        _revoke_open(email, actor)
        row = Invitation.objects.create(
            email=email.lower(),
            name=name,
            role=role,
            brand_ids=sorted(set(brand_ids)),
            secret_hash=digest(secret),
            invited_by=actor,
            expires_at=timezone.now() + VALID_FOR,
        )
        row.teams.set(_teams(team_ids))
        audit.record("invitation.made", actor=actor, data={"email": row.email, "role": role})
    return row, f"{settings.PUBLIC_URL}{PATH}?token={secret}"


def revoke(invitation_id: int, *, actor: User) -> Invitation:
    """Take an open invitation back. Records: invitation.revoked. Raises: Forbidden, NotFound, Conflict."""
    with transaction.atomic(durable=True):
        policies.require_administrator(actor)
        row = Invitation.objects.select_for_update(no_key=True).filter(pk=invitation_id).first()
        if row is None:
            raise NotFound("There is no such invitation.")
        if row.accepted_at:
            raise Conflict("The invitation was accepted already.", code="accepted")
        if not row.revoked_at:
            _revoke(row, actor)
    return row


def revoke_made_by(person: User, *, actor: User) -> None:
    """Take back what somebody who may no longer invite has left open. Call it inside a transaction."""
    for row in Invitation.objects.select_for_update(no_key=True).filter(
        invited_by=person, accepted_at=None, revoked_at=None
    ):
        _revoke(row, actor)


def open_invitation(secret: str) -> Invitation | None:
    """The invitation behind a link, if it still works."""
    return Invitation.objects.filter(
        secret_hash=digest(secret), accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    ).first()


def accept(secret: str, *, name: str, password: str) -> User:
    """Join with a link: the person, the teams and (by hook) the brands come to be together, once.

    Records: person.joined. Raises: NotFound for a wrong, old or revoked link, Conflict for a used one, Invalid.
    """
    with transaction.atomic(durable=True):
        row = Invitation.objects.select_for_update(no_key=True).filter(secret_hash=digest(secret)).first()
        if row is None or row.revoked_at or row.expires_at <= timezone.now():
            raise NotFound("This invitation does not work any more. Ask for a new one.")
        if row.accepted_at:
            raise Conflict("This invitation was used already. Sign in instead.", code="accepted")
        person = _join(row, name=name, password=password)
        row.accepted_at = timezone.now()
        row.save(update_fields=["accepted_at"])
        hooks.joined(person, row)
        audit.record("person.joined", actor=person, subject=person, data={"invitation_id": row.pk})
    return person


def _join(row: Invitation, *, name: str, password: str) -> User:
    is_administrator = row.role == Role.ADMINISTRATOR
    role = Role.ADMINISTRATOR if is_administrator else Role.AGENT
    passwords.check(password, User(name=name, email=row.email))
    _require_new(row.email)
    person = User.objects.create_user(row.email, password, name=name, role=role)
    Presence.objects.create(user=person)
    in_teams = Role.AGENT if is_administrator else row.role
    Membership.objects.bulk_create(Membership(user=person, team=team, role=in_teams) for team in row.teams.all())
    return person


def _require_new(email: str) -> None:
    if User.objects.filter(email__iexact=email).exists():
        raise Invalid("This person is here already.", fields={"email": "Somebody with this address is here already."})


def _revoke_open(email: str, actor: User) -> None:
    for row in Invitation.objects.select_for_update(no_key=True).filter(
        email__iexact=email, accepted_at=None, revoked_at=None
    ):
        _revoke(row, actor)


def _revoke(row: Invitation, actor: User) -> None:
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    audit.record("invitation.revoked", actor=actor, data={"email": row.email})


def _teams(team_ids: Collection[int]) -> list[Team]:
    teams = list(Team.objects.filter(pk__in=team_ids))
    if len(teams) != len(set(team_ids)):
        raise Invalid("There is no such team.", fields={"teams": "Choose from the list."})
    return teams
