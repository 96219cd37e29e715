"""How an attempt to send ends: each function is one transaction that settles one attempt, named by its fence.

A result of an attempt that is over (another sender, or a look-up, was first) changes nothing. The conversation is
locked before its delivery, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from channels.models import Channel
from channels.services import switches
from core.clock import database_now
from core.contention import retried
from core.errors import SocialCareError
from inbox.attempts import Attempt, Posted
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.models.work import Delivery
from inbox.parts import PART_BEFORE
from inbox.policies import access_of
from inbox.selectors.parts import parts_of
from inbox.services import events, lifecycle, own_posts, status
from inbox.services.acts import Act
from inbox.services.linking import link_message

log = structlog.get_logger(__name__)
State = Delivery.State

SENDING = (State.SENDING,)
# A receipt is believed even when the attempt was meanwhile taken for dead: it is the better knowledge.
OVERTAKEN = (State.SENDING, State.UNKNOWN, State.NEEDS_HUMAN, State.QUEUED)


@dataclass(slots=True)
class _Open:
    delivery: Delivery
    conversation: Conversation
    now: datetime


@contextmanager
def _open(attempt: Attempt, states: tuple[str, ...]) -> Iterator[_Open | None]:
    """The attempt's delivery under its locks; None when it is no longer in one of these states."""
    with transaction.atomic(durable=True):
        rows = Delivery.objects.filter(pk=attempt.delivery_id, fence=attempt.fence, state__in=states)
        conversation_id = rows.values_list("conversation_id", flat=True).first()
        if conversation_id is None:
            log.info("delivery.overtaken", delivery=attempt.delivery_id, fence=attempt.fence)
            yield None
            return
        conversation = Conversation.objects.select_related("queue").locked(conversation_id)
        locked = rows.select_for_update(no_key=True, of=("self",)).select_related(
            "channel__brand", "answers", "after", "author", "case", "conversation"
        )
        delivery = locked.first()
        if delivery and delivery.conversation_id != conversation.pk:  # a late parent has just joined two of them
            conversation = Conversation.objects.select_related("queue").locked(delivery.conversation_id)
        yield _Open(delivery, conversation, database_now()) if delivery else None


@retried
def sent(attempt: Attempt, posted: Posted) -> bool:
    """It stands on the network: one outbound message, linked; the contact's turn.

    A post under another account's name halts the channel instead. Records: delivery.sent (delivery.needs_human).
    Returns: False when the attempt was settled before.
    """
    with _open(attempt, OVERTAKEN) as opened:
        if opened is None:
            return False
        if posted.author is not None and posted.author != opened.delivery.channel.external_id:
            _halt(opened, posted)
        else:
            finish_sent(opened.delivery, opened.conversation, posted, now=opened.now)
    return True


def finish_sent(delivery: Delivery, conversation: Conversation, posted: Posted, *, now: datetime) -> None:
    """What `sent` does, inside a transaction that holds both locks."""
    message = link_message(delivery, conversation, posted)
    delivery.state, delivery.message, delivery.external_id = State.SENT, message, posted.external_id
    delivery.settled_at, delivery.error, delivery.error_code = now, "", ""
    delivery.save(update_fields=["state", "message", "external_id", "settled_at", "error", "error_code"])
    fields = {*_turn(delivery, conversation, message, now), *_newest(conversation, message)}
    _answer_case(delivery, message.posted_at)
    events.touch(conversation, *fields)
    events.record(
        "delivery.sent",
        conversation,
        actor=delivery.author,
        data={
            "delivery_id": delivery.pk,
            "message_id": message.pk,
            "visibility": delivery.visibility,
            **_later(delivery),
        },
    )
    own_posts.tell_elsewhere(delivery, conversation)
    if delivery.resolve_after:
        _resolve(delivery, conversation, now)


