"""Text not sent: one per person, conversation and mode, kept on the server through reloads, devices and conflicts."""

from __future__ import annotations

import uuid

from django.db import transaction

from accounts.models import User
from core.errors import Invalid
from inbox.models.conversation import Conversation
from inbox.models.work import Draft
from inbox.policies import access_of

LONGEST = 20_000


def save(conversation_id: int, *, actor: User, mode: str, text: str, seen_revision: int = 0) -> Draft | None:
    """Keep the text; an empty one removes the draft. It is nobody else's business, so nothing is recorded.

    Raises: NotFound, Invalid. Idempotent: by (conversation, person, mode).
    """
    if mode not in Draft.Mode.values:
        raise Invalid("There is no such kind of draft.", fields={"visibility": "Choose public, private or note."})
    if len(text) > LONGEST:
        raise Invalid("The draft is too long.", fields={"text": f"At most {LONGEST} characters."})
    with transaction.atomic(durable=True):
        conversation = Conversation.objects.visible_to(access_of(actor)).locked(conversation_id)
        if not text.strip():
            remove(conversation, actor=actor, mode=mode)
            return None
        return put(conversation, actor=actor, mode=mode, text=text, seen_revision=seen_revision)


def clear(conversation_id: int, *, actor: User, mode: str) -> None:
    """Throw the draft away."""
    save(conversation_id, actor=actor, mode=mode, text="")


def put(conversation: Conversation, *, actor: User, mode: str, text: str, seen_revision: int = 0) -> Draft:
    """`save` inside a transaction that holds the conversation."""
    draft, _ = Draft.objects.update_or_create(
        conversation=conversation,
        user=actor,
        mode=mode,
        defaults={"text": text.replace("\0", "\ufffd"), "seen_revision": seen_revision},
        create_defaults={
            "text": text.replace("\0", "\ufffd"),
            "seen_revision": seen_revision,
            "client_token": uuid.uuid4(),
        },
    )
    return draft


def remove(conversation: Conversation, *, actor: User, mode: str) -> None:
    """`clear` inside a transaction that holds the conversation."""
    Draft.objects.filter(conversation=conversation, user=actor, mode=mode).delete()
