"""One act on many conversations: prepared as a snapshot, run by workers row by row, stopped, undone for ten minutes.

Each row is one transaction in which the conversation changes and the row says so: a worker that is killed leaves
rows that are done and rows that wait, and nothing in between. Whoever goes on finds the rest by its state.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import User
from accounts.services import audit
from core.clock import database_now
from core.contention import retried
from core.errors import Conflict, Invalid, NotFound, SocialCareError
from core.hints import hint, hint_on_commit
from inbox.models.bulk import Bulk, BulkRow
from inbox.models.conversation import Conversation
from inbox.policies import access_of
from inbox.services import bulk_acts
from inbox.services.acts import Act, acting

TASK = "inbox.tasks.run_bulks"
MOST = 10_000
UNDO_FOR = timedelta(minutes=10)
KEPT_FOR = timedelta(days=1)
LEASE = timedelta(seconds=30)
BATCH = 50
GONE = "You do not see it any more."
State, RowState = Bulk.State, BulkRow.State

RowAct = Callable[[Act, BulkRow, Bulk], None]


def prepare(act: str, *, actor: User, conversation_ids: Sequence[int], values: dict[str, Any]) -> Bulk:
    """Write down which conversations, and what is to be done; nothing is done yet.

    Args:
        act: a name of `bulk_acts`; `values`: what it needs.
        conversation_ids: at most 10,000; what the actor may not read is left out.

    Records: nothing; `start` does. Raises: Invalid.
    """
    clean, title = bulk_acts.of(act).clean(values)
    if len(conversation_ids) > MOST:
        raise _invalid("conversations", f"At most {MOST:,} at once; narrow the list.")
    visible = Conversation.objects.visible_to(access_of(actor)).filter(pk__in=conversation_ids)
    with transaction.atomic(durable=True):
        ids = list(visible.order_by("pk").values_list("pk", flat=True))
        if not ids:
            raise _invalid("conversations", "Select conversations first.")
        bulk = Bulk.objects.create(actor=actor, act=act, values=clean, title=title, total=len(ids))
        rows = [BulkRow(bulk=bulk, conversation_id=pk) for pk in ids]
        BulkRow.objects.bulk_create(rows, batch_size=1_000)
    return bulk


def start(pk: int, *, actor: User) -> Bulk:
    """Let workers run it.

    Records: bulk.started. Raises: NotFound. Idempotent: what was started is not started again.
    """
    with transaction.atomic(durable=True):
        bulk = _locked(pk, actor)
        if bulk.state == State.PREPARED:
            _turn(bulk, State.WAITING)
            _record("bulk.started", bulk)
            hint_on_commit(TASK)
    return bulk


def stop(pk: int, *, actor: User) -> Bulk:
    """Leave what is not done yet; what is done stays done.

    Records: bulk.stopped. Raises: NotFound, Conflict (`over`). Idempotent.
    """
    with transaction.atomic(durable=True):
        bulk = _locked(pk, actor)
        if bulk.state == State.STOPPED:
            return bulk
        if bulk.state not in (State.WAITING, State.RUNNING):
            raise Conflict("There is nothing left to stop.", code="over", current={"state": bulk.state})
        BulkRow.objects.filter(bulk=bulk, state=RowState.WAITING).update(state=RowState.LEFT)
        bulk.ended_at = database_now()
        _turn(bulk, State.STOPPED, "ended_at")
        _record("bulk.stopped", bulk)
    return bulk


def undo(pk: int, *, actor: User) -> Bulk:
    """Put back what was done, wherever nothing has changed since; for ten minutes after it ended.

    Records: bulk.undone. Raises: NotFound, Conflict (`too_late`, `not_over`). Idempotent.
    """
    with transaction.atomic(durable=True):
        bulk = _locked(pk, actor)
        if bulk.state in (State.UNDOING, State.UNDONE):
            return bulk
        if bulk.state not in Bulk.OVER or bulk.ended_at is None:
            raise Conflict("Stop it first.", code="not_over", current={"state": bulk.state})
        if database_now() > bulk.ended_at + UNDO_FOR:
            raise Conflict("It ended more than ten minutes ago.", code="too_late", current={"state": bulk.state})
        _turn(bulk, State.UNDOING)
        _record("bulk.undone", bulk)
        hint_on_commit(TASK)
    return bulk


def work(seconds: float) -> int:
    """Go on with the acts that wait, for so long; how many rows were settled."""
    settled, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        bulk = _claimed()
        if bulk is None:
            return settled
        with structlog.contextvars.bound_contextvars(request_id=f"bulk-{bulk.pk}"):
            settled += _run(bulk, until)
        Bulk.objects.filter(pk=bulk.pk).update(lease_until=Now())
    hint(TASK)
    return settled


def forget(limit: int = 1_000) -> int:
    """Drop what was prepared more than a day ago and never begun; how many."""
    old = Bulk.objects.filter(state=State.PREPARED, created_at__lt=database_now() - KEPT_FOR)
    dropped, _by_model = Bulk.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()
    return dropped


def _claimed() -> Bulk | None:
    """The act that has waited longest for a look, for 30 s; None where all are in hand."""
    with transaction.atomic(durable=True):
        rows = Bulk.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).select_related("actor")
        free = rows.filter(Q(lease_until=None) | Q(lease_until__lte=Now()), state__in=Bulk.AT_WORK)
        bulk = free.order_by(F("lease_until").asc(nulls_first=True), "pk").first()
        if bulk is not None:
            bulk.lease_until = database_now() + LEASE
            _turn(bulk, State.RUNNING if bulk.state == State.WAITING else bulk.state, "lease_until")
    return bulk


def _run(bulk: Bulk, until: float) -> int:
    """Rows one by one until there are none or the time is up."""
    undoing = bulk.state == State.UNDOING
    wanted, each = (RowState.DONE, _undo_row) if undoing else (RowState.WAITING, _do_row)
    settled = 0
    while time.monotonic() < until:
        rows = list(BulkRow.objects.filter(bulk=bulk, state=wanted).order_by("pk")[:BATCH])
        if not rows:
            _finish(bulk, undoing)
            return settled
        Bulk.objects.filter(pk=bulk.pk).update(lease_until=Now() + LEASE)
        for row in rows:
            settle(row, bulk, each)
            settled += 1
            if time.monotonic() >= until:
                break
    return settled


def _finish(bulk: Bulk, undoing: bool) -> None:
    if undoing:
        Bulk.objects.filter(pk=bulk.pk, state=State.UNDOING).update(state=State.UNDONE)
    else:
        Bulk.objects.filter(pk=bulk.pk, state=State.RUNNING).update(state=State.DONE, ended_at=Now())


def settle(row: BulkRow, bulk: Bulk, each: RowAct) -> None:
    """Do, or undo, one row; a refusal is its result."""
    try:
        _in_one_transaction(row, bulk, each)
    except SocialCareError as error:
        reason = GONE if isinstance(error, NotFound) else error.message
        refused = RowState.KEPT if row.state == RowState.DONE else RowState.REFUSED
        BulkRow.objects.filter(pk=row.pk, state=row.state).update(state=refused, reason=reason[:300])


@retried
def _in_one_transaction(row: BulkRow, bulk: Bulk, each: RowAct) -> None:
    with acting(row.conversation_id, bulk.actor) as act:
        locked = BulkRow.objects.select_for_update(no_key=True).filter(pk=row.pk, state=row.state).first()
        if locked is not None:  # else another worker was faster, or somebody stopped it
            each(act, locked, bulk)


def _do_row(act: Act, row: BulkRow, bulk: Bulk) -> None:
    row.before, revision = bulk_acts.before(act), act.conversation.revision
    bulk_acts.of(bulk.act).do(act, bulk.values)
    row.revision = act.conversation.revision
    row.state = RowState.SAME if row.revision == revision else RowState.DONE
    row.save(update_fields=["before", "revision", "state"])


def _undo_row(act: Act, row: BulkRow, bulk: Bulk) -> None:
    if act.conversation.revision != row.revision:
        raise Conflict("It has changed since.", code="stale")
    bulk_acts.of(bulk.act).undo(act, row.before or {}, bulk.values)
    row.state = RowState.UNDONE
    row.save(update_fields=["state"])


def _locked(pk: int, actor: User) -> Bulk:
    """Somebody's own act; others' are as if they were not there."""
    bulk = Bulk.objects.select_for_update(no_key=True).filter(pk=pk, actor=actor).first()
    if bulk is None:
        raise NotFound("There is no such act.")
    return bulk


def _turn(bulk: Bulk, state: str, *fields: str) -> None:
    bulk.state = state
    bulk.save(update_fields=["state", *fields])


def _record(kind: str, bulk: Bulk) -> None:
    audit.record(kind, actor=bulk.actor, data={"what": bulk.title, "rows": bulk.total, "bulk_id": bulk.pk})


def _invalid(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, fields={field: sentence})
