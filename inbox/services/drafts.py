"""Text not sent: one per person, conversation and mode, kept on the server through reloads, devices and conflicts."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db import transaction

from accounts.models import User
from core.errors import Invalid
from inbox.models.conversation import Conversation
from inbox.models.work import Draft
from inbox.policies import access_of

LONGEST = 20_000
MOST_SAVED = 20


def save(
    conversation_id: int,
    *,
    actor: User,
    mode: str,
    text: str,
    seen_revision: int = 0,
    saved: Collection[int] | None = None,
) -> Draft | None:
    """Keep the text; an empty one removes the draft. It is nobody else's business, so nothing is recorded.

    Args:
        saved: ids of the saved replies that were put into it; None = as they are.

    Raises: NotFound, Invalid. Idempotent: by (conversation, person, mode).
    """
    _require(mode, text)
    with transaction.atomic(durable=True):
        conversation = Conversation.objects.visible_to(access_of(actor)).locked(conversation_id)
        if not text.strip():
            remove(conversation, actor=actor, mode=mode)
            return None
        return put(conversation, actor=actor, mode=mode, text=text, seen_revision=seen_revision, saved=saved)


def clear(conversation_id: int, *, actor: User, mode: str) -> None:
    """Throw the draft away."""
    save(conversation_id, actor=actor, mode=mode, text="")


def put(
    conversation: Conversation,
    *,
    actor: User,
    mode: str,
    text: str,
    seen_revision: int = 0,
    saved: Collection[int] | None = None,
) -> Draft:
    """`save` inside a transaction that holds the conversation."""
    values = {"text": text.replace("\0", "\ufffd"), "seen_revision": seen_revision}
    if saved is not None:
        values["saved_replies"] = list(dict.fromkeys(saved))[:MOST_SAVED]
    draft, _ = Draft.objects.update_or_create(
        conversation=conversation,
        user=actor,
        mode=mode,
        defaults=values,
        create_defaults={**values, "client_token": uuid.uuid4()},
    )
    return draft


def add(conversation_id: int, *, actor: User, mode: str, text: str, saved: int | None = None) -> Draft:
    """Put words at the end of what is being written, on a line of their own.

    Records nothing, as `save`. Raises: NotFound, Invalid.
    """
    _require(mode, text)
    with transaction.atomic(durable=True):
        conversation = Conversation.objects.visible_to(access_of(actor)).locked(conversation_id)
        return append(conversation, actor=actor, mode=mode, text=text, saved=saved)


def append(conversation: Conversation, *, actor: User, mode: str, text: str, saved: int | None = None) -> Draft:
    """`add` inside a transaction that holds the conversation. Raises: Invalid."""
    old = Draft.objects.filter(conversation=conversation, user=actor, mode=mode).first()
    whole = f"{old.text.rstrip()}\n{text}" if old and old.text.strip() else text
    _require(mode, whole)
    ids = [*(old.saved_replies if old else ()), *((saved,) if saved else ())]
    seen = old.seen_revision if old else conversation.revision
    return put(conversation, actor=actor, mode=mode, text=whole, seen_revision=seen, saved=ids)


def text_of(conversation: Conversation, *, actor: User, mode: str) -> str:
    """What is being written; "" where nothing is."""
    rows = Draft.objects.filter(conversation=conversation, user=actor, mode=mode)
    return rows.values_list("text", flat=True).first() or ""


def shorten(conversation: Conversation, *, actor: User, mode: str, by: int) -> None:
    """Take so many characters off the end, inside a transaction that holds the conversation."""
    left = text_of(conversation, actor=actor, mode=mode)[:-by].rstrip()
    if left:
        put(conversation, actor=actor, mode=mode, text=left)
    else:
        remove(conversation, actor=actor, mode=mode)


def _require(mode: str, text: str) -> None:
    if mode not in Draft.Mode.values:
        raise Invalid("There is no such kind of draft.", fields={"visibility": "Choose public, private or note."})
    if len(text) > LONGEST:
        raise Invalid("The draft is too long.", fields={"text": f"At most {LONGEST} characters."})


def remove(conversation: Conversation, *, actor: User, mode: str) -> None:
    """`clear` inside a transaction that holds the conversation."""
    Draft.objects.filter(conversation=conversation, user=actor, mode=mode).delete()
