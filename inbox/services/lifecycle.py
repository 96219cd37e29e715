"""The turns of a conversation that people take: resolve, reopen, snooze, wake, priority."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from core.contention import retried
from core.errors import Invalid
from inbox import dispatch, waiting
from inbox.models.conversation import Case, Conversation
from inbox.models.work import Delivery
from inbox.policies import require
from inbox.services import events, leases, ownership, people, status
from inbox.services.acts import Act, acting, conflict, owner_seen
from inbox.services.ownership import NOT_YOURS

RESOLVED, SNOOZED, OPEN = Conversation.Status.RESOLVED, Conversation.Status.SNOOZED, Conversation.Status.OPEN
Disposition = Case.Disposition
REASON_LIMIT = 500
SNOOZE_AT_MOST = timedelta(days=366)
BATCH = 500
# On its way, or there: an answer that may still arrive counts; if it does not, `status.unanswered` opens again.
ON_ITS_WAY = (Delivery.State.HELD, Delivery.State.QUEUED, Delivery.State.SENDING, Delivery.State.UNKNOWN)


@retried
def resolve(
    conversation_id: int, *, actor: User, disposition: str, reason: str = "", seen: int | None = None
) -> Conversation:
    """Done, with a disposition; its case is closed.

    Args:
        reason: needed where we will not respond.
        seen: revision that the actor saw: nothing that came since is resolved unread. None = whatever it is now.

    Records: conversation.resolved; handoff.withdrawn where one was open (nobody is asked about what is done).
    Raises: NotFound, Forbidden, Invalid, Conflict (`owned`, `resolved`, `stale`). Idempotent: by the disposition.
    """
    with acting(conversation_id, actor) as act:
        if act.conversation.status != Conversation.Status.RESOLVED:
            owner_seen(act.conversation, seen)
        close(act, disposition, reason)
    return act.conversation


@retried
def mark_spam(conversation_id: int, *, actor: User, mute: bool = False) -> Conversation:
    """Resolve it as spam and, where asked, mute its author.

    Records: conversation.resolved, profile.muted. Raises: as `resolve`. Idempotent.
    """
    with acting(conversation_id, actor) as act:
        close(act, Disposition.SPAM, "")
        if mute:
            people.silence(act)
    return act.conversation


def close(act: Act, disposition: str, reason: str) -> None:
    """What resolving does, for acts that resolve on the way."""
    conversation = act.conversation
    _require_free(act)
    reason = ownership.cleaned_reason(reason, limit=REASON_LIMIT)
    if disposition not in Disposition.values:
        raise _not_so("disposition", "Choose how it ended.", Disposition.values)
    if disposition == Disposition.WONT_RESPOND and not reason:
        raise Invalid("Say why nobody will respond.", code="reason_needed", fields={"reason": "Say why."})
    if conversation.status == RESOLVED:
        _require_same(conversation, disposition)
        return
    case = status.case_at(conversation, now=act.now)
    if disposition == Disposition.ANSWERED and not _answered(conversation, case):
        rest = [value for value in Disposition.values if value != Disposition.ANSWERED]
        raise _not_so("disposition", "There is no answer of ours yet.", rest)
    _close_case(case, act.now, disposition, reason)
    dispatch.end_all(act)
    events.touch(conversation, *status.rested(conversation, RESOLVED))
    data = {"disposition": disposition, "reason": reason, "case": case.pk}
    events.record("conversation.resolved", conversation, actor=act.actor, data=data)


@retried
def reopen(conversation_id: int, *, actor: User) -> Conversation:
    """Open again, as if it had not been resolved: who waited then waits again. Also the undo of `resolve`.

    The last case goes on if it was resolved at most 7 days ago, else a new one begins.

    Records: conversation.reopened. Raises: NotFound, Forbidden. Idempotent: what is not resolved stays as it is.
    """
    with acting(conversation_id, actor) as act:
        open_again(act)
    return act.conversation


def open_again(act: Act) -> None:
    """What reopening does, for acts that reopen on the way."""
    conversation, actor = act.conversation, act.actor
    require(act.access.can_act(conversation), NOT_YOURS)
    if conversation.status != RESOLVED:
        return
    status.case_at(conversation, now=act.now)
    events.record("conversation.reopened", conversation, actor=actor, data={"why": f"{actor.name} reopened it"})
    events.touch(conversation, *status.woken(conversation, now=act.now))
    if leases.release_absent([conversation.pk], but=actor):
        conversation.refresh_from_db()


@retried
def snooze(conversation_id: int, *, actor: User, until: datetime, seen: int | None = None) -> Conversation:
    """Needs us later: out of the open list until then, or until the contact writes.

    Args:
        until: aware, in the future, at most a year away.
        seen: as for `resolve`.

    Records: conversation.snoozed. Raises: NotFound, Forbidden, Invalid, Conflict (`owned`, `resolved`, `stale`).
    Idempotent: by `until`.
    """
    with acting(conversation_id, actor) as act:
        put_off(act, until, seen=seen)
    return act.conversation


def put_off(act: Act, until: datetime, *, seen: int | None = None) -> None:
    """What snoozing does, for acts that snooze on the way."""
    conversation = act.conversation
    _require_free(act)
    ownership.require_unresolved(conversation)
    require_soon(until, act.now)
    if conversation.status == SNOOZED and conversation.snoozed_until == until:
        return
    owner_seen(conversation, seen)
    events.touch(conversation, *status.rested(conversation, SNOOZED, until=until))
    events.record("conversation.snoozed", conversation, actor=act.actor, data={"until": ownership.iso(until)})


@retried
def wake(conversation_id: int, *, actor: User) -> Conversation:
    """End a snooze now; who has no answer waits again.

    Records: conversation.woken. Raises: NotFound, Forbidden. Idempotent: what is not snoozed stays as it is.
    """
    with acting(conversation_id, actor) as act:
        wake_up(act)
    return act.conversation


def wake_up(act: Act) -> None:
    """What waking does, for acts that wake on the way."""
    conversation, actor = act.conversation, act.actor
    require(act.access.can_act(conversation), NOT_YOURS)
    if conversation.status == SNOOZED:
        events.touch(conversation, *status.woken(conversation, now=act.now))
        events.record("conversation.woken", conversation, actor=actor, data={"why": f"{actor.name} woke it"})


@retried
def set_priority(conversation_id: int, *, actor: User, priority: int) -> Conversation:
    """Urgent, high, normal or low.

    Records: conversation.prioritised. Raises: NotFound, Forbidden, Invalid. Idempotent: by the priority.
    """
    if priority not in Conversation.Priority.values:
        raise _not_so("priority", "There is no such priority.", [p.name.lower() for p in Conversation.Priority])
    with acting(conversation_id, actor) as act:
        prioritise(act, priority)
    return act.conversation


def prioritise(act: Act, priority: int) -> None:
    """What setting a priority does, for acts that set one on the way."""
    conversation = act.conversation
    require(act.access.can_manage(conversation), NOT_YOURS)
    if conversation.priority == priority:
        return
    old, conversation.priority = Conversation.Priority(conversation.priority), priority
    events.touch(conversation, "priority")
    data = {"priority": Conversation.Priority(priority).name.lower(), "old": old.name.lower()}
    events.record("conversation.prioritised", conversation, actor=act.actor, data=data)


# The same as `status.woken`, for many at once.
_WAKE = """
WITH due AS (
    SELECT id FROM inbox_conversation
    WHERE snoozed_until <= clock_timestamp() ORDER BY snoozed_until LIMIT %(limit)s
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE inbox_conversation c
SET status = 'open', snoozed_until = NULL, revision = c.revision + 1,
    lease_until = CASE WHEN c.owner_id IS NOT NULL
        THEN clock_timestamp() + make_interval(mins => NULLIF(q.lease_minutes, 0)) END,
    waiting_since = ({oldest})
FROM due, inbox_queue q, channels_channel ch
WHERE c.id = due.id AND q.id = c.queue_id AND ch.id = c.channel_id
RETURNING c.id, c.queue_id, c.brand_id, c.owner_id
""".format(  # noqa: S608 - our own words
    oldest=waiting.oldest_waiting(
        conversation="c.id",
        brand="c.brand_id",
        connected_at="ch.connected_at",
        answered_at="c.answered_at",
        answer_seen_at="c.answer_seen_at",
    )
)


def wake_due(limit: int = BATCH) -> int:
    """End the snoozes whose time has come; how many (at most `limit`).

    Records: conversation.woken.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_WAKE, {"limit": limit})
        facts = [
            events.Fact(pk, queue, brand, {"why": "its time has come"}, (events.user_topic(owner),) if owner else ())
            for pk, queue, brand, owner in cursor.fetchall()
        ]
        dispatch.set_clocks([fact.conversation_id for fact in facts])
        events.record_many("conversation.woken", facts)
        leases.release_absent([fact.conversation_id for fact in facts])
    return len(facts)


