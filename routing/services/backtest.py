"""The back-test: a job over stored decisions, in batches, with progress; it touches nothing that it looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from accounts.policies import require_administrator
from accounts.services import audit
from core.clock import database_now
from core.errors import Conflict, Invalid, NotFound
from core.failures import FAILURES
from core.hints import hint_on_commit
from routing.models.decision import Backtest
from routing.models.rule import RuleDraft, RuleSet
from routing.rules import actions, conditions, packing
from routing.rules.decide import RuleSetView
from routing.rules.replay import Replay, needs_text
from routing.rules.wording import Wording, compiled
from routing.services import effects, rules, timed, versions
from routing.services.naming import names

log = structlog.get_logger(__name__)

TASK = "routing.tasks.run_backtests"
DAYS = (1, 7, 14, 30)
BATCH = 2_000
# A worker that says nothing for so long is dead, seconds; its job begins anew elsewhere.
LEASE_S = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One stored decision, as the replay reads it."""

    id: int
    decided_at: datetime
    message_id: int
    conversation_id: int
    posted_at: datetime
    facts: Mapping[str, Any]
    text: str
    quiet_until: datetime | None


class Ended(Exception):
    """Somebody has ended the job, or another worker has it."""


def ask(number: int, *, days: int, actor: User) -> Backtest:
    """Ask what a rule would have done: its draft, or (without one) its wording in force.

    Records: rules.backtested. Raises: Forbidden, NotFound, Invalid, Conflict (`running`).
    """
    if days not in DAYS:
        raise Invalid("Choose one of the listed spans.", fields={"days": f"One of {', '.join(map(str, DAYS))}."})
    try:
        with transaction.atomic(durable=True):
            require_administrator(actor)
            one, base = _tested(number), rules.newest_id()
            job = Backtest.objects.create(
                number=number,
                base_id=base,
                name=one.name,
                when=conditions.dump(one.when),
                do=actions.dump(one.do),
                days=days,
                asked_by=actor,
            )
            audit.record("rules.backtested", actor=actor, data={"rule": one.name, "days": days})
            hint_on_commit(TASK)
    except IntegrityError:
        raise Conflict("A back-test of this rule is running.", code="running") from None
    return job


def cancel(backtest_id: int, *, actor: User) -> Backtest:
    """End a back-test; what it has found so far is dropped.

    Records nothing: the job itself says that it was ended. Raises: Forbidden, NotFound. Idempotent.
    """
    with transaction.atomic(durable=True):
        require_administrator(actor)
        going = Q(state__in=[Backtest.State.QUEUED, Backtest.State.RUNNING])
        Backtest.objects.filter(going, pk=backtest_id).update(state=Backtest.State.CANCELLED, finished_at=Now())
        job = Backtest.objects.filter(pk=backtest_id).first()
    if job is None:
        raise NotFound("There is no such back-test.")
    return job


def run_due() -> int:
    """Run the jobs that wait, and those whose worker has died; how many."""
    ran = 0
    while (job := _claim()) is not None:
        _run(job)
        ran += 1
    return ran


def replay(job: Backtest, *, batch: int = BATCH) -> Iterator[Replay]:
    """The replay after each batch: the caller says how far it is, and may stop."""
    base = rules.view_of(job.base_id)
    seen = Replay(base, _trial(job), job.number, seed=job.pk)
    since = job.asked_at - timedelta(days=job.days)
    for rows in _batches(job, seen, since, needs_text(base, seen.trial), batch):
        for row in rows:
            facts = packing.unpack_facts(
                row.facts, message_id=row.message_id, conversation_id=row.conversation_id, text=row.text
            )
            seen.see(facts, row.posted_at, quiet_until=row.quiet_until)
        yield seen


def _tested(number: int) -> Wording:
    draft = RuleDraft.objects.filter(number=number).first()
    base = rules.wordings(rules.newest_id())
    changed = versions.with_draft(draft, base) if draft else base
    for one in changed:
        if one.number == number:
            return one
    raise NotFound("There is no such rule.")


def _trial(job: Backtest) -> RuleSetView:
    """The rules as they would be."""
    base = rules.wordings(job.base_id)
    draft = RuleDraft(number=job.number, name=job.name, when=job.when, do=job.do)
    mode = RuleSet.objects.values_list("mode", flat=True).get(pk=job.base_id)
    return compiled(versions.with_draft(draft, base), names(), mode=mode)


