"""Business hours: made and changed by administrators, each change a version; what runs by them is reckoned anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import uuid4
from zoneinfo import available_timezones

from django.db import transaction

from accounts import policies
from accounts.models import User
from accounts.services import audit
from core.errors import Invalid, NotFound
from core.hints import hint_on_commit
from inbox.models.queue import Queue
from routing.calendar import Period
from routing.models.hours import BusinessHours, HoursVersion, QueueHours
from routing.models.sla import SlaJob, SlaSetup

LONGEST_NAME = 80
MOST_PERIODS = 70
MOST_HOLIDAYS = 400
RECOUNT = "routing.tasks.recount_clocks"


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which nothing begins."""

    on: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """Hours as they are given: zone, weekly periods and holidays. Without periods the house never opens."""

    zone: str
    periods: tuple[Period, ...]
    holidays: tuple[Holiday, ...] = ()


def create(name: str, week: Week, *, actor: User) -> BusinessHours:
    """New hours under a name. Records: hours.created. Raises: Forbidden, Invalid with the field."""
    with transaction.atomic(durable=True):
        policies.require_administrator(actor)
        name = _cleaned(name)
        _check(week)
        hours = BusinessHours.objects.create(name=name)
        _add_version(hours, week, 1, actor)
        audit.record("hours.created", actor=actor, data={"hours": name})
    return hours


def change(hours_id: int, *, name: str, week: Week, actor: User) -> HoursVersion:
    """What the hours are from now on; running clocks by them are reckoned anew, in a recorded job.

    Records: hours.changed. Raises: Forbidden, NotFound, Invalid. Idempotent: the same hours make no version.
    """
    with transaction.atomic(durable=True):
        policies.require_administrator(actor)
        hours = _locked(hours_id)
        name = _cleaned(name, but=hours)
        _check(week)
        newest = hours.versions.order_by("-number").first()
        assert newest is not None  # made with its first one
        if hours.name != name:
            audit.record("hours.changed", actor=actor, data={"hours": name, "old": hours.name})
            hours.name = name
            hours.save(update_fields=["name"])
        if (newest.zone, newest.periods, newest.holidays) == _stored(week):
            return newest
        version = _add_version(hours, week, newest.number + 1, actor)
        reason = f"{hours.name}: version {version.number} of the hours"
        SlaJob.objects.create(hours=hours, lengthens=True, reason=reason, created_by=actor)
        hint_on_commit(RECOUNT)
        audit.record("hours.changed", actor=actor, data={"hours": name, "version": version.number})
    return version


def set_queue_hours(queue_id: int, *, hours_id: int | None, actor: User) -> None:
    """When the people of a queue are here; None = always.

    Records: queue.hours_set. Raises: Forbidden, NotFound, Invalid. Idempotent.
    """
    with transaction.atomic(durable=True):
        policies.require_administrator(actor)
        queue = Queue.objects.select_for_update(no_key=True, of=("self",)).filter(pk=queue_id).first()
        if queue is None:
            raise NotFound("There is no such queue.")
        hours = BusinessHours.objects.filter(pk=hours_id).first() if hours_id else None
        if hours_id and hours is None:
            raise Invalid("There are no such hours.", fields={"hours": "Choose from the list."})
        before = QueueHours.objects.filter(queue=queue).values_list("hours_id", flat=True).first()
        if before == hours_id:
            return
        if hours is None:
            QueueHours.objects.filter(queue=queue).delete()
        else:
            QueueHours.objects.update_or_create(queue=queue, defaults={"hours": hours})
        data = {"queue": queue.name, "hours": hours.name if hours else ""}
        audit.record("queue.hours_set", actor=actor, data=data)


def touch_setup() -> None:
    """Have every worker read anew what is promised, once the open transaction has committed."""
    SlaSetup.objects.update_or_create(pk=1, defaults={"stamp": uuid4()})


def _locked(hours_id: int) -> BusinessHours:
    hours = BusinessHours.objects.select_for_update(no_key=True).filter(pk=hours_id).first()
    if hours is None:
        raise NotFound("There are no such hours.")
    return hours


def _cleaned(name: str, but: BusinessHours | None = None) -> str:
    name = name.replace("\0", "").strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid("Name the hours.", fields={"name": f"Use 1 to {LONGEST_NAME} characters."})
    if BusinessHours.objects.filter(name__iexact=name).exclude(pk=but.pk if but else 0).exists():
        raise Invalid("There are such hours.", fields={"name": "There are hours of this name."})
    return name


def _check(week: Week) -> None:
    if week.zone not in available_timezones():
        raise Invalid("There is no such time zone.", fields={"zone": f"There is no time zone “{week.zone[:60]}”."})
    if len(week.periods) > MOST_PERIODS:
        raise Invalid("Too many periods.", fields={"periods": f"At most {MOST_PERIODS} periods a week."})
    if len(week.holidays) > MOST_HOLIDAYS:
        raise Invalid("Too many holidays.", fields={"holidays": f"At most {MOST_HOLIDAYS} holidays."})
    _check_apart(week.periods)
    _check_once(week.holidays)


def _check_apart(periods: Collection[Period]) -> None:
    """Two periods of a day that overlap are a typing error more often than meant."""
    for before, after in pairwise(sorted(periods)):
        if before.weekday == after.weekday and after.start < before.end:
            raise Invalid("Two periods overlap.", fields={"periods": f"{_named(before)} and {_named(after)} overlap."})


def _named(period: Period) -> str:
    end = period.end % 1440
    return f"{period.start // 60:02d}:{period.start % 60:02d}–{end // 60:02d}:{end % 60:02d}"


def _check_once(holidays: Iterable[Holiday]) -> None:
    seen: set[date] = set()
    for holiday in holidays:
        if holiday.on in seen:
            raise Invalid("A holiday is named twice.", fields={"holidays": f"{holiday.on} is named twice."})
        seen.add(holiday.on)


def _stored(week: Week) -> tuple[str, list[list[int]], list[dict[str, str]]]:
    periods = [[one.weekday, one.start, one.end] for one in sorted(week.periods)]
    holidays = [{"on": one.on.isoformat(), "name": one.name[:80]} for one in sorted(week.holidays, key=lambda h: h.on)]
    return week.zone, periods, holidays


def _add_version(hours: BusinessHours, week: Week, number: int, actor: User) -> HoursVersion:
    zone, periods, holidays = _stored(week)
    row = HoursVersion.objects.create(
        hours=hours, number=number, zone=zone, periods=periods, holidays=holidays, created_by=actor
    )
    touch_setup()
    return row
