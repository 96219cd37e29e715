"""What a policy would do to the clocks that run, before it is saved: the same sums, and nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from django.db import connection

from accounts.models import User
from core.clock import database_now
from core.errors import NotFound
from routing import clock_rows
from routing.clock_rows import Place, Stored
from routing.clocks import Clock, Kind, least_due
from routing.models.sla import SlaJob, SlaPolicy
from routing.services import recount, sla, sla_setup, targets
from routing.services.sla_setup import Policy, Setup
from routing.services.targets import Scope, Terms

LOOKED_AT = 5_000
BATCH = 500
EXAMPLES = 10


class Effect(StrEnum):
    """What becomes of the clocks of one conversation; the first that holds."""

    LATE = "late"
    SOONER = "sooner"
    LATER = "later"
    BEGUN = "begun"


ORDER = list(Effect)


@dataclass(frozen=True, slots=True)
class Example:
    """One conversation: when it is due now, and when it would be."""

    conversation_id: int
    effect: Effect
    due_at: datetime | None
    would_be_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many conversations would change, by what would become of them.

    Args:
        looked_at: unresolved ones where the policy holds; with `more` there are others beyond these.
        examples: at most ten, what would be late first.
    """

    looked_at: int
    more: bool
    counts: dict[Effect, int]
    examples: tuple[Example, ...]


def of_new(scope: Scope, terms: Terms, *, actor: User) -> Forecast:
    """What a new policy would do. Raises: Forbidden, Invalid with the field."""
    targets.require_possible(terms, scope, actor=actor)
    return _forecast(SlaPolicy(queue_id=scope.queue_id, channel_id=scope.channel_id, by_rule=scope.by_rule), terms)


def of_change(policy_id: int, terms: Terms, *, actor: User, lengthens: bool = False) -> Forecast:
    """What other terms of a policy would do.

    Args:
        lengthens: running clocks would also get the longer time where the terms are looser.

    Raises: Forbidden, NotFound, Invalid with the field.
    """
    targets.require_possible(terms, actor=actor)
    policy = SlaPolicy.objects.filter(pk=policy_id, archived_at=None).first()
    if policy is None:
        raise NotFound("There is no such policy.")
    return _forecast(policy, terms, lengthens=lengthens)


def _forecast(policy: SlaPolicy, terms: Terms, *, lengthens: bool = False) -> Forecast:
    setup, now = _setup_with(policy, terms), database_now()
    rows = recount.held_by(policy.queue_id, policy.channel_id)
    if policy.by_rule:
        rows = rows.filter(cases__chosen_policy__policy=policy.pk, cases__resolved_at=None)
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[: LOOKED_AT + 1])
    job = SlaJob(policy_id=policy.pk) if lengthens and policy.pk else None
    batches = [ids[start : start + BATCH] for start in range(0, min(len(ids), LOOKED_AT), BATCH)]
    found = [one for batch in batches for one in _examples(batch, setup, now, job)]
    found.sort(key=lambda one: (ORDER.index(one.effect), one.would_be_due_at is None, one.would_be_due_at))
    counts = Counter(one.effect for one in found)
    by_effect = {effect: counts[effect] for effect in ORDER}
    return Forecast(min(len(ids), LOOKED_AT), len(ids) > LOOKED_AT, by_effect, tuple(found[:EXAMPLES]))


def _setup_with(policy: SlaPolicy, terms: Terms) -> Setup:
    """What would be in force."""
    now = sla_setup.in_force() or Setup(uuid4(), (), {row.hours_id: row.pk for row in sla_setup.newest_hours()})
    draft = Policy(
        id=policy.pk or 0,
        name=policy.name,
        queue_id=policy.queue_id,
        channel_id=policy.channel_id,
        by_rule=policy.by_rule,
        version_id=0,
        hours_id=terms.hours_id,
        hours_version_id=now.hours.get(terms.hours_id) if terms.hours_id else None,
        pause_pending=terms.pause_pending,
        pause_snoozed=terms.pause_snoozed,
        warn_percent=terms.warn_percent,
        targets={(Kind(kind), priority): minutes for (kind, priority), minutes in terms.targets.items()},
    )
    others = tuple(one for one in now.policies if one.id != draft.id)
    return Setup(uuid4(), (*others, draft), now.hours)


def _examples(ids: Collection[int], setup: Setup, now: datetime, job: SlaJob | None) -> Iterator[Example]:
    with connection.cursor() as cursor:
        places = clock_rows.places(cursor, ids)
        known = sla.known_of(cursor, places)
    own = recount.versions_of(job) if job else set()
    for place in places:
        rows = known.get(place.case_id or 0, [])
        before = {row.clock.pk: row.clock for row in rows}
        rows = [_lengthened(row, place, setup, now, job) if job and _is_own(row, own) else row for row in rows]
        after = [step.after for step in sla.steps_of(place, rows, setup, now)]
        effects = [_effect(before.get(clock.pk) if clock.pk else None, clock, now) for clock in after]
        effect = min((one for one in effects if one), key=ORDER.index, default=None)
        if effect is not None:
            yield Example(place.conversation_id, effect, place.due_at, least_due(after))


def _is_own(row: Stored, versions: Collection[int]) -> bool:
    """A clock that runs by the policy, and would get its longer time."""
    clock = row.clock
    return clock.promise.version_id in versions and clock.ended_at is None and clock.breached_at is None


def _lengthened(row: Stored, place: Place, setup: Setup, now: datetime, job: SlaJob) -> Stored:
    return replace(row, clock=recount.again(job, row.clock, place, setup, now))


def _effect(before: Clock | None, after: Clock, now: datetime) -> Effect | None:
    """What becomes of one clock; None = what it was."""
    due, was = after.due_at, before.due_at if before else None
    if after.ended_at is not None or due is None or due == was:
        return None
    if due <= now and (was is None or was > now):
        return Effect.LATE
    if was is None:
        return Effect.BEGUN
    return Effect.SOONER if due < was else Effect.LATER
