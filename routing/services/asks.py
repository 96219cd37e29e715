"""Asking another desk for content without giving the conversation away; the answer lies beside the composer."""

from __future__ import annotations

from accounts.models import User
from core.contention import retried
from core.errors import Conflict, Invalid
from inbox.models.conversation import Grant
from inbox.models.queue import Queue
from inbox.policies import require
from inbox.services import events, grants, ownership
from inbox.services.acts import Act, acting, current
from routing import policies
from routing.models.content import ContentAsk
from routing.services import handoff, notices
from routing.services.questions import deciding, is_decided

State = ContentAsk.State


@retried
def ask(conversation_id: int, *, to: Queue, actor: User, ask: str) -> ContentAsk:
    """Ask the people of another queue for words or material; they may read it until they have answered.

    Records: content.asked. Raises: NotFound, Forbidden, Invalid, Conflict (`resolved`, `ask_open`).
    Idempotent: by the words, while it is open.
    """
    words = handoff.cleaned(ask=ask)["ask"]
    if not words:
        raise Invalid("Say what you need.", fields={"ask": "Say what you need."})
    with acting(conversation_id, actor) as act:
        conversation = act.conversation
        require(act.access.can_act(conversation), ownership.NOT_YOURS)
        ownership.require_unresolved(conversation)
        policies.require_receivers(conversation, to)
        open_one = ContentAsk.objects.filter(conversation=conversation, to_queue=to, state=State.OPEN).first()
        if open_one is not None:
            return _same_or_conflict(open_one, actor, words, act)
        row = ContentAsk.objects.create(conversation=conversation, to_queue=to, asked_by=actor, ask=words)
        grants.grant(conversation, reason=Grant.Reason.CONTENT, team=to.team)
        events.touch(conversation)
        _record("content.asked", row, act, ask=words)
    return row


@retried
def answer(ask_id: int, *, actor: User, text: str) -> ContentAsk:
    """Give what was asked for: a block that whoever answers the contact can insert.

    Records: content.answered. Raises: NotFound, Forbidden, Invalid, Conflict (`decided`). Idempotent: by who answered.
    """
    text = handoff.cleaned_answer(text)
    with deciding(ContentAsk, ask_id, actor) as (row, act):
        require(row.to_queue_id in act.access.member_queue_ids, policies.NOT_ASKED)
        if is_decided(row, act, State.ANSWERED):
            return row
        row.answer = text
        _decide(row, act, State.ANSWERED)
        _record("content.answered", row, act)
        data = {"person": handoff.person_of(act.conversation), "by": actor.name}
        notices.tell([row.asked_by_id], "content.answered", act.conversation.pk, data, key=f"content:{row.pk}")
    return row


@retried
def decline(ask_id: int, *, actor: User, reason: str) -> ContentAsk:
    """Say no, and why (kept in place of the answer).

    Records: content.declined. Raises: NotFound, Forbidden, Invalid, Conflict (`decided`). Idempotent: by who declined.
    """
    reason = ownership.cleaned_reason(reason)
    if not reason:
        raise Invalid("Say why.", code="reason_needed", fields={"reason": "Say why."})
    with deciding(ContentAsk, ask_id, actor) as (row, act):
        require(row.to_queue_id in act.access.member_queue_ids, policies.NOT_ASKED)
        if is_decided(row, act, State.DECLINED):
            return row
        row.answer = reason
        _decide(row, act, State.DECLINED)
        _record("content.declined", row, act, reason=reason)
    return row


@retried
def withdraw(ask_id: int, *, actor: User) -> ContentAsk:
    """It is not needed any more.

    Records: content.withdrawn. Raises: NotFound, Forbidden, Conflict (`decided`). Idempotent: by who withdrew.
    """
    with deciding(ContentAsk, ask_id, actor) as (row, act):
        require(act.access.can_manage(act.conversation) or row.asked_by_id == actor.pk, policies.NOT_ASKING)
        if not is_decided(row, act, State.WITHDRAWN):
            withdraw_locked(row, act)
    return row


def withdraw_locked(row: ContentAsk, act: Act) -> None:
    """What withdrawing does, for acts that withdraw on the way. Records: content.withdrawn."""
    _decide(row, act, State.WITHDRAWN)
    _record("content.withdrawn", row, act)


def _decide(row: ContentAsk, act: Act, state: str) -> None:
    row.state, row.decided_by, row.decided_at = state, act.actor, act.now
    row.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    open_ones = ContentAsk.objects.filter(conversation=act.conversation, state=State.OPEN)
    if not open_ones.filter(to_queue__team=row.to_queue.team_id).exists():
        grants.revoke(act.conversation, reason=Grant.Reason.CONTENT, team=row.to_queue.team)
    events.touch(act.conversation)


def _record(kind: str, row: ContentAsk, act: Act, **words: str) -> None:
    data = {"ask_id": row.pk, "to": row.to_queue.name, "to_id": row.to_queue_id, **words}
    topics = [events.lane_topic(row.to_queue_id, act.conversation.brand_id), events.user_topic(row.asked_by_id)]
    events.record(kind, act.conversation, actor=act.actor, data=data, also_topics=topics)


def _same_or_conflict(row: ContentAsk, actor: User, words: str, act: Act) -> ContentAsk:
    if (row.asked_by_id, row.ask) == (actor.pk, words):
        return row
    message = f"{row.asked_by.name} has already asked {row.to_queue.name}."
    raise Conflict(message, code="ask_open", current={**current(act.conversation), "ask": row.pk})
