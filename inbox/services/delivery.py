"""Sending: the queue is a table, the claim is committed before the call, the sender proves that it lives.

reliability.md §2.2 is the law here. What ends an attempt is in `outcomes`; what looks for lost ones in `settlement`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import psycopg2
import structlog

from channels import registry
from channels.contracts import Adapter, OutboundMessage, SendReceipt, Upload, Visibility
from channels.models import Channel
from channels.services import credentials, streams
from core.clock import database_now
from core.errors import (
    ChannelError,
    OutcomeUnknown,
    PermanentChannelError,
    RateLimited,
    SocialCareError,
    TokenDead,
    TransientChannelError,
)
from inbox import matching
from inbox.advisory import SenderSession
from inbox.attempts import Attempt, Posted
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.models.work import Delivery
from inbox.services import outcomes, own_posts, sending_queue
from inbox.services.sending_check import CHECKED_FOR_S, Verdict, last_check

log = structlog.get_logger(__name__)

# After so many tries that provably posted nothing a person is told (reliability.md §2.1 rule 5).
ATTEMPTS = 5
WAIT_S = 5
LONGEST_WAIT_S = 300
# A task ends in 45 s, one call in 20 s, renewing a token may take as long: no new one is begun later than this.
BUSY_S = 10

Outcome = Callable[[Attempt], bool]


def send_due(limit: int = 20) -> int:
    """Send what is due, one after the other, fairly between channels.

    Returns: how many attempts were made.
    """
    if not sending_queue.is_anything_due():
        return 0
    sending_queue.park_blocked()
    until = time.monotonic() + BUSY_S
    made = 0
    with SenderSession() as session:
        while made < limit and time.monotonic() < until:
            attempt = sending_queue.claim(session)
            if attempt is None:
                break
            try:
                _send(attempt, session)
            finally:
                session.give_back(attempt.delivery_id)
            made += 1
    return made


def _send(attempt: Attempt, session: SenderSession) -> None:
    """One attempt, from the claim to its recorded outcome. The session holds the delivery's lock all the while."""
    delivery = Delivery.objects.select_related("channel", "answers", "after", "conversation__profile").get(
        pk=attempt.delivery_id
    )
    try:
        delivery.channel = credentials.keep_fresh(delivery.channel)
        adapter = registry.adapter_for(delivery.channel)
    except SocialCareError as error:
        _outcome_before_call(error, delivery)(attempt)
        return
    message, verdict = outbound(delivery), _fresh_verdict(session, attempt)
    if verdict is Verdict.GO:
        _call(attempt, delivery, adapter, message)
    else:
        _refrain(attempt, verdict)


def _fresh_verdict(session: SenderSession, attempt: Attempt) -> Verdict:
    """The last check, made anew when it took so long that it says nothing any more."""
    try:
        asked_at = time.monotonic()
        verdict = last_check(session, attempt)
        if verdict is Verdict.GO and time.monotonic() - asked_at > CHECKED_FOR_S:
            return last_check(session, attempt)
    except psycopg2.Error:
        return Verdict.UNPROVEN
    return verdict


def _call(attempt: Attempt, delivery: Delivery, adapter: Adapter, message: OutboundMessage) -> None:
    """The one call. However it ends, even by a defect of ours, the outcome is recorded: in doubt as unknown."""
    outcome: Outcome = partial(outcomes.unknown, code="interrupted", error="Sending was interrupted.")
    try:
        receipt = adapter.send(message)
        outcome = partial(outcomes.sent, posted=_posted(receipt))
        sending_queue.note_receipt(delivery, receipt)
    except ChannelError as error:
        outcome = _outcome_of(error, delivery)
    finally:
        outcome(attempt)
    log.info("delivery.attempted", delivery=attempt.delivery_id, attempt=delivery.attempt)


def _outcome_of(error: ChannelError, delivery: Delivery) -> Outcome:
    """What an error proves. Only the listed classes prove that nothing was posted."""
    if isinstance(error, OutcomeUnknown) or not isinstance(error, TransientChannelError | PermanentChannelError):
        return partial(outcomes.unknown, code=error.code, error=error.message)
    if isinstance(error, RateLimited):
        at = sending_queue.exhausted(delivery, error.retry_after)
        return partial(outcomes.requeued, at=at, code=error.code, error=error.message)
    if isinstance(error, TokenDead):
        return _after_refused_token(error, delivery)
    if isinstance(error, TransientChannelError):
        streams.note_failure(delivery.channel)
    return _outcome_before_call(error, delivery)


def _after_refused_token(error: TokenDead, delivery: Delivery) -> Outcome:
    """With renewed keys it goes at once; else it waits until somebody connects the account again."""
    try:
        credentials.renew_rejected(delivery.channel)
    except ChannelError as refused:
        return _outcome_before_call(refused, delivery)
    return partial(outcomes.requeued, at=database_now(), code="renewed", error=error.message)


