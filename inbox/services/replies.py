"""Answering: from the text to a delivery that waits to be sent, and what a person may still decide about it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from channels import registry
from core.contention import retried
from core.errors import Conflict, Invalid, NotFound
from inbox import parts
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.models.work import Delivery
from inbox.policies import access_of, require
from inbox.selectors.parts import parts_of
from inbox.services import answering, checking, drafts, events, ownership, saved_replies, send_guard, uploads
from inbox.services.acts import Act, acting, current
from inbox.services.holding import hold, mismatch
from inbox.services.reply_request import Request

State = Delivery.State
NOT_YOURS = "Only people of this queue may answer."


@retried
def submit(
    conversation_id: int,
    *,
    actor: User,
    text: str,
    visibility: str = Message.Visibility.PUBLIC,
    in_reply_to: int | None = None,
    client_token: str,
    seen: int | None = None,
    seen_event: int | None = None,
    account: str = "",
    second: bool = False,
    parts: int = 1,
    take_over: bool = False,
    resolve_as: str = "",
    files: Sequence[uploads.Given] = (),
    saved: Collection[int] = (),
    accepted: Collection[str] = (),
) -> Delivery:
    """Answer; it leaves after the hold, and can be taken back until then.

    Nobody's conversation is claimed on the way; somebody else's only with `take_over`.

    Args:
        in_reply_to: id of our Message; None = the contact's newest.
        client_token: the key of this one answer.
        seen: revision of the conversation that the actor saw; None = whatever it is now.
        seen_event: id of the newest event that the actor saw; then only what matters of what came after it stands
            in the way, whatever the revision is, and `current` names it as `changes`.
        account: the network's id of the account that was shown at the button; "" = whichever it is.
        second: the actor knows of another answer to the same message (or to a copy of it).
        parts: in how many posts it may go, as the actor has seen them: a text that is too long for one is cut into
            exactly so many, each of which answers the one before.
        resolve_as: disposition to set once it is sent, or "".
        saved: ids of the saved replies that were put into it; only counted.
        accepted: codes of the findings (`second_look.Finding`) that the actor has seen and sends all the same.

    Records: delivery.held (conversation.claimed, conversation.taken_over).
    Raises: NotFound, Forbidden, Invalid with the field, Conflict (`idempotency_mismatch`, `other_account`, `stale`,
        `not_owner`, `resolved`, `already_answered`, `copy_answered`, `check`); `current` says to what.
    Returns: the delivery, of several parts the first. Idempotent: by (brand, client_token).
    """
    request = Request.checked(
        text=text,
        visibility=visibility,
        in_reply_to=in_reply_to,
        client_token=client_token,
        second=second,
        parts=parts,
        resolve_as=resolve_as,
        files=tuple(files),
    )
    pictures = _pictures(conversation_id, actor, request)
    with acting(conversation_id, actor) as act:
        if earlier := _earlier(act, request):
            return earlier
        require(act.access.can_act(act.conversation), NOT_YOURS)
        _require_account(act, account)
        _require_seen(act, seen, seen_event)
        _own(act, take_over)
        target = _target(act, request)
        texts = _check(act, target, request)
        _refuse_second(act, target, request)
        _ask_about(act, request, accepted)
        delivery = hold(act, target, request, texts, pictures)
        saved_replies.count_uses(delivery, saved, act.access)
        return delivery


def _earlier(act: Act, request: Request) -> Delivery | None:
    """The delivery that this key has made already. Raises: Conflict when it was for something else."""
    earlier = Delivery.objects.filter(
        brand_id=act.conversation.brand_id, client_token=request.client_token, author=act.actor
    ).first()
    if earlier is None:
        return None
    same = earlier.body_hash == request.hash(act.conversation.pk)
    if not same or request.in_reply_to not in (None, earlier.answers_id):
        raise mismatch()
    return earlier


def _require_account(act: Act, shown: str) -> None:
    """Nobody answers as another account than the one that stood at the button. Raises: Conflict (`other_account`)."""
    channel = act.conversation.channel
    if shown not in ("", channel.external_id):
        now = {"account": channel.external_id, "handle": channel.handle}
        raise Conflict(f"It would go out as @{channel.handle} now.", code="other_account", current=now)


def _require_seen(act: Act, seen: int | None, seen_event: int | None) -> None:
    """Raises: Conflict (`stale`) with what changed."""
    if seen_event is None:
        if seen not in (None, act.conversation.revision):
            raise _stale(act, [])
    elif changes := send_guard.changes(act.conversation, since=seen_event, me=act.actor):
        raise _stale(act, changes)


def _stale(act: Act, changes: list[send_guard.Change]) -> Conflict:
    current = {**_current(act), "changes": [one.as_json() for one in changes]}
    return Conflict("The conversation has changed since you opened it.", code="stale", current=current)


def _own(act: Act, take_over: bool) -> None:
    """Only the owner sends: claim what is nobody's, take over what was confirmed."""
    conversation = act.conversation
    ownership.end_lease_if_over(act)
    if conversation.owner_id in (None, act.actor.pk):
        ownership.take(act)
    elif take_over:
        ownership.take_from(act, conversation.owner_id)
    else:
        name = conversation.owner.name if conversation.owner else ""
        raise Conflict(f"{name} has it. Take it over to answer.", code="not_owner", current=_current(act))