def _require_free(act: Act) -> None:
    """Raises: Forbidden; Conflict when somebody else has it at this moment."""
    require(act.access.can_act(act.conversation), NOT_YOURS)
    ownership.end_lease_if_over(act)
    if act.conversation.owner_id not in (None, act.actor.pk):
        raise ownership.owned(act.conversation)


def _require_same(conversation: Conversation, disposition: str) -> None:
    last = Case.objects.filter(conversation=conversation).order_by("-number").first()
    if last is None or last.disposition != disposition:
        raise conflict(conversation, "It is resolved already.", code="resolved")


def require_soon(until: datetime, now: datetime) -> None:
    """Raises: Invalid unless it is within a year from now."""
    if timezone.is_naive(until) or not now < until <= now + SNOOZE_AT_MOST:
        message = "Choose a time in the future, at most a year away."
        raise Invalid(message, fields={"until": message})


def _answered(conversation: Conversation, case: Case) -> bool:
    """Whether an answer of ours stands in this case, or is on its way."""
    begun = case.first_inbound_at or case.opened_at
    if conversation.answered_at is not None and conversation.answered_at >= begun:
        return True
    return Delivery.objects.filter(
        conversation=conversation, created_at__gte=case.opened_at, state__in=ON_ITS_WAY
    ).exists()


def _close_case(case: Case, at: datetime, disposition: str, reason: str) -> None:
    case.resolved_at, case.disposition, case.reason = at, disposition, reason
    case.save(update_fields=["resolved_at", "disposition", "reason"])


def _not_so(field: str, message: str, choices: list[str]) -> Invalid:
    return Invalid(message, fields={field: message}, current={"choices": choices})
