"""A word among colleagues, and who is named in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from core.contention import retried
from core.errors import Conflict, Invalid
from inbox.mentions import Found, Named, find
from inbox.models.conversation import Conversation, Grant
from inbox.models.work import Draft, Note
from inbox.selectors import colleagues
from inbox.services import drafts, events, grants
from inbox.services.acts import acting

LONGEST = 5_000
MOST_REMARKS = 5


@dataclass(frozen=True, slots=True)
class Written:
    """A note, and what its author should know of the names in it, in sentences."""

    note: Note
    remarks: tuple[str, ...] = ()


@retried
def write(conversation_id: int, *, actor: User, text: str, client_token: str) -> Written:
    """Write a note; everybody who may read the conversation may. It changes neither owner nor whose turn it is.

    Who is named in it (`inbox.mentions`) and sees the brand may read the conversation from now on, and is told; of
    the others the author learns that they are not.

    Records: conversation.noted. Raises: NotFound, Invalid, Conflict (`idempotency_mismatch`).
    Idempotent: by (conversation, person, client_token).
    """
    text = cleaned(text)
    with acting(conversation_id, actor) as act:
        conversation = act.conversation
        found = find(text, colleagues.directory_of(conversation.brand_id)) if "@" in text else Found()
        remarks = _remarks(found, conversation)
        earlier = Note.objects.filter(conversation=conversation, author=actor, client_token=client_token).first()
        if earlier is not None:
            if earlier.text != text:
                raise Conflict("This key was used for another note.", code="idempotency_mismatch")
            return Written(earlier, remarks)
        note = Note.objects.create(
            conversation=conversation, author=actor, text=text, client_token=client_token, mentions=_marks(found)
        )
        told = [one for one in found.named if one.sees and (one.kind, one.pk) != ("person", actor.pk)]
        people, teams = _ids(told, "person"), _ids(told, "team")
        grants.grant_all(conversation, reason=Grant.Reason.MENTIONED, user_ids=people, team_ids=teams)
        drafts.remove(conversation, actor=actor, mode=Draft.Mode.NOTE)
        events.touch(conversation)
        data = {"note_id": note.pk, "people": people, "teams": teams}
        topics = [events.user_topic(pk) for pk in people]
        events.record("conversation.noted", conversation, actor=actor, data=data, also_topics=topics)
        return Written(note, remarks)


def _marks(found: Found) -> list[dict[str, Any]]:
    return [
        {"at": one.at, "end": one.end, "kind": one.named.kind, "id": one.named.pk, "told": one.named.sees}
        for one in found.mentions
    ]


def _ids(named: Sequence[Named], kind: str) -> list[int]:
    return [one.pk for one in named if one.kind == kind]


def _remarks(found: Found, conversation: Conversation) -> tuple[str, ...]:
    brand = conversation.brand.name
    unseen = [
        f"{one.name} does not see {brand} and was not told."
        if one.kind == "person"
        else f"Nobody of {one.name} sees {brand}: nobody was told."
        for one in found.named
        if not one.sees
    ]
    return tuple(unseen + [_unclear(words, who) for words, who in found.unclear])[:MOST_REMARKS]


def _unclear(words: str, who: Sequence[Named]) -> str:
    if not who:
        return f"Nobody is called {words}."
    names = " or ".join(one.name for one in who[:2])
    return f"{words} could be {names}: write @{who[0].handle} or @{who[1].handle}."


def cleaned(text: str) -> str:
    """Raises: Invalid for an empty or too long note."""
    text = text.replace("\0", "\ufffd").strip()
    if not text:
        raise Invalid("Write something.", fields={"text": "Write something."})
    if len(text) > LONGEST:
        raise Invalid("The note is too long.", fields={"text": f"At most {LONGEST} characters."})
    return text