def _target(act: Act, request: Request) -> Message:
    """The contact's message that is answered."""
    if request.in_reply_to is None:
        target = answering.newest_inbound(act.conversation)
    else:
        target = Message.objects.filter(pk=request.in_reply_to, conversation=act.conversation, direction="in").first()
    if target is None:
        raise Invalid("Choose a message to answer.", fields={"in_reply_to": "There is no such message here."})
    return target


def _pictures(conversation_id: int, actor: User, request: Request) -> list[uploads.Picture]:
    """The pictures as they will leave; written before the transaction, since that takes a while. Raises: Invalid."""
    if not request.files:
        return []
    visible = Conversation.objects.visible_to(access_of(actor)).filter(pk=conversation_id)
    kind = visible.values_list("channel__kind", flat=True).first()
    return uploads.prepare(request.files, registry.capabilities(kind), request.visibility) if kind else []


def _check(act: Act, target: Message, request: Request) -> tuple[str, ...]:
    """Whether the network takes this answer. Returns: its posts. Raises: Invalid with the field."""
    channel = act.conversation.channel
    if reason := answering.closed(channel):
        raise Invalid(reason, code="channel_closed")
    rules = registry.rules_for(channel)
    said = rules.answerable(answering.facts(act.conversation, target), now=act.now)
    public = request.visibility == Message.Visibility.PUBLIC
    if not (said.public if public else said.private):
        reason = said.public_reason if public else said.private_reason
        raise Invalid(reason, code="not_answerable", fields={"visibility": reason})
    length = checking.measure(channel, request.text, request.visibility)
    if refusal := length.refusal(request.parts):
        raise refusal
    return length.texts


def _refuse_second(act: Act, target: Message, request: Request) -> None:
    """One answer per message, unless it is said to be a second one; copies at other brands count, too."""
    if request.second:
        return
    if given := answering.in_the_way(answering.given(target), request.visibility):
        message = f"{given[0].by or 'Somebody'} has answered this message already."
        raise Conflict(message, code="already_answered", current=_current(act, target))
    answered = [
        copy for copy in answering.copies(act.conversation.channel, target, act.access.brand_ids) if copy.answered_at
    ]
    if answered:
        where = f"at {answered[0].brand}" if answered[0].brand else "at another brand"
        raise Conflict(f"This post was answered {where} already.", code="copy_answered", current=_current(act, target))


def _ask_about(act: Act, request: Request, accepted: Collection[str]) -> None:
    """Raises: Conflict (`check`) where something stands in the text that nobody has said may go out."""
    found = checking.findings(act.conversation, request.text, request.visibility, actor=act.actor)
    if left := [one for one in found if one.asks and one.code not in accepted]:
        raise Conflict(left[0].reason, code="check", current={"findings": [one.as_json() for one in left]})


@retried
def cancel(delivery_id: int, *, actor: User) -> Delivery:
    """Take an answer back that has not left, or give up one that did not arrive; its text is a draft again.

    Of an answer in parts all that has not left. What its author has begun to write since stands below it.
    Records: delivery.cancelled. Raises: NotFound, Forbidden, Conflict (`too_late`). Idempotent.
    """
    with acting(_conversation_of(delivery_id), actor) as act:
        delivery, left = _locked(act, delivery_id)
        if delivery.state == State.CANCELLED:
            return delivery
        require(delivery.author_id == actor.pk or act.access.can_act(act.conversation), NOT_YOURS)
        if delivery not in left or left[0].state not in (State.HELD, State.QUEUED, State.NEEDS_HUMAN, State.FAILED):
            raise _too_late(left[0] if delivery in left else delivery)
        _change(left, state=State.CANCELLED, settled_at=act.now)
        if delivery.author_id == actor.pk:
            _back_in_the_box(act, left)
        events.touch(act.conversation)
        events.record("delivery.cancelled", act.conversation, actor=actor, data={"delivery_id": left[0].pk})
        return delivery


