"""What a back-tested rule means for each queue: its work by the hour, and how many promises would be kept."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from routing.calendar import NeverOpen
from routing.clocks import Kind
from routing.rules.queueing import Crew, Service, Work, serve
from routing.rules.replay import Arrivals, Replay, Terms
from routing.services import sla_setup
from routing.services.sla_setup import Setup

DAY_S = 86_400


def of(seen: Replay, *, since: datetime, until: datetime) -> dict[str, Any]:
    """Load by hour, and promises kept, before and with the rule, of each queue for which anything changes.

    Two queries and those of the promises in force. JSON-serialisable.
    """
    crews, setup = _crews(since, until), sla_setup.in_force()
    before, after = seen.load_before.by_queue, seen.load_after.by_queue
    changed = [pk for pk in sorted({*before, *after}) if before.get(pk) != after.get(pk)]
    loads = [{"queue": pk, **_hours(seen, pk)} for pk in changed]
    return {
        "load": [one for one in loads if one["before"] != one["after"]],
        "service": [_service(seen, pk, crews.get(pk), setup) for pk in changed],
    }


def _loads(seen: Replay) -> Iterable[tuple[str, Arrivals]]:
    return ("before", seen.load_before), ("after", seen.load_after)


def _hours(seen: Replay, queue_id: int) -> dict[str, list[float]]:
    """Work by hour of the day (UTC), on average over the days looked at: before and after."""
    every = (at for _, load in _loads(seen) for by in load.by_queue.values() for at, _ in by)
    days = max(len({at // DAY_S for at in every}), 1)
    found = {}
    for name, load in _loads(seen):
        hours = [0.0] * 24
        for (at, _), count in load.by_queue.get(queue_id, {}).items():
            hours[at // 3600 % 24] += count
        found[name] = [round(count / days, 2) for count in hours]
    return found


def _service(seen: Replay, queue_id: int, crew: Crew | None, setup: Setup | None) -> dict[str, Any]:
    """Promises kept before and after; None where nobody has answered there, so that nothing can be said."""
    if crew is None:
        return {"queue": queue_id, "pace": None, "before": None, "after": None}
    told = {name: _told(serve(_work(load, queue_id, setup), crew)) for name, load in _loads(seen)}
    return {"queue": queue_id, "pace": round(crew.pace, 2), **told}


def _work(load: Arrivals, queue_id: int, setup: Setup | None) -> list[Work]:
    """What came into a queue, with what is promised there now."""
    came = load.by_queue.get(queue_id, {}).items()
    return [Work(at, _due(setup, queue_id, at, terms), count) for (at, terms), count in came]


def _due(setup: Setup | None, queue_id: int, at: int, terms: Terms) -> float | None:
    """By when an answer is promised, by the hours of the policy; None = nothing is promised, or it is never open."""
    if setup is None:
        return None
    promises = setup.promises(queue_id, terms.channel_id, terms.priority, terms.policy_id)
    promise = promises(Kind.FIRST if terms.first else Kind.NEXT)
    if promise is None:
        return None
    try:
        return promise.add(datetime.fromtimestamp(at, UTC), timedelta(seconds=promise.seconds)).timestamp()
    except NeverOpen:
        return None


def _told(service: Service) -> dict[str, Any]:
    worst = max(service.late_by_day.items(), key=lambda one: one[1], default=None)
    return {
        "pieces": service.pieces,
        "promised": service.promised,
        "met": service.met,
        "longest": None if service.longest is None else round(service.longest / 60),
        "latest_day": worst[0] if worst else None,
        "latest": round(worst[1] / 60) if worst else 0,
    }


# Who answered where and when, and how often: the real capacity.
_ANSWERS = """
SELECT c.queue_id, e.actor_id, floor(extract(epoch FROM e.occurred_at) / 3600)::bigint * 3600, count(*)
FROM inbox_conversationevent e JOIN inbox_conversation c ON c.id = e.conversation_id
WHERE e.kind = 'delivery.sent' AND NOT e.data ? 'part' AND e.actor_id IS NOT NULL
  AND e.occurred_at > %s AND e.occurred_at <= %s
GROUP BY 1, 2, 3
"""


def _crews(since: datetime, until: datetime) -> dict[int, Crew]:
    """Per queue: who was active in which hour, and how many answers an hour one of them usually gives."""
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, [since, until])
        rows = cursor.fetchall()
    people: dict[int, dict[int, int]] = {}
    paces: dict[int, list[int]] = {}
    for queue_id, _, hour, count in rows:
        hours = people.setdefault(queue_id, {})
        hours[hour] = hours.get(hour, 0) + 1
        paces.setdefault(queue_id, []).append(count)
    return {pk: Crew(hours, float(statistics.median(paces[pk]))) for pk, hours in people.items()}
