"""What is promised now, read once per change: each use asks for one small row, and reads anew when it has changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from routing.calendar import Calendar, Period
from routing.clocks import Kind, Promise, Promises
from routing.models.hours import HoursVersion, QueueHours
from routing.models.sla import SlaSetup, SlaVersion

KEPT = 500  # versions of hours, a few kB each


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as it is in force."""

    id: int
    name: str
    queue_id: int | None
    channel_id: int | None
    by_rule: bool
    version_id: int
    hours_id: int | None
    hours_version_id: int | None
    pause_pending: bool
    pause_snoozed: bool
    warn_percent: int
    targets: dict[tuple[Kind, int | None], int]

    def promise(self, kind: Kind, priority: int) -> Promise | None:
        """What it promises at this priority; None = nothing."""
        minutes = self.targets.get((kind, priority), self.targets.get((kind, None)))
        if minutes is None:
            return None
        seconds = minutes * 60
        return Promise(
            self.version_id,
            self.hours_version_id,
            calendar_of(self.hours_version_id),
            seconds,
            seconds * self.warn_percent // 100,
            self.pause_pending,
            self.pause_snoozed,
        )


@dataclass(frozen=True, slots=True)
class Setup:
    """All policies in force. Without any, and without a clock from before, there is nothing to reckon."""

    stamp: UUID
    policies: tuple[Policy, ...]
    hours: dict[int, int]  # hours → their version in force
    _known: dict[tuple[int, int, int, int | None], Promises] = field(default_factory=dict, compare=False)

    def policy_for(self, queue_id: int, channel_id: int, chosen_id: int | None) -> Policy | None:
        """What a rule has chosen, else the narrowest of those for this queue and channel."""
        chosen = next((one for one in self.policies if chosen_id is not None and one.id == chosen_id), None)
        fitting = (
            one
            for one in self.policies
            if not one.by_rule and one.queue_id in (None, queue_id) and one.channel_id in (None, channel_id)
        )
        return chosen or max(
            fitting, key=lambda one: (one.queue_id is not None, one.channel_id is not None), default=None
        )

    def promises(self, queue_id: int, channel_id: int, priority: int, chosen_id: int | None) -> Promises:
        """What is promised there, by kind."""
        key = (queue_id, channel_id, priority, chosen_id)
        if key not in self._known:
            policy = self.policy_for(queue_id, channel_id, chosen_id)
            by_kind = {kind: policy.promise(kind, priority) if policy else None for kind in Kind}
            self._known[key] = by_kind.get
        return self._known[key]


_kept: dict[str, Setup] = {}


def in_force() -> Setup | None:
    """What is promised now; None where nothing ever was. One query while nothing has changed."""
    stamp = SlaSetup.objects.values_list("stamp", flat=True).first()
    if stamp is None:
        return None
    setup = _kept.get("setup")
    if setup is None or setup.stamp != stamp:
        hours = {row.hours_id: row.pk for row in newest_hours()}
        setup = _kept["setup"] = Setup(stamp, tuple(_policies(hours)), hours)
    return setup


def _policies(hours: dict[int, int]) -> Iterable[Policy]:
    for version in newest_versions().filter(policy__archived_at=None).prefetch_related("targets"):
        policy = version.policy
        yield Policy(
            policy.pk,
            policy.name,
            policy.queue_id,
            policy.channel_id,
            policy.by_rule,
            version.pk,
            version.hours_id,
            hours.get(version.hours_id) if version.hours_id else None,
            version.pause_pending,
            version.pause_snoozed,
            version.warn_percent,
            {(Kind(row.kind), row.priority): row.minutes for row in version.targets.all()},
        )


def newest_versions() -> QuerySet[SlaVersion]:
    """Of each policy what it says now."""
    rows = SlaVersion.objects.order_by("policy_id", "-number").distinct("policy_id").values("pk")
    return SlaVersion.objects.filter(pk__in=rows).select_related("policy")


def newest_hours() -> QuerySet[HoursVersion]:
    """Of all hours what they are now."""
    rows = HoursVersion.objects.order_by("hours_id", "-number").distinct("hours_id").values("pk")
    return HoursVersion.objects.filter(pk__in=rows).select_related("hours")


def never_open() -> set[int]:
    """Hours without a period: the house never opens by them. One query."""
    return {row.hours_id for row in newest_hours() if not row.periods}


def queues_with_hours(*, open_at_all: bool) -> set[int]:
    """Queues that keep hours, by whether they are ever open in them. Two queries."""
    closed = never_open()
    rows = QueueHours.objects.values_list("queue", "hours")
    return {queue_id for queue_id, hours_id in rows if (hours_id not in closed) is open_at_all}


def calendar_of(hours_version_id: int | None) -> Calendar | None:
    """The calendar of one version; versions never change, so each is read once."""
    return None if hours_version_id is None else _calendar(hours_version_id)


@lru_cache(maxsize=KEPT)
def _calendar(pk: int) -> Calendar:
    row = HoursVersion.objects.get(pk=pk)
    return as_calendar(row.zone, row.periods, row.holidays)


def as_calendar(zone: str, periods: Iterable[Any], holidays: Iterable[Any]) -> Calendar:
    """Hours as they are stored, for reckoning."""
    days = frozenset(date.fromisoformat(one["on"]) for one in holidays)
    return Calendar(zone, tuple(Period(*period) for period in periods), days)