def _outcome_before_call(error: SocialCareError, delivery: Delivery) -> Outcome:
    """What an error means of which it is certain that nothing was posted."""
    if isinstance(error, TokenDead):
        return partial(outcomes.requeued, at=database_now(), code=error.code, error=error.message)
    if isinstance(error, TransientChannelError) and delivery.attempt < ATTEMPTS:
        wait = min(LONGEST_WAIT_S, WAIT_S * 2 ** (delivery.attempt - 1))
        at = max(error.retry_after or database_now(), database_now() + timedelta(seconds=wait))
        return partial(outcomes.requeued, at=at, code=error.code, error=error.message)
    return partial(outcomes.failed, code=error.code, error=error.message)


def _refrain(attempt: Attempt, verdict: Verdict) -> None:
    """What the last check found instead of a reason to send."""
    match verdict:
        case Verdict.OVERTAKEN:
            log.info("delivery.overtaken", delivery=attempt.delivery_id, fence=attempt.fence)
        case Verdict.BLOCKED:
            outcomes.requeued(attempt, at=database_now(), code="halted", error=sending_queue.HALTED)
        case Verdict.UNPROVEN:
            outcomes.requeued(attempt, at=database_now(), code="session_lost", error="The database was away.")
        case Verdict.DISABLED:
            outcomes.failed(
                attempt,
                code="author_disabled",
                error="Its author’s account was disabled before it left. Send it all the same?",
            )
        case Verdict.TAKEN:
            outcomes.failed(
                attempt,
                code="taken_over",
                error="Somebody else owns the conversation now. Whoever owns it can send this again.",
            )
        case Verdict.DELETED:
            outcomes.failed(attempt, code="message_deleted", error="The message was deleted by its author.")
        case Verdict.PART_DELETED:
            outcomes.failed(attempt, code="part_deleted", error="A part before it was deleted, so the rest stays here.")
        case Verdict.ELSEWHERE:
            outcomes.failed(
                attempt,
                code="answered_elsewhere",
                error="It was answered outside Socialcare meanwhile. Send yours all the same?",
            )


def outbound(delivery: Delivery) -> OutboundMessage:
    """The delivery as the adapter takes it, with the address of exactly its own conversation."""
    conversation = delivery.conversation
    private = delivery.visibility == Message.Visibility.PRIVATE
    first_private = private and not conversation.is_private
    return OutboundMessage(
        text=delivery.wire_text,
        visibility=Visibility(delivery.visibility),
        in_reply_to=delivery.target_id if not private or first_private else None,
        recipient=conversation.profile.external_id if private else None,
        exchange=conversation.thread_key.partition(":")[2] if conversation.is_private else None,
        first_private=first_private,
        follows=delivery.after is not None,
        uploads=tuple(
            Upload(bytes(file.content), file.content_type, file.alt) for file in delivery.files.order_by("position")
        ),
    )


def _posted(receipt: SendReceipt) -> Posted:
    return Posted(
        external_id=receipt.external_id,
        author=receipt.author_external_id,
        posted_at=receipt.posted_at or database_now(),
        permalink=receipt.permalink,
        exchange=receipt.exchange,
    )


@dataclass(frozen=True, slots=True)
class Claimed:
    """What freshly stored own posts turned out to be, by message id.

    Args:
        linked: the outbound message of an answer of ours.
        pending: perhaps the answer that is being sent at this moment; its outcome tells.
        elsewhere: answers given outside Socialcare, and posts that answer nobody.
    """

    linked: frozenset[int]
    pending: frozenset[int]
    elsewhere: frozenset[int]


def claim_own_posts(channel: Channel, message_ids: Sequence[int]) -> Claimed:
    """Link freshly stored posts of our own to the answers in flight that they are.

    Runs inside the transaction that stored them, after the last statement that writes conversations.
    Records: delivery.sent. Idempotent: by (channel, external_id).
    """
    rows = Message.objects.filter(pk__in=message_ids, delivery=None, author=None).select_related("conversation")
    posts = {str(row.pk): row for row in rows}
    linked, pending = set(message_ids) - {row.pk for row in posts.values()}, set()
    for delivery, conversation in _locked_in_flight(channel, posts.values()):
        possible = own_posts.candidates(delivery, posts.values())
        found = matching.find(own_posts.wanted(delivery), possible)
        if found is None:
            continue
        message = posts.pop(found.key)
        if delivery.state == Delivery.State.SENDING:
            pending.add(message.pk)
            continue
        posted = Posted(message.external_id, None, message.posted_at, message.permalink)
        outcomes.finish_sent(delivery, conversation, posted, now=database_now())
        linked.add(message.pk)
    return Claimed(frozenset(linked), frozenset(pending), frozenset(row.pk for row in posts.values()))


def _locked_in_flight(channel: Channel, posts: Collection[Message]) -> Iterator[tuple[Delivery, Conversation]]:
    """The deliveries that one of these posts may be, under their locks, parents first, ids ascending."""
    if not posts:
        return
    likely = [d for d in own_posts.in_flight(channel) if any(own_posts.candidates(d, posts))]
    conversations = {
        pk: Conversation.objects.select_related("queue").locked(pk)
        for pk in sorted({delivery.conversation_id for delivery in likely})
    }
    rows = own_posts.in_flight(channel).filter(pk__in=[delivery.pk for delivery in likely]).order_by("id")
    for delivery in rows.select_for_update(no_key=True, of=("self",)):
        yield delivery, conversations[delivery.conversation_id]
