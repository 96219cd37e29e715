"""What hand-overs and asks for content have in common: one open question, decided once, by somebody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from accounts.models import User
from core.errors import Conflict
from inbox.services import ownership
from inbox.services.acts import Act, acting, current
from routing.models.content import ContentAsk
from routing.models.handoff import Handoff

Question = TypeVar("Question", Handoff, ContentAsk)


@contextmanager
def deciding(kind: type[Question], pk: int, actor: User) -> Iterator[tuple[Question, Act]]:
    """The question with its conversation, both locked, the conversation first; an unknown one looks invisible."""
    known = kind.objects.filter(pk=pk).values_list("conversation_id", flat=True).first()
    with acting(known or 0, actor) as act:
        rows = kind.objects.select_for_update(no_key=True, of=("self",))
        yield rows.select_related("to_queue", "asked_by").get(pk=pk), act


def is_decided(row: Handoff | ContentAsk, act: Act, state: str) -> bool:
    """Whether this very person has decided so already. Raises: Conflict (`decided`) when it was decided otherwise."""
    if row.state == row.State.OPEN:
        return False
    if row.state == state and row.decided_by_id == act.actor.pk:
        return True
    by = row.decided_by.name if row.decided_by else ""
    at = ownership.iso(row.decided_at)
    facts = {**current(act.conversation), "state": row.state, "decided_by": by, "decided_at": at}
    done = row.get_state_display().lower()
    raise Conflict(f"{by} has {done} it." if by else f"It was {done}.", code="decided", current=facts)
