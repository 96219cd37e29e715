"""Acts on single messages at the network: hide, like, delete our own answer; and what was answered there by hand.

The call is never inside a transaction: first the intent is recorded, then the network is asked, then its answer
is recorded. Each act may be repeated without harm, so one that broke off is simply done again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from channels import registry
from channels.contracts import Adapter, Capabilities
from core.contention import retried
from core.errors import ChannelError, Conflict, Invalid, NotFound
from inbox.models.message import Message
from inbox.policies import require
from inbox.services import answering, events, forgetting, ownership, status
from inbox.services.acts import Act, acting

NOT_YOURS = "Only people of this queue may do that."
REASON_LIMIT = 300
NOTE_LIMIT = 500


@dataclass(frozen=True, slots=True)
class _Deed:
    """One act: its words, what it needs, how the network is asked and what it changes here."""

    words: str
    able: Callable[[Capabilities], bool]
    wants_own: bool
    call: Callable[[Adapter, str], None]
    note: Callable[[Act, Message], None]


def hide(message_id: int, *, actor: User, hidden: bool = True) -> Message:
    """Hide a comment under the post, or show it again.

    Records: moderation.asked, then message.hidden, message.unhidden or moderation.failed.
    Raises: NotFound, Forbidden, Invalid, ChannelError. Idempotent: by the state that is asked for.
    """

    def note(act: Act, message: Message) -> None:
        if (message.hidden_at is not None) == hidden:
            return  # somebody was first
        message.hidden_at = act.now if hidden else None
        message.save(update_fields=["hidden_at"])
        _record(act, "message.hidden" if hidden else "message.unhidden", message)

    words = "hide a comment" if hidden else "show a comment again"
    call: Callable[[Adapter, str], None] = lambda adapter, id_: adapter.hide(id_, hidden=hidden)  # noqa: E731
    return _do(message_id, actor, _Deed(words, lambda can: can.hide, False, call, note))


def like(message_id: int, *, actor: User, liked: bool = True) -> Message:
    """Like a message as the account, or take it back.

    Records: moderation.asked, then message.liked, message.unliked or moderation.failed.
    Raises: NotFound, Forbidden, Invalid, ChannelError. Idempotent: by the state that is asked for.
    """

    def note(act: Act, message: Message) -> None:
        if (message.liked_at is not None) == liked:
            return  # somebody was first
        message.liked_at = act.now if liked else None
        message.save(update_fields=["liked_at"])
        _record(act, "message.liked" if liked else "message.unliked", message)

    words = "like a message" if liked else "take a like back"
    call: Callable[[Adapter, str], None] = lambda adapter, id_: adapter.like(id_, liked=liked)  # noqa: E731
    return _do(message_id, actor, _Deed(words, lambda can: can.like, False, call, note))


def delete_own(message_id: int, *, actor: User, reason: str) -> Message:
    """Delete our own answer at the network. Its text stays in the event, and nowhere else.

    Records: moderation.asked, then message.own_deleted or moderation.failed.
    Raises: NotFound, Forbidden, Invalid, ChannelError. Idempotent: by the message.
    """
    reason = ownership.cleaned_reason(reason, limit=REASON_LIMIT)
    if not reason:
        raise Invalid("Say why it is deleted.", fields={"reason": "Say why."})

    def note(act: Act, message: Message) -> None:
        _record(act, "message.own_deleted", message, reason=reason, text=message.text)
        forgetting.erase([message.pk])
        message.text, message.deleted_at = "", act.now

    call: Callable[[Adapter, str], None] = lambda adapter, id_: adapter.delete(id_)  # noqa: E731
    return _do(message_id, actor, _Deed("delete our answer", lambda can: can.delete_own, True, call, note))


def _do(message_id: int, actor: User, deed: _Deed) -> Message:
    """Intent, call, outcome: three steps, two transactions."""
    message = _ask(message_id, actor, deed)
    if message.deleted_at is not None:
        return message
    try:
        deed.call(registry.adapter_for(message.channel), message.external_id)
    except ChannelError as error:
        _note_failure(message_id, actor, deed, error)
        raise
    return _note_success(message_id, actor, deed)


@retried
def _ask(message_id: int, actor: User, deed: _Deed) -> Message:
    with _on(message_id, actor) as (act, message):
        require(act.access.can_act(act.conversation), NOT_YOURS)
        if message.is_inbound == deed.wants_own:
            raise Invalid(f"You cannot {deed.words} here.")
        if not deed.able(registry.capabilities(message.channel.kind)):
            raise Invalid(f"{message.channel.get_kind_display()} does not let us {deed.words}.")
        if message.deleted_at is None:
            if reason := answering.closed(message.channel):
                raise Invalid(reason, code="channel_closed")
            _record(act, "moderation.asked", message, act=deed.words)
        elif not deed.wants_own:
            raise Conflict("The message was deleted by its author.", code="message_deleted")
        return message


@retried
def _note_success(message_id: int, actor: User, deed: _Deed) -> Message:
    with _on(message_id, actor) as (act, message):
        if message.deleted_at is None:
            deed.note(act, message)
            events.touch(act.conversation)
        return message


@retried
def _note_failure(message_id: int, actor: User, deed: _Deed, error: ChannelError) -> None:
    with _on(message_id, actor) as (act, message):
        _record(act, "moderation.failed", message, act=deed.words, error=error.message[:300], code=error.code)


@retried
def record_elsewhere(conversation_id: int, *, actor: User, in_reply_to: int | None = None, note: str = "") -> None:
    """Say that the contact was answered at the network by hand: the contact's turn.

    Args:
        in_reply_to: id of our Message; None = the contact's newest.

    Records: message.answered_elsewhere. Raises: NotFound, Forbidden, Invalid, Conflict (`owned`, `resolved`).
    """
    note = ownership.cleaned_reason(note, limit=NOTE_LIMIT)
    with acting(conversation_id, actor) as act:
        conversation = act.conversation
        ownership.take(act)
        rows = Message.objects.filter(conversation=conversation, direction="in")
        target = rows.filter(pk=in_reply_to).first() if in_reply_to else answering.newest_inbound(conversation)
        if target is None:
            raise Invalid("Choose a message.", fields={"in_reply_to": "There is no such message here."})
        fields = status.answered(conversation, max(target.posted_at, act.now), now=act.now)
        events.touch(conversation, *fields)
        _record(act, "message.answered_elsewhere", target, note=note)


@contextmanager
def _on(message_id: int, actor: User) -> Iterator[tuple[Act, Message]]:
    """The message and its conversation under their locks. Raises: NotFound."""
    conversation_id = Message.objects.filter(pk=message_id).values_list("conversation_id", flat=True).first()
    if conversation_id is None:
        raise NotFound("There is no such message.")
    with acting(conversation_id, actor) as act:
        rows = Message.objects.select_for_update(no_key=True, of=("self",)).select_related("channel__brand")
        message = rows.filter(pk=message_id, conversation=act.conversation).first()
        if message is None:
            raise NotFound("There is no such message.")
        yield act, message


def _record(act: Act, kind: str, message: Message, /, **data: Any) -> None:
    events.record(kind, act.conversation, actor=act.actor, data={"message_id": message.pk, **data})
