"""How every act on one conversation begins: one transaction, what the actor may see, the row under its lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.models import Func, Q

from accounts.models import User
from core.errors import Conflict, NotFound
from inbox.models.conversation import Conversation, ConversationLink
from inbox.models.work import ConversationEvent
from inbox.policies import Access, access_of

TAKING = ("conversation.claimed", "conversation.assigned", "conversation.taken_over", "handoff.accepted")


class Clock(Func):
    """The time at the database when the row was read: the only clock for leases (reliability.md §2.1)."""

    function = "clock_timestamp"
    arity = 0
    output_field = models.DateTimeField()


@dataclass(frozen=True, slots=True)
class Act:
    """One conversation under its lock, who acts on it with which rights, and the database's time."""

    conversation: Conversation
    actor: User
    access: Access
    now: datetime


@contextmanager
def acting(conversation_id: int, actor: User) -> Iterator[Act]:
    """A transaction with the conversation locked, provided that the actor may read it.

    Raises: NotFound for a conversation that is absent or not theirs to see.
    """
    with transaction.atomic(durable=True):
        access = access_of(actor)
        conversation = _locked(conversation_id, access)
        yield Act(conversation, actor, access, conversation.now)  # type: ignore[attr-defined]


def _locked(pk: int, access: Access) -> Conversation:
    rows = Conversation.objects.visible_to(access).select_related("queue").annotate(now=Clock())
    try:
        return rows.locked(pk)
    except NotFound:
        # Whoever held the lock may have moved it: the waiting statement then judges with what it saw of queues
        # and grants before. A second one sees what is true now.
        return rows.locked(pk)


def linked(act: Act) -> list[Act]:
    """The unresolved other half of a pair, a public conversation and the private one that it moved to, locked.

    Only for acts that have checked the first half: both are of the same profile and channel.
    """
    pk = act.conversation.pk
    links = ConversationLink.objects.filter(Q(public=pk) | Q(private=pk)).values_list("public", "private")
    others = sorted({other for pair in links for other in pair} - {pk})
    rows = Conversation.objects.filter(pk__in=others, merged_into=None, channel_id=act.conversation.channel_id)
    locked = rows.exclude(status=Conversation.Status.RESOLVED).select_related("queue").order_by("id")
    return [Act(row, act.actor, act.access, act.now) for row in locked.select_for_update(no_key=True, of=("self",))]


def owner_seen(conversation: Conversation, revision: int | None) -> int | None:
    """Who had it when somebody looked: who has it, provided that nothing has changed since that revision.

    Args:
        revision: what the actor saw; None = whatever it is now.

    Raises: Conflict (`stale`).
    """
    if revision not in (None, conversation.revision):
        raise conflict(conversation, "The conversation has changed since you read it.", code="stale")
    return conversation.owner_id


def conflict(conversation: Conversation, message: str, *, code: str = "conflict") -> Conflict:
    """A refusal that says who has it now and since when."""
    return Conflict(message, code=code, current=current(conversation))


def current(conversation: Conversation) -> dict[str, object]:
    """Who has it, since when (ISO, UTC) and at which revision; JSON-serialisable."""
    owner = conversation.owner
    taken = (
        ConversationEvent.objects.filter(conversation_id=conversation.pk, kind__in=TAKING)
        .order_by("-id")
        .values_list("occurred_at", flat=True)
        .first()
        if owner
        else None
    )
    return {
        "owner": owner.name if owner else None,
        "owner_id": owner.pk if owner else None,
        "at": taken.isoformat() if taken else None,
        "status": conversation.status,
        "revision": conversation.revision,
    }
