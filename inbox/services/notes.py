"""A word among colleagues."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import User
from core.contention import retried
from core.errors import Conflict, Invalid
from inbox.models.conversation import Grant
from inbox.models.work import Draft, Note
from inbox.services import drafts, events, grants
from inbox.services.acts import acting

LONGEST = 5_000


@retried
def write(conversation_id: int, *, actor: User, text: str, client_token: str, mentions: Sequence[User] = ()) -> Note:
    """Write a note; everybody who may read the conversation may. It changes neither owner nor whose turn it is.

    Args:
        mentions: people named in it; within the brand they may read the conversation from now on.

    Records: conversation.noted. Raises: NotFound, Invalid, Conflict (`idempotency_mismatch`).
    Idempotent: by (conversation, person, client_token).
    """
    text = cleaned(text)
    with acting(conversation_id, actor) as act:
        conversation = act.conversation
        earlier = Note.objects.filter(conversation=conversation, author=actor, client_token=client_token).first()
        if earlier is not None:
            if earlier.text != text:
                raise Conflict("This key was used for another note.", code="idempotency_mismatch")
            return earlier
        note = Note.objects.create(conversation=conversation, author=actor, text=text, client_token=client_token)
        for person in mentions:
            grants.grant(conversation, reason=Grant.Reason.MENTIONED, user=person)
        drafts.remove(conversation, actor=actor, mode=Draft.Mode.NOTE)
        events.touch(conversation)
        events.record(
            "conversation.noted",
            conversation,
            actor=actor,
            data={"note_id": note.pk},
            also_topics=[events.user_topic(person.pk) for person in mentions],
        )
        return note


def cleaned(text: str) -> str:
    """Raises: Invalid for an empty or too long note."""
    text = text.replace("\0", "\ufffd").strip()
    if not text:
        raise Invalid("Write something.", fields={"text": "Write something."})
    if len(text) > LONGEST:
        raise Invalid("The note is too long.", fields={"text": f"At most {LONGEST} characters."})
    return text
