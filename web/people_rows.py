"""People, teams, queues and brands as the templates of the people pages want them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import selectors
from accounts.models import Role, User
from channels import directory
from inbox.selectors.desks import desks
from web.context import DOTS


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list, and the head of a person's page."""

    pk: int
    url: str
    name: str
    email: str
    role_label: str
    teams: str
    brands: str
    presence: str
    presence_label: str
    second_step: bool
    last_seen_at: datetime | None
    disabled: bool
    sessions: int = 0


def person_row(person: User, brands: list[str], *, sessions: int = 0) -> PersonRow:
    """From a person of `selectors.with_details`; no query."""
    presence = getattr(person, "presence", None)
    return PersonRow(
        pk=person.pk,
        url=reverse("person", args=[person.pk]),
        name=person.name,
        email=person.email,
        role_label=_role_label(person),
        teams=", ".join(row.team.name for row in person.memberships.all()),
        brands=_("All") if person.is_administrator else ", ".join(brands),
        presence=DOTS[presence.status] if presence else "off",
        presence_label=str(presence.get_status_display()) if presence else "",
        second_step=bool(getattr(person, "has_second_factor", False)),
        last_seen_at=getattr(person, "last_seen_at", None),
        disabled=not person.is_active,
        sessions=sessions,
    )


def person_rows(people: list[User]) -> list[PersonRow]:
    """One query more than the people themselves."""
    names = directory.brand_names([person.pk for person in people])
    return [person_row(person, names[person.pk]) for person in people]


def _role_label(person: User) -> str:
    """The highest role that somebody has anywhere."""
    if person.is_integration:
        return _("Integration")
    roles = {row.role for row in person.memberships.all()} | {person.role}
    order = (Role.ADMINISTRATOR, Role.SUPERVISOR, Role.COMMUNITY_MANAGER, Role.AGENT)
    return str(next(role.label for role in order if role in roles))


def invitation_rows() -> list[dict[str, Any]]:
    """Open invitations; their links were shown once and are not known any more."""
    return [
        {
            "email": row.email,
            "role_label": row.get_role_display(),
            "expires_at": row.expires_at,
            "revoke_url": reverse("people-revoke", args=[row.pk]),
        }
        for row in selectors.open_invitations()
    ]


def organisation(*, may_change: bool) -> dict[str, Any]:
    """Desks with queues, teams and brands; four queries. Links only for who may follow them."""

    def link(name: str, pk: int) -> str:
        return reverse(name, args=[pk]) if may_change else ""

    return {
        "desks": [
            {
                "slug": desk.slug,
                "name": desk.name,
                "queues": [
                    {
                        "name": queue.name,
                        "team_name": queue.team.name,
                        "url": link("queue", queue.pk),
                    }
                    for queue in desk.queues.all()
                ],
            }
            for desk in desks()
        ],
        "teams": [
            {"name": team.name, "members": size, "url": link("team", team.pk)} for team, size in selectors.team_sizes()
        ],
        "brands": [
            {"name": brand.name, "slug": brand.slug, "people": size, "url": link("brand", brand.pk)}
            for brand, size in directory.brand_sizes()
        ],
    }
