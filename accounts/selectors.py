"""Reading people and the audit list, with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, Model, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.backends import SECOND_FACTORS
from accounts.event_kinds import KINDS
from accounts.models import (
    AccountEvent,
    ApiToken,
    Installation,
    Invitation,
    Membership,
    Presence,
    Role,
    Session,
    Team,
    User,
)
from core.errors import NotFound
from core.fixed import Slot, fixed
from core.wording import SOURCE, filled

PAGE = 50
Row = TypeVar("Row", bound=Model)
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


def presence_of(person: User) -> Presence:
    """Whether somebody takes work and how much, or an unsaved row with the defaults."""
    return Presence.objects.filter(user=person).first() or Presence(user=person)


def people_for(viewer: User) -> QuerySet[User]:
    """Everybody for administrators; the members of the teams that they supervise for supervisors; else nobody."""
    people = User.objects.order_by("-is_active", "name", "id")
    if viewer.is_administrator:
        return people
    led = Membership.objects.filter(user=viewer, role=Role.SUPERVISOR).values("team_id")
    return people.filter(Exists(Membership.objects.filter(user=OuterRef("pk"), team_id__in=led)))


def person_for(viewer: User, pk: int) -> User:
    """One of `people_for`, as `with_details` gives them. Raises: NotFound; absent and forbidden look alike."""
    return _found(with_details(people_for(viewer)).filter(pk=pk), "There is no such person.")


def workers_for(viewer: User) -> QuerySet[User]:
    """The active ones of `people_for`, as `with_details` gives them."""
    return with_details(people_for(viewer)).filter(is_active=True)


def with_details(people: QuerySet[User]) -> QuerySet[User]:
    """The same people with teams, presence and whether they have a second factor: three queries in all."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    used = Session.objects.filter(user=OuterRef("pk")).order_by("-seen_at").values("seen_at")[:1]
    memberships = Membership.objects.select_related("team").order_by("team__name")
    return (
        people.select_related("presence")
        .prefetch_related(Prefetch("memberships", queryset=memberships))
        .annotate(has_second_factor=Exists(factors), last_seen_at=Subquery(used))
    )


def supervises(viewer: User) -> bool:
    """Whether this person may look at people at all."""
    return viewer.is_administrator or bool(_supervised(user=viewer.pk))


@fixed(user="bigint")
def _supervised(user: Slot) -> QuerySet[Membership, int]:
    return Membership.objects.filter(user=user, role=Role.SUPERVISOR).values_list("pk", flat=True)[:1]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of people; `after` leads to the following one, or is empty."""

    rows: list[User]
    after: str


def people_page(viewer: User, *, search: str = "", after: str = "") -> PeoplePage:
    """Active people first, by name; three queries however many there are.

    Args:
        search: part of a name or an address.
        after: id of the last person of the page before.
    """
    people = with_details(people_for(viewer))
    if search:
        people = people.filter(Q(name__icontains=search) | Q(email__icontains=search))
    last = people_for(viewer).filter(pk=after).first() if after.isdecimal() and len(after) < 19 else None
    if last is not None:
        people = people.filter(_follows(last))
    rows = list(people[: PAGE + 1])
    return PeoplePage(rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else "")


def _follows(last: User) -> Q:
    later = Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk)
    same = Q(is_active=last.is_active) & later
    return same | Q(is_active=False) if last.is_active else same


def teams_of(person: User) -> list[Team]:
    """The teams that somebody is in, by name; one query."""
    return list(teams().filter(memberships__user=person))


def on_shift(team_ids: Collection[int]) -> list[str]:
    """The names of those in these teams who say that they take work or are busy, at most 200; one query."""
    return _here(teams=team_ids)


@fixed(teams="bigint[]")
def _here(teams: Slot) -> QuerySet[User, str]:
    here = (Presence.Status.AVAILABLE, Presence.Status.BUSY)
    mates = Membership.objects.filter(user=OuterRef("pk"), team_id__anyof=teams)
    people = User.objects.filter(Exists(mates), is_active=True, presence__status__in=here)
    return people.order_by("name").values_list("name", flat=True)[:200]


def tokens_of(person: User) -> QuerySet[ApiToken]:
    """API tokens that work, newest first."""
    return person.api_tokens.filter(revoked_at=None).order_by("-id")


def open_invitations() -> QuerySet[Invitation]:
    """Links that still work, newest first."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()).order_by("-id")


def detailed(pk: int) -> User:
    """One person as `with_details` gives them. Raises: NotFound."""
    return _found(with_details(User.objects.all()).filter(pk=pk), "There is no such person.")


def teams(ids: Collection[int] | None = None) -> QuerySet[Team]:
    """Teams by name: all, or those of `ids`."""
    rows = Team.objects.order_by("name")
    return rows if ids is None else rows.filter(pk__in=ids)


def everybody() -> QuerySet[User]:
    """All accounts by name, those that were closed too."""
    return User.objects.order_by("name", "id")


def colleagues() -> QuerySet[User]:
    """The people who can be told something: active ones by name."""
    return everybody().filter(is_active=True, is_integration=False)


def team_sizes() -> list[tuple[Team, int]]:
    """All teams by name, each with the number of its active people; one query."""
    active = Count("memberships", filter=Q(memberships__user__is_active=True))
    return [(team, team.size) for team in teams().annotate(size=active)]


def team(pk: int) -> Team:
    """Raises: NotFound."""
    return _found(Team.objects.filter(pk=pk), "There is no such team.")


def _found(rows: QuerySet[Row], words: str) -> Row:
    row = rows.first()
    if row is None:
        raise NotFound(words)
    return row


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
    """Time, kind, actor, subject and sentence in English, newest first; at most `EXPORT_MAX` rows, read in batches."""
    for row in audit_rows(wanted)[:EXPORT_MAX].iterator(chunk_size=1000):
        with translation.override(SOURCE):  # around each, since what is between them is somebody else's
            said = sentence(row)
        yield row.occurred_at, row.kind, _name(row.actor), _name(row.subject), said


def sentence(row: AccountEvent) -> str:
    """What happened, in words; what the row does not say is left out, not invented."""
    words = {key: ", ".join(map(str, value)) if isinstance(value, list) else value for key, value in row.data.items()}
    names = {"actor": _name(row.actor) or _("The system"), "subject": _name(row.subject) or _("an unknown address")}
    return filled(KINDS[row.kind].sentence, _Known({**words, **names}))


class _Known(dict[str, object]):
    """Payload keys are optional: an absent one reads as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


def _name(person: User | None) -> str:
    return person.name if person else ""
