"""Clocks reckoned anew because hours or a policy changed: a recorded job, batch by batch, restartable."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from core.clock import database_now
from inbox.models.conversation import Conversation
from inbox.services import events
from routing import clock_rows
from routing.clocks import Clock, Promise, retimed
from routing.models.hours import HoursVersion
from routing.models.sla import SlaClock, SlaJob, SlaVersion
from routing.services import sla, sla_setup
from routing.services.sla_setup import Setup

BATCH = 200


def work(limit: int = BATCH) -> int:
    """Go on with the oldest open job: at most `limit` steps; how many were looked at, 0 = nothing is to be done.

    Hours: running clocks only. A policy: whatever is not resolved where it holds, so that who waits already gets its
    promise, too; clocks get shorter by it, and longer only where the job says so.

    Records: sla.recounted for each clock that is due at another time, and what `sla.refresh` records. Idempotent: by
    the job's place.
    """
    with transaction.atomic(durable=True):
        jobs = SlaJob.objects.filter(finished_at=None).order_by("id").select_for_update(skip_locked=True, no_key=True)
        job = jobs.first()
        if job is None:
            return 0
        ahead = _ahead(job)
        total = ahead.count() if job.total is None else job.total
        found = _next(job, ahead, limit)
        changed = _recount(job, {conversation_id for _, conversation_id in found})
        SlaJob.objects.filter(pk=job.pk).update(
            after=found[-1][0] if found else job.after,
            total=total,
            seen=F("seen") + len(found),
            changed=F("changed") + changed,
            finished_at=Now() if len(found) < limit else None,
        )
    return max(len(found), 1)


def _ahead(job: SlaJob) -> QuerySet[SlaClock] | QuerySet[Conversation]:
    """What the job has not looked at yet."""
    if job.hours_id is not None:
        clocks = SlaClock.objects.filter(ended_at=None, breached_at=None, hours_version__hours=job.hours_id)
        return clocks.filter(pk__gt=job.after)
    policy = job.policy
    assert policy is not None  # a check of the table
    return held_by(policy.queue_id, policy.channel_id).filter(pk__gt=job.after)


def _next(job: SlaJob, ahead: QuerySet[Any], limit: int) -> list[tuple[int, int]]:
    """(place in the job, conversation) of what comes next."""
    conversation = "conversation_id" if job.hours_id is not None else "pk"
    return list(ahead.order_by("pk").values_list("pk", conversation)[:limit])


def held_by(queue_id: int | None, channel_id: int | None) -> QuerySet[Conversation]:
    """What is not resolved where a policy of this scope may count."""
    rows = Conversation.objects.filter(merged_into=None).exclude(status=Conversation.Status.RESOLVED)
    if queue_id:
        rows = rows.filter(queue=queue_id)
    return rows.filter(channel=channel_id) if channel_id else rows


def _recount(job: SlaJob, conversation_ids: Collection[int]) -> int:
    """Lock these conversations, give their clocks what holds now, and write what is due; how many differ."""
    setup = sla_setup.in_force()
    if setup is None or not conversation_ids:
        return 0
    rows = Conversation.objects.filter(pk__in=conversation_ids).order_by("id")
    before = dict(rows.select_for_update(no_key=True, of=("self",)).values_list("pk", "due_at"))
    now = database_now()
    if job.hours_id is not None or job.lengthens:
        _retime(job, before, setup, now)
    after = sla.refresh(before, now=now)
    return sum(due != before[pk] for pk, due in after.items())


def _retime(job: SlaJob, conversation_ids: Collection[int], setup: Setup, now: datetime) -> None:
    """What `sla.refresh` does not do by itself: give more time."""
    with connection.cursor() as cursor:
        places = {place.case_id: place for place in clock_rows.places(cursor, conversation_ids)}
        stored = clock_rows.stored(cursor, [case for case in places if case], sla_setup.calendar_of)
        running = [row for row in stored if row.clock.ended_at is None and row.clock.breached_at is None]
        own, own_hours = versions_of(job), _hours(job)
        steps = [
            sla.Step(places[row.case_id], row.clock, again(job, row.clock, places[row.case_id], setup, now))
            for row in running
            if row.clock.promise.version_id in own or row.clock.promise.hours_id in own_hours
        ]
        steps = [step for step in steps if step.after != step.before]
        clock_rows.change(cursor, [step.after for step in steps])
    _tell(job, steps)


def versions_of(job: SlaJob) -> set[int]:
    """All versions of the job's policy."""
    return set(SlaVersion.objects.filter(policy=job.policy_id).values_list("pk", flat=True)) if job.policy_id else set()


def _hours(job: SlaJob) -> set[int]:
    """All versions of the job's hours."""
    return set(HoursVersion.objects.filter(hours=job.hours_id).values_list("pk", flat=True)) if job.hours_id else set()


def again(job: SlaJob, clock: Clock, place: clock_rows.Place, setup: Setup, now: datetime) -> Clock:
    """The clock under what holds now; where that gives a new moment to be warned of, it is warned of again."""
    promise = _promise(job, clock, place, setup)
    if promise is None or promise == clock.promise:
        return clock
    after = retimed(clock, promise)
    return replace(after, warned_at=None) if after.warn_at is not None and after.warn_at > now else after


def _promise(job: SlaJob, clock: Clock, place: clock_rows.Place, setup: Setup) -> Promise | None:
    if job.hours_id is None:
        policy = setup.policy_for(place.queue_id, place.channel_id, place.chosen_policy_id)
        return policy.promise(clock.kind, place.priority) if policy and policy.id == job.policy_id else None
    newest = setup.hours.get(job.hours_id)
    if newest is None:
        return None
    return replace(clock.promise, hours_id=newest, calendar=sla_setup.calendar_of(newest))


def _tell(job: SlaJob, steps: Iterable[sla.Step]) -> None:
    facts = [
        events.Fact(
            step.place.conversation_id,
            step.place.queue_id,
            step.place.brand_id,
            {**sla.told(step.after, step.before), "why": job.reason, "job": job.pk},
        )
        for step in steps
        if step.before is not None and step.before.due_at != step.after.due_at
    ]
    if facts:
        events.record_many("sla.recounted", facts)
