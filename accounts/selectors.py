"""Reading people and the audit list, with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.backends import SECOND_FACTORS
from accounts.event_kinds import KINDS
from accounts.models import AccountEvent, Installation, Invitation, Membership, Role, Session, Team, User

PAGE = 50
EXPORT_MAX = 100_000


def installation() -> Installation:
    """The installation's row, or an unsaved one with the defaults."""
    return Installation.objects.filter(pk=1).first() or Installation()


def needs_second_factor(person: User, policy: str | None = None) -> bool:
    """Whether the policy asks this person for a second factor. `policy`: where it is at hand already."""
    policy = policy if policy is not None else installation().mfa_policy
    if policy == Installation.MfaPolicy.ADMINISTRATORS:
        return person.is_administrator
    return policy == Installation.MfaPolicy.EVERYBODY


def people_for(viewer: User) -> QuerySet[User]:
    """Everybody for administrators; the members of the teams that they supervise for supervisors; else nobody."""
    people = User.objects.order_by("-is_active", "name", "id")
    if viewer.is_administrator:
        return people
    led = Membership.objects.filter(user=viewer, role=Role.SUPERVISOR).values("team_id")
    return people.filter(Exists(Membership.objects.filter(user=OuterRef("pk"), team_id__in=led)))


def with_details(people: QuerySet[User]) -> QuerySet[User]:
    """The same people with teams, presence and whether they have a second factor: three queries in all."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    memberships = Membership.objects.select_related("team").order_by("team__name")
    return (
        people.select_related("presence")
        .prefetch_related(Prefetch("memberships", queryset=memberships))
        .annotate(has_second_factor=Exists(factors))
    )


def supervises(viewer: User) -> bool:
    """Whether this person may look at people at all."""
    return viewer.is_administrator or viewer.memberships.filter(role=Role.SUPERVISOR).exists()


def open_invitations() -> QuerySet[Invitation]:
    """Links that still work, newest first."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()).order_by("-id")


def teams() -> QuerySet[Team]:
    return Team.objects.order_by("name")


def sessions_of(person: User) -> QuerySet[Session]:
    """Where this person is signed in, last used first."""
    return person.sessions.filter(expire_date__gt=timezone.now()).order_by("-seen_at")


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What of the audit list is wanted; empty = everything. `person` finds who did it and to whom it was done."""

    person: int | None = None
    kind: str = ""
    before: int | None = None


def audit_rows(wanted: AuditFilter) -> QuerySet[AccountEvent]:
    """Newest first, from `before` on."""
    rows = AccountEvent.objects.select_related("actor", "subject").order_by("-id")
    if wanted.person:
        rows = rows.filter(Q(actor_id=wanted.person) | Q(subject_id=wanted.person))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.before:
        rows = rows.filter(pk__lt=wanted.before)
    return rows


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page of the audit list; `next` is the `before` of the following page, or None."""

    rows: list[AccountEvent]
    next: int | None


def audit_page(wanted: AuditFilter) -> AuditPage:
    """At most `PAGE` rows; one query however long the list is."""
    rows = list(audit_rows(wanted)[: PAGE + 1])
    return AuditPage(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def audit_export(wanted: AuditFilter) -> Iterator[tuple[datetime, str, str, str, str]]:
    """Time, kind, actor, subject and sentence, newest first; at most `EXPORT_MAX` rows, read in batches."""
    for row in audit_rows(wanted)[:EXPORT_MAX].iterator(chunk_size=1000):
        yield row.occurred_at, row.kind, _name(row.actor), _name(row.subject), sentence(row)


def sentence(row: AccountEvent) -> str:
    """What happened, in words; what the row does not say is left out, not invented."""
    words = {key: ", ".join(map(str, value)) if isinstance(value, list) else value for key, value in row.data.items()}
    names = {"actor": _name(row.actor) or "The system", "subject": _name(row.subject) or "an unknown address"}
    return KINDS[row.kind].sentence.format_map(_Known({**words, **names}))


class _Known(dict[str, object]):
    """Payload keys are optional: an absent one reads as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


def _name(person: User | None) -> str:
    return person.name if person else ""
