"""The statements of clocks: sets in, sets out, a fixed number however many conversations there are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from core.copying import array_literal, copy_rows
from inbox import waiting
from routing.calendar import Calendar
from routing.clocks import Clock, Facts, Kind, Pause, Promise

CalendarOf = Callable[[int | None], Calendar | None]


@dataclass(frozen=True, slots=True)
class Place:
    """One conversation with its current case, as its clocks need it."""

    conversation_id: int
    case_id: int | None
    queue_id: int
    brand_id: int
    channel_id: int
    priority: int
    due_at: datetime | None
    chosen_policy_id: int | None
    now: datetime
    facts: Facts


# Of the case: what was stored before the resolution of the case before is not its own.
_FACTS = """
SELECT c.id, k.id, c.queue_id, c.brand_id, c.channel_id, c.priority, c.due_at, x.policy_id, clock_timestamp(),
       c.status, c.waiting_since,
       (SELECT max(m.ingested_at) FROM inbox_message m
        WHERE m.conversation_id = c.id AND m.posted_at = c.waiting_since AND m.direction = 'in'),
       c.answered_at, c.answer_seen_at, k.resolved_at, f.first_in,
       (SELECT min(o.posted_at) FROM inbox_message o
        WHERE o.conversation_id = c.id AND o.direction = 'out' AND o.posted_at >= f.first_in),
       k.id IS NOT NULL AND c.merged_into_id IS NULL
FROM unnest(%s::bigint[]) AS wanted(id)
JOIN inbox_conversation c ON c.id = wanted.id JOIN channels_channel ch ON ch.id = c.channel_id
LEFT JOIN LATERAL (
    SELECT id, resolved_at FROM inbox_case WHERE conversation_id = c.id ORDER BY number DESC LIMIT 1) k ON true
LEFT JOIN LATERAL (
    SELECT min(m.posted_at) AS first_in FROM inbox_message m
    WHERE m.conversation_id = c.id AND m.direction = 'in' AND m.deleted_at IS NULL AND m.posted_at >= ch.connected_at
      AND NOT {muted}
      AND m.ingested_at > COALESCE(
        (SELECT max(p.resolved_at) FROM inbox_case p WHERE p.conversation_id = c.id AND p.id <> k.id), '-infinity')
    ) f ON true
LEFT JOIN routing_chosenpolicy x ON x.case_id = k.id
""".format(muted=waiting.muted(profile="m.profile_id", brand="c.brand_id"))  # noqa: S608 - our own words


def places(cursor: Any, conversation_ids: Collection[int]) -> list[Place]:
    """The facts of these conversations, without `Facts.answers`, which hang on clocks."""
    cursor.execute(_FACTS, [array_literal(conversation_ids)])
    return [_place(row) for row in cursor.fetchall()]


def _place(row: Sequence[Any]) -> Place:
    (pk, case, queue, brand, channel, priority, due_at, chosen, now) = row[:9]
    status, waiting_since, ingested_at, answered_at, seen_at, resolved_at, first_in, first_answer, asks = row[9:]
    if first_answer is None and first_in and answered_at and answered_at >= first_in:
        first_answer = answered_at  # given in the private half, or at the network by hand
    times = (waiting_since, ingested_at, answered_at, seen_at, resolved_at, first_in, first_answer)
    facts = Facts(status, *times, asks=asks)
    return Place(pk, case, queue, brand, channel, priority, due_at, chosen, now, facts)


_CLOCKS = """
SELECT s.case_id, s.id, s.kind, s.turn, s.version_id, s.hours_version_id, s.seconds, s.warn_seconds, s.pause_pending,
       s.pause_snoozed, s.started_at, s.ingested_at, s.pauses, s.due_at, s.warn_at, s.warned_at, s.ended_at, s.met_at,
       s.breached_at,
       CASE WHEN s.ended_at IS NULL AND s.kind <> 'resolution' THEN
         (SELECT min(o.posted_at) FROM inbox_message o
          WHERE o.conversation_id = s.conversation_id AND o.direction = 'out' AND o.posted_at >= s.started_at
            AND NOT EXISTS (SELECT FROM inbox_delivery d WHERE d.message_id = o.id AND d.seen_at < s.ingested_at)) END
