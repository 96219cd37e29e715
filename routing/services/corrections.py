"""One click puts a verdict right; triage learns from it."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.models import User
from core.contention import retried
from core.errors import NotFound
from inbox.models.message import Message
from inbox.policies import require
from inbox.services import events
from inbox.services.acts import Act, acting
from inbox.services.ownership import NOT_YOURS
from routing.models.triage import Correction, MessageTriage
from routing.services import labels, rerouting
from routing.triage.contracts import CORRECTABLE


def correct(message_id: int, *, label: str, value: str, actor: User) -> Correction:
    """Say what is right about one label of one message; as `correct_all`."""
    return correct_all(message_id, {label: value}, actor=actor)[0]


@retried
def correct_all(message_id: int, right: Mapping[str, str], *, actor: User) -> list[Correction]:
    """Say what is right about labels of one message; the newest word counts, and the rules are asked again, once.

    Records: triage.corrected, and as `rerouting.decide_again`.
    Raises: NotFound, Forbidden, Invalid (a value that does not exist any more). Idempotent: by the values.
    """
    message = Message.objects.filter(pk=message_id, direction="in").values_list("conversation_id", flat=True).first()
    with acting(message or 0, actor) as act:
        require(act.access.can_manage(act.conversation), NOT_YOURS)
        return correct_here(act, message_id, right)


def correct_here(act: Act, message_id: int, right: Mapping[str, str]) -> list[Correction]:
    """The same within an act whose rights have been checked; records and raises as `correct_all`."""
    known = {row.label: row for row in Correction.objects.filter(message_id=message_id)}
    named = {label: labels.require(label, value) for label, value in right.items()}
    fresh = [label for label, value in right.items() if label not in known or known[label].value != value]
    for label in fresh:
        known[label] = _correct(act, message_id, known.get(label), (label, right[label], named[label]))
    if fresh:
        events.touch(act.conversation)
        rerouting.decide_again(message_id)
    return [known[label] for label in right]


def _correct(act: Act, message_id: int, known: Correction | None, right: tuple[str, str, str]) -> Correction:
    """Write one label, its value and the value's name."""
    label, value, name = right
    was = known.value if known else said(message_id, label)
    row = known or Correction(message_id=message_id, label=label, was=was)
    row.value, row.corrected_by, row.corrected_at = value, act.actor, act.now
    row.save() if row.pk is None else row.save(update_fields=["value", "corrected_by", "corrected_at"])
    data = {"message_id": message_id, "label": labels.NAMED[label], "old": was, "new": name}
    events.record("triage.corrected", act.conversation, actor=act.actor, data=data)
    return row


def said(message_id: int, label: str) -> str:
    """What triage said last about a label; empty = nothing. Raises: NotFound for a label that it has not."""
    if label not in CORRECTABLE:
        raise NotFound("There is no such label.")
    rows = MessageTriage.objects.filter(message_id=message_id).order_by("-id")
    return rows.values_list(label, flat=True).first() or ""
