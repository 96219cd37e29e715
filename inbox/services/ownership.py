"""Whose a conversation is: claim, release, assign, take over. One wins, the others are told who."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import EllipsisType

from accounts.models import User
from core.contention import retried
from core.errors import Conflict, Invalid
from inbox.models.conversation import Conversation, Grant
from inbox.models.queue import Queue
from inbox.policies import access_of, require
from inbox.services import events, grants
from inbox.services.acts import Act, acting, conflict, linked

NOT_YOURS = "Only people of this queue may do that."
REASON_LIMIT = 300


@retried
def claim(conversation_id: int, *, actor: User, alone: bool = False) -> Conversation:
    """Take it. The owner's second claim only extends the lease.

    Args:
        alone: leave the linked conversation, public or private, as it is; here and in the other acts on ownership.

    Records: conversation.claimed. Raises: NotFound, Forbidden, Conflict (`owned`, `resolved`).
    """
    with acting(conversation_id, actor) as act:
        take(act)
        for other in _pair(act, alone, owned_by=None):
            take(other)
    return act.conversation


def take(act: Act) -> None:
    """What a claim does, for acts that claim on the way (a first answer)."""
    conversation = act.conversation
    require(act.access.can_act(conversation), NOT_YOURS)
    require_unresolved(conversation)
    if conversation.owner_id == act.actor.pk:
        prolong(act)
        return
    end_lease_if_over(act)
    if conversation.owner is not None:
        raise owned(conversation)
    hold(conversation, owner=act.actor, now=act.now)
    events.record(
        "conversation.claimed",
        conversation,
        actor=act.actor,
        data={"lease_until": iso(conversation.lease_until)},
        also_topics=[events.user_topic(act.actor.pk)],
    )


@retried
def release(conversation_id: int, *, actor: User, reason: str = "", alone: bool = False) -> Conversation:
    """Give it back to its queue.

    Records: conversation.released. Raises: NotFound, Invalid, Forbidden, Conflict (`owned`, `unowned`).
    """
    reason = cleaned_reason(reason)
    with acting(conversation_id, actor) as act:
        require_own(act)
        for each in [act, *_pair(act, alone, owned_by=actor.pk)]:
            give_back(each, reason)
    return act.conversation


def require_own(act: Act) -> None:
    """Raises: Forbidden, Conflict (`owned`, `unowned`) unless the actor has it."""
    conversation = act.conversation
    if conversation.owner_id != act.actor.pk:
        require(act.access.can_act(conversation), NOT_YOURS)
        raise owned(conversation) if conversation.owner else _unowned(conversation)


@retried
def assign(
    conversation_id: int,
    *,
    to: User | None,
    actor: User,
    seen_owner: int | EllipsisType | None = ...,
    reason: str = "",
    alone: bool = False,
) -> Conversation:
    """Give it to somebody of its queue's team, or (to=None) back to the queue.

    Args:
        seen_owner: id of the owner that the actor saw (None = nobody); left out, whoever has it loses it.

    Records: conversation.assigned or conversation.released.
    Raises: NotFound, Invalid, Forbidden, Conflict (`owned`, `unowned`, `resolved`). Idempotent: by the owner.
    """
    reason = cleaned_reason(reason)
    with acting(conversation_id, actor) as act:
        conversation = act.conversation
        require_manager(act)
        if conversation.owner_id == (to.pk if to else None):
            return conversation
        if not isinstance(seen_owner, EllipsisType):
            _require_seen(conversation, seen_owner)
        for each in [act, *_pair(act, alone, owned_by=conversation.owner_id)]:
            if to is None:
                give_back(each, reason)
            else:
                give(each, to)
    return conversation


@retried
def take_over(conversation_id: int, *, actor: User, seen_owner: int | None, alone: bool = False) -> Conversation:
    """Take it from the owner whose name the actor confirmed.

    Records: conversation.taken_over (conversation.claimed where nobody had it).
    Raises: NotFound, Forbidden, Conflict (`owned`, `unowned`, `resolved`). Idempotent: by the owner.
    """
    with acting(conversation_id, actor) as act:
        take_from(act, seen_owner)
        for other in _pair(act, alone, owned_by=seen_owner):
            take_from(other, seen_owner)
    return act.conversation


def take_from(act: Act, seen_owner: int | None) -> None:
    """What taking over does, for acts that take over on the way (an answer)."""
    conversation = act.conversation
    previous = conversation.owner
    if previous is None or previous == act.actor:
        if previous is None and seen_owner is not None:
            raise _unowned(conversation)
        take(act)
        return
    require(act.access.can_act(conversation), NOT_YOURS)
    require_unresolved(conversation)
    _require_seen(conversation, seen_owner)
    hold(conversation, owner=act.actor, now=act.now)
    events.record(
        "conversation.taken_over",
        conversation,
        actor=act.actor,
        data={"owner": previous.name, "owner_id": previous.pk},
        also_topics=[events.user_topic(previous.pk), events.user_topic(act.actor.pk)],
    )


def hold(conversation: Conversation, *, owner: User, now: datetime, queue: Queue | None = None) -> None:
    """Make somebody the owner, in another queue where one is named; owners keep the right to read for ever."""
    if queue is not None:
        conversation.queue = queue
    conversation.owner = owner
    conversation.lease_until = lease_end(conversation, now)
    grants.grant(conversation, reason=Grant.Reason.OWNER, user=owner)
    events.touch(conversation, "queue", "owner", "lease_until")


def lease_end(conversation: Conversation, now: datetime) -> datetime | None:
    """When a lease that begins now runs out: never while it is not our turn or where the queue has none."""
    minutes = conversation.queue.lease_minutes
    if minutes is None or conversation.status != Conversation.Status.OPEN or conversation.owner_id is None:
        return None
    return now + timedelta(minutes=minutes)


def require_manager(act: Act) -> None:
    """Raises: Forbidden unless the actor may assign to others."""
    require(act.access.can_manage(act.conversation), NOT_YOURS)


def prolong(act: Act) -> None:
    """A new lease for its owner; quiet, since nobody else sees a difference."""
    act.conversation.lease_until = lease_end(act.conversation, act.now)
    act.conversation.save(update_fields=["lease_until"])


def end_lease_if_over(act: Act) -> None:
    """What `leases.expire` would do in a moment: a claim that ran out stands in nobody's way.

    Records: conversation.lease_expired.
    """
    conversation = act.conversation
    owner = conversation.owner
    if owner is None or conversation.lease_until is None or conversation.lease_until > act.now:
        return
    _clear_owner(conversation)
    events.record(
        "conversation.lease_expired",
        conversation,
        data={"queue": conversation.queue.name, "owner": owner.name, "owner_id": owner.pk},
        also_topics=[events.user_topic(owner.pk)],
    )


def require_unresolved(conversation: Conversation) -> None:
    """Raises: Conflict (`resolved`)."""
    if conversation.status == Conversation.Status.RESOLVED:
        raise conflict(conversation, "It is resolved. Reopen it first.", code="resolved")


def owned(conversation: Conversation) -> Conflict:
    """The refusal that names the owner."""
    name = conversation.owner.name if conversation.owner else "Nobody"
    return conflict(conversation, f"{name} has it.", code="owned")


def cleaned_reason(reason: str, *, limit: int = REASON_LIMIT) -> str:
    """Words that can be stored. Raises: Invalid when they are longer than `limit` characters."""
    reason = reason.replace("\0", "\ufffd").strip()
    if len(reason) > limit:
        raise Invalid("The reason is too long.", fields={"reason": f"At most {limit} characters."})
    return reason


def iso(moment: datetime | None) -> str | None:
    """A moment as events carry it."""
    return moment.isoformat() if moment else None


def _pair(act: Act, alone: bool, *, owned_by: int | None) -> list[Act]:
    """The other half, where it is in the same queue and in the same hands; else it goes its own way."""
    if alone:
        return []
    here = act.conversation.queue_id
    return [one for one in linked(act) if (one.conversation.queue_id, one.conversation.owner_id) == (here, owned_by)]


def give(act: Act, to: User) -> None:
    """What assigning does, for acts that assign on the way and have checked who may. Records: conversation.assigned."""
    conversation = act.conversation
    require_unresolved(conversation)
    _require_target(conversation, to)
    previous = conversation.owner_id
    hold(conversation, owner=to, now=act.now)
    events.record(
        "conversation.assigned",
        conversation,
        actor=act.actor,
        data={"to": to.name, "to_id": to.pk, "from_id": previous},
        also_topics=[events.user_topic(pk) for pk in (to.pk, previous) if pk],
    )


def give_back(act: Act, reason: str) -> None:
    """What releasing does, for acts that give back on the way (a skip). Records: conversation.released."""
    conversation = act.conversation
    previous = conversation.owner_id
    _clear_owner(conversation)
    events.record(
        "conversation.released",
        conversation,
        actor=act.actor,
        data={"reason": reason, "owner_id": previous},
        also_topics=[events.user_topic(previous)] if previous else [],
    )


def _clear_owner(conversation: Conversation) -> None:
    conversation.owner = None
    conversation.lease_until = None
    events.touch(conversation, "owner", "lease_until")


def may_have(conversation: Conversation, person: User) -> bool:
    """Whether somebody works in its queue, within the brand."""
    target = User.objects.filter(pk=person.pk, is_active=True).first()
    return target is not None and access_of(target).staffs(conversation)


def _require_target(conversation: Conversation, to: User) -> None:
    if not may_have(conversation, to):
        message = f"{to.name} cannot work in {conversation.queue.name}."
        raise Invalid(message, code="not_in_queue", fields={"to": message})


def _require_seen(conversation: Conversation, seen_owner: int | None) -> None:
    if conversation.owner_id != seen_owner:
        raise owned(conversation) if conversation.owner else _unowned(conversation)


def _unowned(conversation: Conversation) -> Conflict:
    return conflict(conversation, "Nobody has it.", code="unowned")