FROM routing_slaclock s WHERE s.case_id = ANY(%s::bigint[]) ORDER BY s.id
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A clock as it is stored, and our first answer since it started."""

    case_id: int
    clock: Clock
    answer: datetime | None


def stored(cursor: Any, case_ids: Iterable[int], calendar_of: CalendarOf) -> list[Stored]:
    """All clocks of these cases."""
    cursor.execute(_CLOCKS, [array_literal(case_ids)])
    return [_stored(row, calendar_of) for row in cursor.fetchall()]


def _stored(row: Sequence[Any], calendar_of: CalendarOf) -> Stored:
    case_id, pk, kind, turn, version, hours, seconds, warn_seconds, pending, snoozed = row[:10]
    started_at, ingested_at, pauses, due_at, warn_at, warned_at, ended_at, met_at, breached_at, answer = row[10:]
    clock = Clock(
        Kind(kind),
        turn,
        started_at,
        Promise(version, hours, calendar_of(hours), seconds, warn_seconds, pending, snoozed),
        pk=pk,
        ingested_at=ingested_at,
        pauses=read_pauses(pauses),
        due_at=due_at,
        warn_at=warn_at,
        warned_at=warned_at,
        ended_at=ended_at,
        met_at=met_at,
        breached_at=breached_at,
    )
    return Stored(case_id, clock, answer)


def read_pauses(value: Any) -> tuple[Pause, ...]:
    """As they are stored: [[from, to or null], …]."""
    pairs = orjson.loads(value) if isinstance(value, str) else value
    return tuple(Pause(_read(start), _read(end) if end else None) for start, end in pairs)


def _read(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def written_pauses(clock: Clock) -> bytes:
    """As they are stored."""
    pairs = [[pause.start.isoformat(), pause.end.isoformat() if pause.end else None] for pause in clock.pauses]
    return orjson.dumps(pairs)


_TERMS = (
    ("version_id", "int8"),
    ("hours_version_id", "int8"),
    ("seconds", "int4"),
    ("warn_seconds", "int4"),
    ("pause_pending", "bool"),
    ("pause_snoozed", "bool"),
    ("started_at", "timestamptz"),
    ("ingested_at", "timestamptz"),
    ("pauses", "jsonb"),
    ("due_at", "timestamptz"),
    ("warn_at", "timestamptz"),
    ("warned_at", "timestamptz"),
    ("ended_at", "timestamptz"),
    ("met_at", "timestamptz"),
    ("breached_at", "timestamptz"),
)
_PLACE = (("case_id", "int8"), ("conversation_id", "int8"), ("kind", "text"), ("turn", "int4"))


def _terms(clock: Clock, pauses: bytes | str) -> tuple[Any, ...]:
    promise = clock.promise
    return (
        promise.version_id,
        promise.hours_id,
        promise.seconds,
        promise.warn_seconds,
        promise.pause_pending,
        promise.pause_snoozed,
        clock.started_at,
        clock.ingested_at,
        pauses,
        clock.due_at,
        clock.warn_at,
        clock.warned_at,
        clock.ended_at,
        clock.met_at,
        clock.breached_at,
    )


def add(cursor: Any, clocks: Iterable[tuple[Place, Clock]]) -> None:
    """Clocks that begin, in one statement."""
    rows = (
        (place.case_id, place.conversation_id, clock.kind.value, clock.turn, *_terms(clock, written_pauses(clock)))
        for place, clock in clocks
    )
    copy_rows(cursor, "routing_slaclock", (*_PLACE, *_TERMS), rows)


def change(cursor: Any, clocks: Iterable[Clock]) -> None:
    """Clocks that differ from what is stored, in one statement."""
    rows = [(clock.pk, *_terms(clock, written_pauses(clock).decode())) for clock in clocks]
    if rows:
        sets = ", ".join(f"{name} = n.{name}" for name, _ in _TERMS)
        names = ", ".join(name for name, _ in _TERMS)
        arrays = ", ".join(f"%s::{kind}[]" for _, kind in (("id", "int8"), *_TERMS))
        cursor.execute(
            f"UPDATE routing_slaclock s SET {sets} FROM unnest({arrays}) AS n(id, {names}) "  # noqa: S608 - our own
            "WHERE s.id = n.id",
            list(map(array_literal, zip(*rows, strict=True))),
        )


def set_due(cursor: Any, due: dict[int, datetime | None]) -> None:
    """Write the least due of these conversations; their revision stays, since who changed them raised it."""
    if due:
        cursor.execute(
            """UPDATE inbox_conversation c SET due_at = n.due_at
               FROM unnest(%s::bigint[], %s::timestamptz[]) AS n(id, due_at)
               WHERE c.id = n.id AND c.due_at IS DISTINCT FROM n.due_at""",
            [array_literal(due), array_literal(due.values())],
        )
