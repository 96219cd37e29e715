"""Handing a conversation to another queue: asked for with reason, summary and ask; accepted, declined, answered or
withdrawn. What escalations have beyond that is in `escalation`."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from core.contention import retried
from core.errors import Conflict, Invalid
from inbox.models.conversation import Conversation, Grant
from inbox.models.queue import Queue
from inbox.policies import require
from inbox.services import events, grants, ownership
from inbox.services.acts import Act, acting, current, linked
from routing import policies
from routing.models.handoff import Handoff
from routing.services import notices
from routing.services.questions import deciding, is_decided

State = Handoff.State
LIMITS = {"reason": 300, "summary": 2000, "ask": 500}
ANSWER_LIMIT = 5000
DECIDED = ("state", "decided_by", "decided_at", "chase_at")


@retried
def ask(conversation_id: int, *, to: Queue, actor: User, reason: str, summary: str = "", ask: str = "") -> Handoff:
    """Ask the people of another queue to take it; they may read it from now on, queue and owner stay.

    Records: handoff.asked. Raises: NotFound, Forbidden, Invalid, Conflict (`owned`, `resolved`, `handoff_open`).
    Idempotent: by the words, while it is open.
    """
    words = cleaned(reason=reason, summary=summary, ask=ask)
    with acting(conversation_id, actor) as act:
        return ask_locked(act, to, words)


def ask_locked(act: Act, to: Queue, words: dict[str, str], **escalated: Any) -> Handoff:
    """What asking does, for escalations too. Records: handoff.asked or handoff.escalated."""
    conversation, actor = act.conversation, act.actor
    policies.require_ask(act)
    ownership.require_unresolved(conversation)
    open_one = Handoff.objects.filter(conversation=conversation, state=State.OPEN).first()
    if open_one is not None:
        return _same_or_conflict(open_one, to, actor, words)
    policies.require_receivers(conversation, to)
    handoff = Handoff.objects.create(
        conversation=conversation, from_queue=conversation.queue, to_queue=to, asked_by=actor, **words, **escalated
    )
    for each in [act, *_pair(act)]:
        grants.grant(each.conversation, reason=Grant.Reason.HANDOFF, team=to.team)
    events.touch(conversation)
    if escalated:
        by = str(ownership.iso(handoff.respond_by))
        urgency = Handoff.Urgency(escalated["urgency"]).name.lower()
        record("handoff.escalated", handoff, act, **words, urgency=urgency, respond_by=by)
    else:
        record("handoff.asked", handoff, act, **words)
    return handoff


@retried
def accept(handoff_id: int, *, actor: User) -> Handoff:
    """Take it: it moves to the queue that was asked, and the acceptor owns it.

    Records: handoff.accepted, conversation.moved. Raises: NotFound, Forbidden, Conflict (`decided`, `resolved`).
    Idempotent: by the acceptor.
    """
    with deciding(Handoff, handoff_id, actor) as (handoff, act):
        require(policies.may_receive(act.access, handoff), policies.NOT_ASKED)
        if is_decided(handoff, act, State.ACCEPTED):
            return handoff
        ownership.require_unresolved(act.conversation)
        both = [act, *_pair(act)]
        _decide(handoff, act, State.ACCEPTED)
        record("handoff.accepted", handoff, act)
        for each in both:
            _move(each, handoff)
    return handoff


@retried
def decline(handoff_id: int, *, actor: User, reason: str) -> Handoff:
    """Say no, and why; queue and owner stay as they are.

    Records: handoff.declined. Raises: NotFound, Forbidden, Invalid, Conflict (`decided`). Idempotent: by who declined.
    """
    reason = ownership.cleaned_reason(reason)
    if not reason:
        raise Invalid("Say why.", code="reason_needed", fields={"reason": "Say why."})
    with deciding(Handoff, handoff_id, actor) as (handoff, act):
        require(policies.may_receive(act.access, handoff), policies.NOT_ASKED)
        if is_decided(handoff, act, State.DECLINED):
            return handoff
        handoff.decline_reason = reason
        _decide(handoff, act, State.DECLINED)
        events.touch(act.conversation)
        record("handoff.declined", handoff, act, reason=reason)
    return handoff


@retried
def answer(handoff_id: int, *, actor: User, text: str) -> Handoff:
    """Answer what was asked and return it: queue and owner stay, the words lie beside the asker's composer.

    Records: handoff.answered. Raises: NotFound, Forbidden, Invalid, Conflict (`decided`). Idempotent: by who answered.
    """
    text = cleaned_answer(text)
    with deciding(Handoff, handoff_id, actor) as (handoff, act):
        require(policies.may_receive(act.access, handoff), policies.NOT_ASKED)
        if is_decided(handoff, act, State.ANSWERED):
            return handoff
        handoff.answer = text
        _decide(handoff, act, State.ANSWERED)
        events.touch(act.conversation)
        record("handoff.answered", handoff, act)
        data = {"person": person_of(act.conversation), "by": actor.name, "to": handoff.to_queue.name}
        notices.tell([handoff.asked_by_id], "handoff.answered", act.conversation.pk, data, key=f"answer:{handoff.pk}")
    return handoff


def cleaned_answer(text: str) -> str:
    """Words that can be stored. Raises: Invalid when there are none, or too many."""
    text = text.replace("\0", "\ufffd").strip()
    if not 0 < len(text) <= ANSWER_LIMIT:
        message = "Write the answer." if not text else f"At most {ANSWER_LIMIT:,} characters."
        raise Invalid(message, fields={"text": message})
    return text


def person_of(conversation: Conversation) -> str:
    """Whom it is about, as notices name them."""
    profile = conversation.profile
    return profile.name or (f"@{profile.handle}" if profile.handle else "Somebody")


@retried
def withdraw(handoff_id: int, *, actor: User) -> Handoff:
    """Take the question back; queue and owner stay as they are.

    Records: handoff.withdrawn. Raises: NotFound, Forbidden, Conflict (`decided`). Idempotent: by who withdrew.
    """
    with deciding(Handoff, handoff_id, actor) as (handoff, act):
        require(policies.may_withdraw(act.access, handoff, act.conversation), policies.NOT_ASKING)
        if is_decided(handoff, act, State.WITHDRAWN):
            return handoff
        withdraw_locked(handoff, act)
        events.touch(act.conversation)
    return handoff


def withdraw_locked(handoff: Handoff, act: Act) -> None:
    """What withdrawing does, for acts that withdraw on the way. Records: handoff.withdrawn."""
    _decide(handoff, act, State.WITHDRAWN)
    record("handoff.withdrawn", handoff, act)


def _decide(handoff: Handoff, act: Act, state: str) -> None:
    handoff.state, handoff.decided_by, handoff.decided_at, handoff.chase_at = state, act.actor, act.now, None
    if handoff.acknowledged_at is None and state != State.WITHDRAWN:
        handoff.acknowledged_by, handoff.acknowledged_at = act.actor, act.now
    handoff.save(update_fields=[*DECIDED, "acknowledged_by", "acknowledged_at", "decline_reason", "answer"])
    asked_for = [act.conversation, *(each.conversation for each in _pair(act))]
    Grant.objects.filter(conversation__in=asked_for, reason=Grant.Reason.HANDOFF).delete()


def record(kind: str, handoff: Handoff, act: Act, **words: str) -> None:
    """Both sides are told: the queue that has it, the one that is asked, and who asked."""
    data = {"handoff_id": handoff.pk, "to": handoff.to_queue.name, "to_id": handoff.to_queue_id, **words}
    brand = act.conversation.brand_id
    topics = {
        events.lane_topic(handoff.from_queue_id, brand),
        events.lane_topic(handoff.to_queue_id, brand),
        events.user_topic(handoff.asked_by_id),
    }
    events.record(kind, act.conversation, actor=act.actor, data=data, also_topics=topics)


def _pair(act: Act) -> list[Act]:
    """The other half of a linked pair, where it is in the same queue and in the same hands, and nobody asked for it."""
    conversation = act.conversation
    return [
        one
        for one in linked(act)
        if (one.conversation.queue_id, one.conversation.owner_id) == (conversation.queue_id, conversation.owner_id)
        and not Handoff.objects.filter(conversation=one.conversation, state=State.OPEN).exists()
    ]


def _move(act: Act, handoff: Handoff) -> None:
    old, previous_owner, new = act.conversation.queue, act.conversation.owner_id, handoff.to_queue
    ownership.hold(act.conversation, owner=act.actor, now=act.now, queue=new)
    why = f"{act.actor.name} accepted the hand-over from {handoff.asked_by.name}"
    topics = [events.lane_topic(old.pk, act.conversation.brand_id), events.user_topic(act.actor.pk)]
    if previous_owner:
        topics.append(events.user_topic(previous_owner))
    data = {"old": old.name, "new": new.name, "old_id": old.pk, "new_id": new.pk, "why": why}
    events.record("conversation.moved", act.conversation, actor=act.actor, data=data, also_topics=topics)


def _same_or_conflict(handoff: Handoff, to: Queue, actor: User, words: dict[str, str]) -> Handoff:
    said = {name: getattr(handoff, name) for name in words}
    if (handoff.asked_by_id, handoff.to_queue_id, said) == (actor.pk, to.pk, words):
        return handoff
    message = f"{handoff.asked_by.name} has already asked {handoff.to_queue.name}."
    facts = {**current(handoff.conversation), "handoff": handoff.pk, "queue": handoff.to_queue.slug}
    raise Conflict(message, code="handoff_open", current=facts)


def cleaned(**words: str) -> dict[str, str]:
    """The words of an ask. Raises: Invalid with the field."""
    clean = {name: word.strip() for name, word in words.items()}
    fields = {name: f"At most {LIMITS[name]} characters." for name, word in clean.items() if len(word) > LIMITS[name]}
    if fields:
        raise Invalid("That is too long.", fields=fields)
    if not clean.get("reason", "-"):
        raise Invalid("Say why.", code="reason_needed", fields={"reason": "Say why."})
    return clean
