"""What is promised, by which hours, and what is wrong with it: a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from accounts.models import Membership
from core.errors import NotFound
from routing.models.hours import BusinessHours, HoursVersion, QueueHours
from routing.models.sla import SlaJob, SlaPolicy, SlaVersion
from routing.services import sla_setup
from routing.services.hours import Holiday, Week
from routing.services.targets import Terms, terms_of

JOBS = 20


@dataclass(frozen=True, slots=True)
class PolicyShown:
    """A policy as it is in force. `warnings` are sentences about what will not work."""

    policy: SlaPolicy
    version: SlaVersion
    terms: Terms
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HoursShown:
    """Hours as they are in force, and who keeps them."""

    hours: BusinessHours
    version: HoursVersion
    week: Week
    queues: tuple[str, ...] = ()


def policies() -> list[PolicyShown]:
    """All that are in force, those for everybody first. Six queries."""
    rows = sla_setup.newest_versions().filter(policy__archived_at=None)
    rows = rows.select_related("policy__queue", "policy__channel", "hours", "move_to", "created_by")
    found = list(rows.prefetch_related("targets", "told"))
    closed = sla_setup.never_open()
    staffed = set(Membership.objects.filter(user__is_active=True).values_list("team_id", flat=True))
    shown = [PolicyShown(row.policy, row, terms_of(row), tuple(_warnings(row, closed, staffed))) for row in found]
    return sorted(shown, key=lambda one: (one.policy.by_rule, one.policy.queue_id or 0, one.policy.name))


def _warnings(row: SlaVersion, closed: set[int], staffed: set[int]) -> list[str]:
    said = []
    if row.hours is not None and row.hours_id in closed:
        said.append(f"“{row.hours.name}” is never open: nothing is ever due by it.")
    if row.move_to is not None and row.move_to.team_id not in staffed:
        said.append(f"Nobody works in {row.move_to.name}, where it goes when it is late.")
    if not row.tell_owner and not row.told.all():
        said.append("Nobody is told before it is late.")
    return said


def policy(pk: int) -> PolicyShown:
    """One that is in force. Raises: NotFound."""
    found = next((one for one in policies() if one.policy.pk == pk), None)
    if found is None:
        raise NotFound("There is no such policy.")
    return found


def all_hours() -> list[HoursShown]:
    """All hours by name. Two queries."""
    queues: dict[int, list[str]] = {}
    for hours_id, name in QueueHours.objects.order_by("queue__name").values_list("hours_id", "queue__name"):
        queues.setdefault(hours_id, []).append(name)
    rows = sorted(sla_setup.newest_hours(), key=lambda row: row.hours.name)
    return [HoursShown(row.hours, row, week_of(row), tuple(queues.get(row.hours_id, ()))) for row in rows]


def hours_by_name() -> QuerySet[BusinessHours]:
    """All hours by name."""
    return BusinessHours.objects.order_by("name")


def hours(pk: int) -> HoursShown:
    """One. Raises: NotFound."""
    found = next((one for one in all_hours() if one.hours.pk == pk), None)
    if found is None:
        raise NotFound("There are no such hours.")
    return found


def week_of(row: HoursVersion) -> Week:
    """A stored version as it is given."""
    calendar = sla_setup.as_calendar(row.zone, row.periods, row.holidays)
    days = tuple(Holiday(date.fromisoformat(one["on"]), one.get("name", "")) for one in row.holidays)
    return Week(row.zone, calendar.periods, days)


@dataclass(frozen=True, slots=True)
class JobShown:
    """A job that reckons clocks anew.

    Args:
        total: how many it looks at in all, what came while it ran counted in; None = it has not begun.
    """

    pk: int
    reason: str
    by: str
    created_at: datetime
    seen: int
    total: int | None
    changed: int
    finished_at: datetime | None


def jobs() -> list[JobShown]:
    """The last ones, newest first. One query."""
    rows = SlaJob.objects.select_related("created_by").order_by("-pk")[:JOBS]
    return [
        JobShown(
            row.pk,
            row.reason,
            row.created_by.name if row.created_by else "",
            row.created_at,
            row.seen,
            max(row.seen, row.total) if row.total is not None else None,
            row.changed,
            row.finished_at,
        )
        for row in rows
    ]


def versions_of(policy_id: int) -> list[SlaVersion]:
    """All versions of a policy, newest first. Three queries."""
    rows = SlaVersion.objects.filter(policy=policy_id).select_related("created_by", "hours", "move_to")
    return list(rows.prefetch_related("targets", "told").order_by("-number"))


def queue_hours() -> dict[int, int]:
    """Queue → hours, where it has any."""
    return dict(QueueHours.objects.values_list("queue_id", "hours_id"))