@retried
def failed(attempt: Attempt, *, code: str, error: str) -> bool:
    """Nothing was posted and trying again by itself will not help.

    Records: delivery.failed. Returns: False when the attempt was settled before.
    """
    with _open(attempt, SENDING) as opened:
        if opened is None:
            return False
        opened.delivery.settled_at = opened.now
        _stop(opened, State.FAILED, code, error, "settled_at")
        events.record(
            "delivery.failed",
            opened.conversation,
            data={"delivery_id": attempt.delivery_id, "error": opened.delivery.error, "code": code},
        )
        own_posts.tell_elsewhere(opened.delivery, opened.conversation)
    return True


@retried
def requeued(attempt: Attempt, *, at: datetime, code: str, error: str) -> bool:
    """Nothing was posted; it goes again by itself, not before `at`.

    Records: delivery.queued. Returns: False when the attempt was settled before.
    """
    with _open(attempt, SENDING) as opened:
        if opened is None:
            return False
        wait(opened.delivery, opened.conversation, until=at, code=code, error=error)
    return True


def wait(delivery: Delivery, conversation: Conversation, *, until: datetime, code: str, error: str) -> None:
    """Queue it, with the reason for the wait; inside a transaction that holds both locks."""
    delivery.state, delivery.send_at, delivery.error_code, delivery.error = State.QUEUED, until, code, error[:300]
    delivery.save(update_fields=["state", "send_at", "error_code", "error"])
    events.record("delivery.queued", conversation, data={"delivery_id": delivery.pk, "why": error[:300]})


@retried
def unknown(attempt: Attempt, *, code: str, error: str) -> bool:
    """Nobody knows whether it was posted: the settle time runs from this moment, never from the claim.

    Where our own post has come in by the own-posts stream already it is sent instead.
    Records: delivery.unknown (delivery.sent). Returns: False when the attempt was settled before.
    """
    with _open(attempt, SENDING) as opened:
        if opened is None:
            return False
        delivery = opened.delivery
        delivery.settle_from, delivery.reads, delivery.read_at = opened.now, 0, None
        delivery.send_at = opened.now + timedelta(seconds=settings.SEND_SETTLE_S)
        # Under the row's lock: who stores an own post meanwhile waits for it and then finds the outcome unknown.
        if post := own_posts.stored(delivery):
            finish_sent(delivery, opened.conversation, _posted(post), now=opened.now)
            return True
        _stop(opened, State.UNKNOWN, code, error, "settle_from", "reads", "read_at", "send_at")
        events.record(
            "delivery.unknown",
            opened.conversation,
            data={"delivery_id": delivery.pk, "error": delivery.error, "code": code},
        )
    return True


@retried
def absent(attempt: Attempt, *, after: int) -> bool:
    """One more complete look-up in which it was not there; after the second a person decides.

    Args:
        after: look-ups that the caller knows of: two settlers do not count one look-up twice.

    Records: delivery.needs_human. Returns: False when the attempt was settled before.
    """
    with _open(attempt, (State.UNKNOWN,)) as opened:
        if opened is None or opened.delivery.reads != after:
            return False
        delivery = opened.delivery
        delivery.reads, delivery.read_at = after + 1, opened.now
        delivery.send_at = opened.now + timedelta(seconds=settings.SEND_READ_GAP_S)
        if delivery.reads < 2:
            delivery.save(update_fields=["reads", "read_at", "send_at"])
            return True
        if post := own_posts.stored(delivery):
            finish_sent(delivery, opened.conversation, _posted(post), now=opened.now)
            return True
        _stop(opened, State.NEEDS_HUMAN, "not_found", delivery.error, "reads", "read_at", "send_at")
        events.record("delivery.needs_human", opened.conversation, data={"delivery_id": delivery.pk})
    return True


@retried
def look_again(attempt: Attempt, *, in_s: float) -> bool:
    """A look-up that failed, or was not complete, is none: the next one in `in_s` seconds."""
    with _open(attempt, (State.UNKNOWN,)) as opened:
        if opened is None:
            return False
        opened.delivery.send_at = opened.now + timedelta(seconds=in_s)
        opened.delivery.save(update_fields=["send_at"])
    return True


