"""Who is told in the app of what happened in a conversation. A subscriber: it may be told twice, and tells once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from accounts.models import User
from inbox.dispatch import Recorded
from inbox.models.conversation import Conversation
from inbox.models.queue import Queue
from inbox.selectors.colleagues import seeing
from routing.models.handoff import Handoff
from routing.services import escalation, notices
from routing.services.handoff import person_of
from routing.services.notices import Telling

Tell = Callable[[Recorded, Conversation], "Telling | None"]


def tell(event: Recorded) -> None:
    """Tell whom it concerns, but never who did it; what was asked and is decided now needs no reading any more.

    Idempotent: by (person, what it is about).
    """
    if event.kind in DECIDED:
        notices.settled(DECIDED[event.kind](event))
        return
    conversation = Conversation.objects.select_related("profile").get(pk=event.conversation_id)
    telling = TELLING[event.kind](event, conversation)
    if telling is not None:
        notices.tell_many([telling])


def _mentioned(event: Recorded, conversation: Conversation) -> Telling:
    people = {*event.data.get("people", ()), *seeing(event.data.get("teams", ()), conversation.brand_id)}
    return _telling(event, conversation, people, "note.mentioned", key=f"note:{event.data['note_id']}", by=_by(event))


def _assigned(event: Recorded, conversation: Conversation) -> Telling:
    words = {"by": _by(event)} if event.actor_id else {}
    kind = "conversation.assigned" if event.actor_id else "conversation.came"
    return _telling(event, conversation, {event.data["to_id"]}, kind, key=f"event:{event.id}", **words)


def _taken_over(event: Recorded, conversation: Conversation) -> Telling:
    people = {event.data["owner_id"]}
    return _telling(event, conversation, people, "conversation.taken_over", key=f"event:{event.id}", by=_by(event))


def _asked(event: Recorded, conversation: Conversation, *, about: Callable[[Recorded], str]) -> Telling:
    team = Queue.objects.filter(pk=event.data["to_id"]).values_list("team_id", flat=True)
    words = {"by": _by(event), "to": event.data["to"]}
    if "respond_by" in event.data:
        words["due"] = event.data["respond_by"]
    people = seeing(team, conversation.brand_id)
    return _telling(event, conversation, people, event.kind, key=about(event), **words)


def _telling(
    event: Recorded, conversation: Conversation, people: set[int], kind: str, *, key: str, **words: Any
) -> Telling:
    data = {"person": person_of(conversation), **words}
    return Telling(people - {event.actor_id or 0}, kind, conversation.pk, data, key)


def _by(event: Recorded) -> str:
    name = User.objects.filter(pk=event.actor_id or 0).values_list("name", flat=True).first()
    return name or "Socialcare"


def _of_handoff(event: Recorded) -> str:
    return f"asked:{event.data['handoff_id']}"


def _of_content(event: Recorded) -> str:
    return f"asked-content:{event.data['ask_id']}"


def _all_of_handoff(event: Recorded) -> list[str]:
    row = Handoff.objects.get(pk=event.data["handoff_id"])
    return [_of_handoff(event), *(escalation.overdue_key(row, level) for level in range(1, row.chased + 1))]


def _all_of_content(event: Recorded) -> list[str]:
    return [_of_content(event)]


TELLING: Mapping[str, Tell] = {
    "conversation.noted": _mentioned,
    "conversation.assigned": _assigned,
    "conversation.taken_over": _taken_over,
    "handoff.asked": partial(_asked, about=_of_handoff),
    "handoff.escalated": partial(_asked, about=_of_handoff),
    "content.asked": partial(_asked, about=_of_content),
}
DECIDED: Mapping[str, Callable[[Recorded], list[str]]] = {
    **{
        f"handoff.{done}": _all_of_handoff for done in ("acknowledged", "accepted", "declined", "withdrawn", "answered")
    },
    **{f"content.{done}": _all_of_content for done in ("answered", "declined", "withdrawn")},
}
KINDS = frozenset((*TELLING, *DECIDED))
