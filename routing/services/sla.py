"""Clocks follow what happens: whoever changes a conversation has them set anew in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection

from core.wording import stored
from inbox.models.conversation import Case
from inbox.services import events
from routing import clock_rows
from routing.clock_rows import Place
from routing.clocks import Clock, advance, least_due
from routing.models.sla import ChosenPolicy, ClockKind, SlaPolicy
from routing.services import sla_setup
from routing.services.sla_setup import Setup


@dataclass(frozen=True, slots=True)
class Step:
    """One clock before and after; None before = it begins."""

    place: Place
    before: Clock | None
    after: Clock


@dataclass(frozen=True, slots=True)
class Choice:
    """The policy that a rule has chosen, and its sentence."""

    policy_id: int
    why: str = ""


def refresh(conversation_ids: Collection[int], *, now: datetime | None = None) -> dict[int, datetime | None]:
    """Set the clocks of these conversations by what is stored, in the open transaction, and write their `due_at`.

    The conversations are locked by the caller. Six statements whatever their number; one where nothing was ever
    promised.

    Args:
        now: the database's time; None = asked for here.

    Returns: when each is due; empty where nothing was ever promised.
    Records: sla.breached where an answer came late, sla.changed where another promise is stricter.
    Idempotent: the same facts give the same clocks.
    """
    setup = sla_setup.in_force() if conversation_ids else None
    if setup is None:
        return {}
    with connection.cursor() as cursor:
        places = clock_rows.places(cursor, conversation_ids)
        known = known_of(cursor, places)
        steps: list[Step] = []
        due: dict[int, datetime | None] = {}
        for place in places:
            found = steps_of(place, known.get(place.case_id or 0, []), setup, now or place.now)
            due[place.conversation_id] = least_due(step.after for step in found)
            steps += found
        _write(cursor, steps)
        clock_rows.set_due(cursor, due)
    return due


def known_of(cursor: Any, places: Iterable[Place]) -> Mapping[int, list[clock_rows.Stored]]:
    """The stored clocks of these conversations, by case."""
    cases = [place.case_id for place in places if place.case_id is not None]
    known: dict[int, list[clock_rows.Stored]] = defaultdict(list)
    for row in clock_rows.stored(cursor, cases, sla_setup.calendar_of):
        known[row.case_id].append(row)
    return known


def steps_of(place: Place, known: Iterable[clock_rows.Stored], setup: Setup, now: datetime) -> list[Step]:
    """What the clocks of one conversation become; writes nothing."""
    known = list(known)
    answers = tuple((row.clock.started_at, row.answer) for row in known if row.answer is not None)
    facts = replace(place.facts, answers=answers)
    promised = setup.promises(place.queue_id, place.channel_id, place.priority, place.chosen_policy_id)
    before = {row.clock.pk: row.clock for row in known}
    after = advance([row.clock for row in known], facts, promised, now=now)
    return [Step(place, before.get(clock.pk) if clock.pk else None, clock) for clock in after]


def _write(cursor: object, steps: Iterable[Step]) -> None:
    changed = [step for step in steps if step.before != step.after]
    clock_rows.add(cursor, [(step.place, step.after) for step in changed if step.before is None])
    clock_rows.change(cursor, [step.after for step in changed if step.before is not None])
    _tell("sla.breached", [step for step in changed if _is_breach(step)])
    _tell("sla.changed", [step for step in changed if _is_stricter(step)])


def _is_breach(step: Step) -> bool:
    return step.after.breached_at is not None and (step.before is None or step.before.breached_at is None)


def _is_stricter(step: Step) -> bool:
    return step.before is not None and step.before.promise != step.after.promise


def _tell(kind: str, steps: Iterable[Step]) -> None:
    facts = [
        events.Fact(step.place.conversation_id, step.place.queue_id, step.place.brand_id, told(step.after, step.before))
        for step in steps
    ]
    if facts:
        events.record_many(kind, facts)


def told(clock: Clock, before: Clock | None = None) -> dict[str, object]:
    """The payload of events about a clock."""
    data: dict[str, object] = {
        "promise": stored(ClockKind(clock.kind).label),
        "kind": clock.kind.value,
        "turn": clock.turn,
        "due": clock.due_at.isoformat() if clock.due_at else None,
    }
    if before is not None and before.due_at != clock.due_at:
        data["old"] = before.due_at.isoformat() if before.due_at else None
    return data


def choose(chosen: Mapping[int, Choice]) -> None:
    """Give open cases the policy that a rule has chosen, in the open transaction; the caller refreshes afterwards.

    Args:
        chosen: by conversation. A policy that is gone is passed over.

    Records nothing: who decided records why. Idempotent: by case.
    """
    if not chosen:
        return
    wanted = {choice.policy_id for choice in chosen.values()}
    known = set(SlaPolicy.objects.filter(pk__in=wanted, archived_at=None).values_list("pk", flat=True))
    cases = Case.objects.filter(conversation_id__in=chosen, resolved_at=None).order_by("pk")
    ChosenPolicy.objects.bulk_create(
        [
            ChosenPolicy(case_id=pk, policy_id=chosen[conversation].policy_id, why=chosen[conversation].why[:300])
            for pk, conversation in cases.values_list("pk", "conversation_id")
            if chosen[conversation].policy_id in known
        ],
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["policy", "why"],
    )
