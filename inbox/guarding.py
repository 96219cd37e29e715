"""What of all that happened somebody must see before an answer leaves. Pure.

Tags, notes and priorities change no answer. What a person did themselves they know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

CAME = ("conversation.opened", "conversation.received", "conversation.reopened")
ANSWERED = ("delivery.held", "delivery.resent")
TAKEN = ("conversation.claimed", "conversation.assigned", "conversation.taken_over")
MOVED = (
    "conversation.moved",
    "conversation.resolved",
    "handoff.asked",
    "handoff.escalated",
    "handoff.accepted",
)
ON_MESSAGE = {
    "message.edited": "edited",
    "message.deleted": "deleted",
    "message.answered_elsewhere": "elsewhere",
}
KINDS = (*CAME, *ANSWERED, *TAKEN, *MOVED, *ON_MESSAGE)


@dataclass(frozen=True, slots=True)
class Fact:
    """One recorded event of a conversation; `pk` names it."""

    pk: int
    kind: str
    actor_id: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Worth:
    """One thing to show, once.

    Args:
        what: message, edited, deleted, elsewhere (`pk` is a message), answer (`pk` is a delivery), owner or story.
        event: id of the last event that told of it.
    """

    what: str
    pk: int
    event: int


def worth_showing(facts: Iterable[Fact], *, me: int, owner: int | None) -> list[Worth]:
    """What to show of facts that are in the order in which they happened.

    A new message that was edited is shown as new, one that was deleted as deleted; whose it was in between is not
    shown where it is free or one's own again.
    """
    shown: dict[tuple[str, int], Worth] = {}
    for fact in facts:
        for what, pk in _told(fact, me, owner):
            group = "message" if what in ("message", "edited", "deleted") else what
            before = shown.pop((group, pk), None)
            kept = "message" if what == "edited" and before and before.what == "message" else what
            shown[group, pk] = Worth(kept, pk, fact.pk)
    return list(shown.values())


def _told(fact: Fact, me: int, owner: int | None) -> list[tuple[str, int]]:
    if fact.kind in CAME:
        return [("message", pk) for pk in fact.data.get("messages") or ()]
    if fact.kind in ON_MESSAGE:
        return [(ON_MESSAGE[fact.kind], fact.data["message_id"])]
    if fact.actor_id == me:
        return []
    if fact.kind in ANSWERED:
        return [("answer", fact.data["delivery_id"])]
    if fact.kind in TAKEN:
        return [("owner", 0)] if owner not in (None, me) else []
    return [("story", 0)] if fact.kind in MOVED else []