def _claim() -> Backtest | None:
    with transaction.atomic(durable=True):
        dead = Q(state=Backtest.State.RUNNING, lease_until__lt=Now())
        rows = Backtest.objects.filter(Q(state=Backtest.State.QUEUED) | dead).order_by("pk")
        job = rows.select_for_update(skip_locked=True, no_key=True).first()
        if job is not None:
            now = database_now()
            job.state, job.started_at, job.done = Backtest.State.RUNNING, now, 0
            job.lease_until = now + timedelta(seconds=LEASE_S)
            job.total = _count(job)
            job.save(update_fields=["state", "started_at", "lease_until", "done", "total"])
    return job


def _run(job: Backtest) -> None:
    try:
        seen = None
        for seen in replay(job):
            _tell(job, seen.messages)
        result = _result(seen, job) if seen is not None else {}
    except Ended:
        return
    except FAILURES as error:
        log.exception("backtest.failed", backtest_id=job.pk)
        _finish(job, Backtest.State.FAILED, {}, error=type(error).__name__)
        return
    _finish(job, Backtest.State.DONE, result)


def _tell(job: Backtest, done: int) -> None:
    """Progress, and the lease goes on. Raises: Ended."""
    lease = database_now() + timedelta(seconds=LEASE_S)
    ours = Backtest.objects.filter(pk=job.pk, state=Backtest.State.RUNNING, started_at=job.started_at)
    if not ours.update(done=done, lease_until=lease):
        raise Ended


def _finish(job: Backtest, state: str, result: dict[str, Any], *, error: str = "") -> None:
    ours = Backtest.objects.filter(pk=job.pk, state=Backtest.State.RUNNING, started_at=job.started_at)
    ours.update(state=state, result=result, error=error, finished_at=Now(), lease_until=None)


# Each message once, as it came in: what was decided again after a correction is left out.
_COUNT = "SELECT count(*) FROM routing_decision WHERE decided_at > %s AND decided_at <= %s AND again = 0"

# `quiet_until`: the first thing after the message that ends the wait of the tested rule; the asking, where nothing did.
_ROWS = """
SELECT d.id, d.decided_at, d.message_id, m.conversation_id, m.posted_at, d.facts, {text}, {quiet}
FROM routing_decision d JOIN inbox_message m ON m.id = d.message_id
WHERE (d.decided_at, d.id) > (%(after)s, %(after_id)s) AND d.decided_at <= %(until)s
  AND m.conversation_id IS NOT NULL AND d.again = 0
ORDER BY d.decided_at, d.id LIMIT %(limit)s
"""
_QUIET = """COALESCE((SELECT min(e.occurred_at) FROM inbox_conversationevent e
  WHERE e.conversation_id = m.conversation_id AND e.kind = ANY(%(ends)s)
    AND e.occurred_at >= m.posted_at), %(until)s)"""
# Whatever else a rule watches: an answer, a resolution and a snooze end the wait.
ENDS = (
    "delivery.sent",
    "message.answered_elsewhere",
    "conversation.resolved",
    "conversation.snoozed",
)


def _count(job: Backtest) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [job.asked_at - timedelta(days=job.days), job.asked_at])
        return int(cursor.fetchone()[0])


def _batches(job: Backtest, seen: Replay, since: datetime, with_text: bool, size: int) -> Iterator[list[Row]]:
    """Decisions in the order in which they were made, by keyset: nothing is held open between batches."""
    waits = seen.rule.waits is not None
    query = _ROWS.format(text="m.text" if with_text else "''", quiet=_QUIET if waits else "NULL::timestamptz")
    after, after_id = since, 0
    while True:
        values: dict[str, Any] = {
            "after": after,
            "after_id": after_id,
            "until": job.asked_at,
            "limit": size,
            "ends": [*ENDS, *timed.watched_kinds(seen.rule)],
        }
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            rows = [_row(line) for line in cursor.fetchall()]
        if rows:
            yield rows
            after, after_id = rows[-1].decided_at, rows[-1].id
        if len(rows) < size:
            return


def _row(line: Sequence[Any]) -> Row:
    return Row(line[0], line[1], line[2], line[3], line[4], orjson.loads(line[5]), line[6], line[7])


def _result(seen: Replay, job: Backtest) -> dict[str, Any]:
    """Everything that the page shows; queues by id, names are looked up when it is shown."""
    since = job.asked_at - timedelta(days=job.days)
    return {**seen.result(), **effects.of(seen, since=since, until=job.asked_at)}
