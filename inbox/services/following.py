"""Conversations that somebody keeps an eye on without owning them."""

from __future__ import annotations

from accounts.models import User
from core.contention import retried
from inbox.models.conversation import Conversation, Grant
from inbox.services import events, grants
from inbox.services.acts import acting


@retried
def follow(conversation_id: int, *, actor: User, following: bool) -> Conversation:
    """Follow it, or no longer. Who may read it may; a follower may read it wherever it goes within their brands.

    Records: conversation.followed or conversation.unfollowed. Raises: NotFound. Idempotent: by person.
    """
    with acting(conversation_id, actor) as act:
        conversation = act.conversation
        if is_following(conversation, actor) == following:
            return conversation
        change, kind = (
            (grants.grant, "conversation.followed") if following else (grants.revoke, "conversation.unfollowed")
        )
        change(conversation, reason=Grant.Reason.FOLLOWER, user=actor)
        events.touch(conversation)
        events.record(kind, conversation, actor=actor, also_topics=[events.user_topic(actor.pk)])
    return conversation


def is_following(conversation: Conversation, person: User) -> bool:
    """Whether somebody follows it; one query."""
    return Grant.objects.filter(conversation=conversation, user=person, reason=Grant.Reason.FOLLOWER).exists()