def _stop(opened: _Open, state: str, code: str, error: str, *fields: str) -> None:
    """Note the state and let who waited for the answer wait again."""
    delivery, conversation = opened.delivery, opened.conversation
    delivery.state, delivery.error_code, delivery.error = state, code[:40], error[:300]
    delivery.save(update_fields=["state", "error_code", "error", *fields])
    if state != State.UNKNOWN:
        _stop_rest(delivery, opened.now)
    was = conversation.status
    changed = status.unanswered(conversation, asked_at=delivery.created_at, now=opened.now)
    if conversation.status != was:
        status.case_at(conversation, now=opened.now)
    events.touch(conversation, *changed)
    if conversation.status != was:
        events.record("conversation.reopened", conversation, data={"why": "an answer did not arrive"})


def _stop_rest(delivery: Delivery, now: datetime) -> None:
    """Nothing goes on from a part that did not arrive; with it the rest is sent again, or given up."""
    rest = [part.pk for part in parts_of(delivery)[delivery.part :]]
    Delivery.objects.filter(pk__in=rest).update(
        state=State.FAILED, settled_at=now, error_code=PART_BEFORE, error="The part before it did not arrive."
    )


def _turn(delivery: Delivery, conversation: Conversation, message: Message, now: datetime) -> set[str]:
    """Whose turn it is. The parts of an answer are one, given when the first stood there: who wrote after that waits.

    Where the rest was stopped before we heard of this part, a beginning stands and it stays open for a person.
    """
    first, whole = message, [delivery]
    if delivery.parts > 1:
        whole = parts_of(delivery)
        first = whole[0].message or message
    seen_at, part_at = delivery.seen_at, message.posted_at
    changed = {*status.answered(conversation, first.posted_at, now=now, seen_at=seen_at, part_at=part_at)}
    stopped = any(part.state == State.FAILED for part in whole[delivery.part :])
    if stopped and conversation.status == Conversation.Status.PENDING:
        changed |= {*status.unanswered(conversation, asked_at=delivery.created_at, now=now)}
    return changed


def _later(delivery: Delivery) -> dict[str, int]:
    """Parts of one answer are one answer: those after the first say so to who counts."""
    return {"part": delivery.part} if delivery.part > 1 else {}


def _resolve(delivery: Delivery, conversation: Conversation, now: datetime) -> None:
    """What was asked for with the answer; not when the contact wrote meanwhile, or somebody else has it now."""
    if conversation.status != Conversation.Status.PENDING:
        return
    act = Act(conversation, delivery.author, access_of(delivery.author), now)
    try:
        lifecycle.close(act, delivery.resolve_after, "")
    except SocialCareError as refusal:
        log.info("delivery.not_resolved", delivery=delivery.pk, code=refusal.code)


def _halt(opened: _Open, posted: Posted) -> None:
    """The network says that another account wrote it: nothing more leaves by this channel (invariant I3)."""
    channel, delivery = opened.delivery.channel, opened.delivery
    reason = f"An answer appeared under another account ({posted.author})."
    Channel.objects.filter(pk=channel.pk).update(sending_halted_at=Now(), sending_halted_because=reason[:300])
    switches.tell("channel.halted", channel, actor=None, reason=reason)
    delivery.external_id = posted.external_id
    _stop(opened, State.NEEDS_HUMAN, "wrong_account", reason, "external_id")
    events.record("delivery.needs_human", opened.conversation, data={"delivery_id": delivery.pk})


def _newest(conversation: Conversation, message: Message) -> tuple[str, ...]:
    if message.conversation_id != conversation.pk or message.posted_at < conversation.last_message_at:
        return ()
    conversation.last_message_at, conversation.last_message = message.posted_at, message.pk
    return ("last_message_at", "last_message")


def _answer_case(delivery: Delivery, at: datetime) -> None:
    case = delivery.case
    if case is not None and (case.first_answer_at is None or at < case.first_answer_at):
        case.first_answer_at = at
        case.save(update_fields=["first_answer_at"])


def _posted(message: Message) -> Posted:
    return Posted(message.external_id, None, message.posted_at, message.permalink)
