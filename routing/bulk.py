"""What routing adds to the acts on many conversations: handing off to another queue, and moving within one's desks."""

from __future__ import annotations

from core.errors import Conflict, Invalid
from inbox.models.queue import Queue
from inbox.policies import require
from inbox.services import bulk_acts, events, ownership
from inbox.services.acts import Act
from inbox.services.bulk_acts import Before, Doing, Values, required
from routing.models.handoff import Handoff
from routing.services import handoff, lane

NOT_MOVING = "Only supervisors of both desks and administrators move it; hand it off instead."


def _queue(pk: int) -> Queue:
    found = Queue.objects.filter(pk=pk).select_related("team").first()
    if found is None:
        raise Invalid("There is no such queue.", fields={"queue": "There is no such queue."})
    return found


def _clean_hand_off(values: Values) -> tuple[Values, str]:
    to = _queue(required(values, "queue", "Choose a queue."))
    words = handoff.cleaned(**{name: str(values.get(name) or "") for name in ("reason", "summary", "ask")})
    return {"queue": to.pk, **words}, f"Hand off to {to.name}"


def _hand_off(act: Act, values: Values) -> None:
    words = {name: values[name] for name in ("reason", "summary", "ask")}
    handoff.ask_locked(act, _queue(values["queue"]), words)


def _take_back(act: Act, _was: Before, values: Values) -> None:
    """Withdraw the question, if it is still open. Records: handoff.withdrawn."""
    asked = Handoff.objects.filter(
        conversation=act.conversation, to_queue_id=values["queue"], asked_by=act.actor, state=Handoff.State.OPEN
    ).first()
    if asked is None:
        raise Conflict("The hand-off is decided already.", code="decided")
    handoff.withdraw_locked(asked, act)
    events.touch(act.conversation)


def _clean_move(values: Values) -> tuple[Values, str]:
    to = _queue(required(values, "queue", "Choose a queue."))
    return {"queue": to.pk}, f"Move to {to.name}"


def _move(act: Act, values: Values) -> None:
    """Into another queue, at once: for those who supervise both. The owner keeps it where they work there, too.

    Records: conversation.moved, conversation.released. Raises: Forbidden, Conflict (`resolved`, `handoff_open`).
    """
    to, conversation = _queue(values["queue"]), act.conversation
    if conversation.queue_id == to.pk:
        return
    _require_mover(act, to)
    ownership.require_unresolved(conversation)
    if Handoff.objects.filter(conversation=conversation, state=Handoff.State.OPEN).exists():
        raise Conflict("A hand-off is open.", code="handoff_open")
    lane.move(conversation, to, f"{act.actor.name} moved it", actor=act.actor)
    if conversation.owner is not None and not ownership.may_have(conversation, conversation.owner):
        ownership.give_back(act, f"Moved to {to.name}")


def _require_mover(act: Act, to: Queue) -> None:
    own = act.access.supervised_queue_ids
    require(
        act.access.is_administrator or {act.conversation.queue_id, to.pk} <= own,
        NOT_MOVING,
    )


def _move_back(act: Act, was: Before, _values: Values) -> None:
    lane.move(act.conversation, _queue(was["queue"]), f"{act.actor.name} moved it back", actor=act.actor)
    bulk_acts.owner_again(act, was)


def register() -> None:
    """Called once, when the application is ready."""
    bulk_acts.register("hand_off", Doing(_clean_hand_off, _hand_off, _take_back))
    bulk_acts.register("move", Doing(_clean_move, _move, _move_back))
