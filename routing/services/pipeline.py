"""From stored to routed: what waits for triage is taken in a page at a time, all of it in one transaction or nothing.

Workers pull: a row of `TriageWork` is locked by whoever takes it in and deleted in the same transaction, so that a
worker that is killed in the middle has done nothing, and two workers never route the same page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog
from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now

from core.clock import database_now
from core.contention import retried
from core.failures import FAILURES
from core.hints import hint
from inbox.models.work import TriageWork

log = structlog.get_logger(__name__)

Route = Callable[[Sequence[int]], None]

TASK = "routing.tasks.take_in"
ATTEMPTS = 6
WAIT_S = 10
# What one message that nobody foresaw raises: it must not hold up the others. A database that is away ends the run.


@retried
def take_in(route: Route) -> int:
    """Take in the oldest page that waits; how many messages, 0 = nothing is due.

    A page with a message that cannot be routed is halved; the message itself is tried 6 times in 5 minutes, and then
    left for a person (`given_up`): its conversation stands in its first queue all the while.

    Records: what `route` records. Idempotent: what is taken in waits no longer.
    Raises: OperationalError where the database is away.
    """
    with transaction.atomic(durable=True):
        due = TriageWork.objects.filter(next_at__lte=Now()).order_by("next_at", "id")
        work = due.select_for_update(skip_locked=True, no_key=True).first()
        if work is None:
            return 0
        error = _tried(route, work.message_ids)
        if not error:
            work.delete()
        elif len(work.message_ids) > 1:
            _halve(work)
        else:
            _put_off(work, error)
        return len(work.message_ids)


def again() -> None:
    """Hint the workers: more is waiting."""
    hint(TASK, queue="triage")


_COUNT = """
SELECT COALESCE(sum(cardinality(message_ids)), 0) FROM inbox_triagework WHERE (next_at IS NULL) = %s
"""


def given_up() -> int:
    """How many messages no worker could take in."""
    return _count(given_up=True)


def waiting() -> int:
    """How many messages wait for triage now."""
    return _count(given_up=False)


def _count(*, given_up: bool) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [given_up])
        return int(cursor.fetchone()[0])


def retry_given_up() -> int:
    """Let the workers try again what they had given up, after what was wrong is mended; how many rows."""
    return TriageWork.objects.filter(next_at=None).update(next_at=Now(), attempts=0)


def _tried(route: Route, message_ids: Sequence[int]) -> str:
    """What went wrong, in one word without the facts themselves; empty = it is routed."""
    try:
        with transaction.atomic():
            route(message_ids)
    except OperationalError:
        raise
    except FAILURES as error:
        log.exception("pipeline.failed", messages=len(message_ids), first=message_ids[0])
        return type(error).__name__
    return ""


def _halve(work: TriageWork) -> None:
    """Each half is tried for itself, at once."""
    middle = len(work.message_ids) // 2
    halves = (work.message_ids[:middle], work.message_ids[middle:])
    TriageWork.objects.bulk_create(TriageWork(message_ids=half, created_at=work.created_at) for half in halves)
    work.delete()


def _put_off(work: TriageWork, error: str) -> None:
    work.attempts += 1
    work.error = error
    over = work.attempts >= ATTEMPTS
    work.next_at = None if over else database_now() + timedelta(seconds=WAIT_S * 2 ** (work.attempts - 1))
    work.save(update_fields=["attempts", "error", "next_at"])
    if over:
        log.error("pipeline.given_up", message_id=work.message_ids[0])