def _change(rows: Sequence[Delivery], **values: Any) -> None:
    """Locked rows that belong together, in one statement."""
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(**values)
    for row in rows:
        for name, value in values.items():
            setattr(row, name, value)


def _back_in_the_box(act: Act, left: Sequence[Delivery]) -> None:
    mode = left[0].visibility
    since = drafts.text_of(act.conversation, actor=act.actor, mode=mode).strip()
    text = "\n".join(filter(None, [parts.text_of(left), since]))
    saved = saved_replies.used_in(left[0])
    drafts.put(act.conversation, actor=act.actor, mode=mode, text=text[: drafts.LONGEST], saved=saved)


@retried
def resend(delivery_id: int, *, actor: User, take_over: bool = False) -> Delivery:
    """Send an answer again that did not arrive, as a person has decided.

    Of an answer in parts what has not arrived; what stands there is not posted again. What was answered elsewhere
    meanwhile is thereby said to be a second answer. What a colleague wrote becomes the answer of who sends it again.
    Records: delivery.resent. Raises: NotFound, Forbidden, Invalid, Conflict (`not_owner`, `too_late`,
    `already_answered`). Idempotent while it waits.
    """
    with acting(_conversation_of(delivery_id), actor) as act:
        delivery, left = _locked(act, delivery_id)
        require(act.access.can_act(act.conversation), NOT_YOURS)
        if delivery in left and left[0].state == State.QUEUED:
            return delivery
        if delivery not in left or left[0].state not in (State.FAILED, State.NEEDS_HUMAN):
            raise _too_late(left[0] if delivery in left else delivery)
        _own(act, take_over)
        if reason := answering.closed(act.conversation.channel):
            raise Invalid(reason, code="channel_closed")
        values: dict[str, Any] = {"state": State.QUEUED, "send_at": act.now, "settled_at": None, "attempt": 0}
        values["second_answer"] = left[0].second_answer or left[0].error_code == "answered_elsewhere"
        values["author"] = actor  # only the owner sends, and that is who asks
        values["seen_at"] = act.now
        try:
            with transaction.atomic():
                _change(left, **values)
        except IntegrityError as error:
            message = "Another answer to this message is on its way."
            raise Conflict(message, code="already_answered", current=_current(act, delivery.answers)) from error
        events.touch(act.conversation)
        events.record("delivery.resent", act.conversation, actor=actor, data={"delivery_id": left[0].pk})
        return delivery


def _conversation_of(delivery_id: int) -> int:
    """Raises: NotFound."""
    found = Delivery.objects.filter(pk=delivery_id).values_list("conversation_id", flat=True).first()
    if found is None:
        raise NotFound("There is no such answer.")
    return found


def _locked(act: Act, delivery_id: int) -> tuple[Delivery, list[Delivery]]:
    """The delivery, and what of its answer has not arrived; all parts are locked."""
    rows = Delivery.objects.select_for_update(no_key=True, of=("self",)).select_related("answers", "author")
    found = Delivery.objects.filter(pk=delivery_id, conversation=act.conversation).first()
    if found is None:
        raise NotFound("There is no such answer.")
    whole = parts_of(found, rows)
    return next(row for row in whole if row == found), parts.left_of(whole)


def _too_late(delivery: Delivery) -> Conflict:
    sentence = f"It is too late: {delivery.get_state_display().lower()}."
    return Conflict(sentence, code="too_late", current={"state": delivery.state, "delivery_id": delivery.pk})


def _current(act: Act, target: Message | None = None) -> dict[str, Any]:
    """What the actor did not see: owner, status, newest messages, and the other answers with their text."""
    conversation = act.conversation
    target = target or answering.newest_inbound(conversation)
    newest = Message.objects.filter(conversation=conversation).order_by("-posted_at", "-id")[:5]
    return {
        **current(conversation),
        "messages": [
            {"id": one.pk, "direction": one.direction, "text": one.text, "at": one.posted_at.isoformat()}
            for one in newest
        ],
        "answers": [
            {"by": one.by, "text": one.text, "state": one.state, "at": one.at.isoformat()}
            for one in (answering.given(target) if target else ())
        ],
    }
