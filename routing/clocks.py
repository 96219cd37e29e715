"""The clocks of a case as arithmetic: from stored facts to what runs, what is due and what was met.

Pure: no Django, no clock of its own. What it rests on (docs/targets.md):
a clock starts at the network's time of what the contact wrote; a hand-over never restarts it; a promise that becomes
stricter shortens it from its start, one that becomes looser changes nothing here; applying the same facts twice
changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from routing.calendar import Calendar, NeverOpen


class Kind(StrEnum):
    """What is promised."""

    FIRST = "first"
    NEXT = "next"
    RESOLUTION = "resolution"


ANSWERS = (Kind.FIRST, Kind.NEXT)
OPEN, PENDING, SNOOZED, RESOLVED = "open", "pending", "snoozed", "resolved"


@dataclass(frozen=True, slots=True)
class Promise:
    """One target of one policy version.

    Args:
        version_id, hours_id: of the policy version and of the version of the hours (None = calendar time).
        seconds: how long we have.
        warn_seconds: how long before the end it is at risk.
        pause_pending, pause_snoozed: whether the clock stands still while the conversation does.
    """

    version_id: int
    hours_id: int | None
    calendar: Calendar | None
    seconds: int
    warn_seconds: int
    pause_pending: bool = True
    pause_snoozed: bool = True

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much of its time passes between two instants."""
        if self.calendar is None:
            return max(end - start, timedelta(0))
        return self.calendar.business_between(start, end)

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """When so much of its time has passed. Raises: NeverOpen."""
        return start + duration if self.calendar is None else self.calendar.add(start, duration)


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands still from `start`; without `end` it still does."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise to one contact. It runs until `ended_at`; `met_at` is when what was promised happened.

    `due_at` and `warn_at` are None while it is paused. `pk` is None until it is stored.
    """

    kind: Kind
    turn: int
    started_at: datetime
    promise: Promise
    pk: int | None = None
    ingested_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    due_at: datetime | None = None
    warn_at: datetime | None = None
    warned_at: datetime | None = None
    ended_at: datetime | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].end is None

    @property
    def is_running(self) -> bool:
        return self.ended_at is None and not self.is_paused


@dataclass(frozen=True, slots=True)
class Facts:
    """What is stored of a conversation and its current case.

    Args:
        waiting_since: network time of the contact's oldest message without an answer; None = nobody waits.
        ingested_at: when we got to know of that message.
        resolved_at: of the case.
        answered_at, answer_seen_at: of our newest answer, and up to when its author could have seen what was stored.
        first_in, first_answer: the case's first message that asks, and our first answer after it.
        answers: start of an open clock → network time of our first answer since then that is one to it.
        asks: False where nothing asks: merged away, or without a case.
    """

    status: str
    waiting_since: datetime | None = None
    ingested_at: datetime | None = None
    answered_at: datetime | None = None
    answer_seen_at: datetime | None = None
    resolved_at: datetime | None = None
    first_in: datetime | None = None
    first_answer: datetime | None = None
    answers: tuple[tuple[datetime, datetime], ...] = ()
    asks: bool = True


Promises = Callable[[Kind], Promise | None]


def advance(clocks: Sequence[Clock], facts: Facts, promised: Promises, *, now: datetime) -> list[Clock]:
    """All clocks of the case as these facts have them; those that begin now come last, without a pk."""
    if not facts.asks:
        return [_end(clock, now) for clock in clocks]
    answers = _answer_clocks([clock for clock in clocks if clock.kind in ANSWERS], facts, promised, now)
    resolutions = _resolution([clock for clock in clocks if clock.kind == Kind.RESOLUTION], facts, promised, now)
    known = {(clock.kind, clock.turn) for clock in clocks}
    after = [_paused(clock, facts, now) for clock in [*answers, *resolutions]]
    return [_timed(one, promised, now) if (one.kind, one.turn) in known or one.pauses else one for one in after]


def least_due(clocks: Iterable[Clock]) -> datetime | None:
    """When the first of the running ones is due."""
    return min((clock.due_at for clock in clocks if clock.is_running and clock.due_at), default=None)


def moment(promise: Promise, start: datetime, pauses: Iterable[Pause], after: timedelta) -> datetime | None:
    """When the clock has run for `after`; None while it is paused before that, or where the house never opens.

    Args:
        pauses: in order, without overlap.
    """
    left = after
    for pause in pauses:
        ran = promise.between(start, pause.start)
        if ran >= left:
            break
        if pause.end is None:
            return None
        left -= ran
        start = max(start, pause.end)
    try:
        return promise.add(start, left)
    except NeverOpen:
        return None


def elapsed(clock: Clock, *, until: datetime) -> timedelta:
    """How long it has run by then, in the time of its promise."""
    start, ran = clock.started_at, timedelta(0)
    for pause in clock.pauses:
        ran += clock.promise.between(start, min(pause.start, until))
        start = max(start, pause.end or until)
    return ran + clock.promise.between(start, until)


def retimed(clock: Clock, promise: Promise) -> Clock:
    """The same clock under another promise, counted from its own start."""
    whole, warning = timedelta(seconds=promise.seconds), timedelta(seconds=promise.seconds - promise.warn_seconds)
    due = moment(promise, clock.started_at, clock.pauses, whole)
    warn = moment(promise, clock.started_at, clock.pauses, warning)
    return replace(clock, promise=promise, due_at=due, warn_at=warn if due else None)


# --- answers


def _answer_clocks(clocks: list[Clock], facts: Facts, promised: Promises, now: datetime) -> list[Clock]:
    clocks = [clock if clock.ended_at else _answered(clock, facts, now) for clock in clocks]
    waiting = facts.waiting_since
    if waiting is not None and all(clock.ended_at for clock in clocks):
        again = next((clock for clock in reversed(clocks) if _taken_back(clock, facts, waiting)), None)
        if again is not None:  # what ended it was taken back: a resolution, a mute, an answer that did not arrive
            going = _goes_on(again)
            if waiting < again.started_at:
                going = replace(going, started_at=waiting, ingested_at=facts.ingested_at)
            return [going if clock is again else clock for clock in clocks]
    return clocks + _begun(clocks, facts, promised)


def _taken_back(clock: Clock, facts: Facts, waiting: datetime) -> bool:
    """Whether it ended too early; not where its answer stands, and who wrote it could not have seen what waits."""
    if clock.ended_at is None or waiting > clock.ended_at:
        return False
    stands = clock.met_at is not None and facts.answered_at is not None and facts.answered_at >= waiting
    return not (stands and waiting != clock.started_at)


def _was_seen(clock: Clock, facts: Facts) -> bool:
    """Whether the author of our newest answer could have seen what this clock counts from."""
    return facts.answer_seen_at is None or clock.ingested_at is None or clock.ingested_at <= facts.answer_seen_at


def _answered(clock: Clock, facts: Facts, now: datetime) -> Clock:
    """An open clock: answered, moved to what waits now, over without an answer, or as it was."""
    answer = dict(facts.answers).get(clock.started_at)
    newest = facts.answered_at
    if answer is None and newest is not None and newest >= clock.started_at and _was_seen(clock, facts):
        answer = newest
    if answer is not None:
        return _end(clock, answer, met=True)
    if facts.waiting_since is not None:  # an older message may come to light; a younger one restarts nothing
        older = facts.waiting_since < clock.started_at
        return replace(clock, started_at=facts.waiting_since, ingested_at=facts.ingested_at) if older else clock
    if facts.status == SNOOZED:
        return clock
    return _end(clock, (facts.resolved_at if facts.status == RESOLVED else None) or now)


def _begun(clocks: list[Clock], facts: Facts, promised: Promises) -> list[Clock]:
    """Clocks that begin: the first answer of the case, and the answer to what waits now."""
    found: list[Clock] = []
    waiting, answer = facts.waiting_since, facts.first_answer
    fresh = not any(clock.kind == Kind.FIRST for clock in clocks)
    if fresh and facts.first_in is not None and answer is not None:
        first = _new(Kind.FIRST, 0, facts.first_in, facts, promised)
        found += [_end(clock, answer, met=True) for clock in first]
    if waiting is None or any(clock.ended_at is None for clock in clocks):
        return found
    if fresh and answer is None:
        return found + _new(Kind.FIRST, 0, waiting, facts, promised)
    turn = max((clock.turn for clock in clocks), default=0) + 1
    return found + _new(Kind.NEXT, turn, waiting, facts, promised)


def _new(kind: Kind, turn: int, start: datetime, facts: Facts, promised: Promises) -> list[Clock]:
    promise = promised(kind)
    if promise is None:
        return []
    ingested = facts.ingested_at if start == facts.waiting_since else None
    return [retimed(Clock(kind, turn, start, promise, ingested_at=ingested), promise)]


def _end(clock: Clock, at: datetime, *, met: bool = False) -> Clock:
    """It stops; what had not happened when it was due is a breach of that moment."""
    if clock.ended_at is not None:
        return clock
    clock = _resumed(clock, at)
    late = clock.due_at is not None and at > clock.due_at
    breached = clock.breached_at or (clock.due_at if late else None)
    return replace(clock, ended_at=at, met_at=at if met else None, breached_at=breached)


def _goes_on(clock: Clock) -> Clock:
    """As if it had not ended."""
    return replace(clock, ended_at=None, met_at=None)


# --- resolution


def _resolution(clocks: list[Clock], facts: Facts, promised: Promises, now: datetime) -> list[Clock]:
    start = min((at for at in (facts.first_in, facts.waiting_since) if at), default=None)
    if not clocks:
        return [] if start is None or facts.status == RESOLVED else _new(Kind.RESOLUTION, 0, start, facts, promised)
    [clock] = clocks
    if clock.ended_at is None and start is not None and start < clock.started_at:
        clock = replace(clock, started_at=start)
    if facts.status == RESOLVED:
        return [_end(clock, facts.resolved_at or now, met=True)]
    if clock.ended_at is None:
        return [clock]
    # Open again: the time in which nothing was asked does not count; taking a resolution back gives no time.
    done, waiting = clock.ended_at, facts.waiting_since
    if waiting is not None and waiting > done:
        clock = replace(clock, pauses=(*clock.pauses, Pause(done, waiting)))
    return [_goes_on(clock)]


# --- time


def _paused(clock: Clock, facts: Facts, now: datetime) -> Clock:
    """Stopped or going on, as the conversation is."""
    if clock.ended_at is not None:
        return clock
    pending = facts.status == PENDING and clock.promise.pause_pending and clock.kind == Kind.RESOLUTION
    rests = pending or (facts.status == SNOOZED and clock.promise.pause_snoozed)
    if rests and not clock.is_paused:
        start = facts.answered_at if pending and facts.answered_at else now
        floor = clock.pauses[-1].end if clock.pauses else None
        return replace(clock, pauses=(*clock.pauses, Pause(max(start, clock.started_at, floor or start))))
    if clock.is_paused and not rests:
        wrote = facts.waiting_since
        return _resumed(clock, wrote if wrote and wrote > clock.pauses[-1].start else now)
    return clock


def _resumed(clock: Clock, at: datetime) -> Clock:
    """A pause that is open ends, at the latest when the contact wrote again."""
    if not clock.is_paused:
        return clock
    last = clock.pauses[-1]
    closed = replace(last, end=max(at, last.start))
    return retimed(replace(clock, pauses=(*clock.pauses[:-1], closed)), clock.promise)


def _timed(clock: Clock, promised: Promises, now: datetime) -> Clock:
    """Due by its own promise, or by the one in force where that is earlier; what is late stays as it was due."""
    if clock.ended_at is not None or clock.breached_at is not None:
        return clock
    clock = retimed(clock, clock.promise)
    offered = promised(clock.kind)
    if offered is None or offered == clock.promise:
        return clock
    return retimed(clock, offered) if _earlier(clock, offered, now) else clock


def _earlier(clock: Clock, offered: Promise, now: datetime) -> bool:
    """Whether another promise ends earlier; a clock that stands still is compared as if it went on now."""
    going = _resumed(clock, now)
    own, other = going.due_at, retimed(going, offered).due_at
    return other is not None and (own is None or other < own)
