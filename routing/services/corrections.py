"""One click puts a verdict right; triage learns from it."""

from __future__ import annotations

from accounts.models import User
from core.contention import retried
from core.errors import NotFound
from inbox.models.message import Message
from inbox.policies import require
from inbox.services import events
from inbox.services.acts import acting
from inbox.services.ownership import NOT_YOURS
from routing.models.triage import Correction, MessageTriage
from routing.services import labels


@retried
def correct(message_id: int, *, label: str, value: str, actor: User) -> Correction:
    """Say what is right about one label of one message; the newest word counts.

    Records: triage.corrected. Raises: NotFound, Forbidden, Invalid (a value that does not exist any more).
    Idempotent: by the value.
    """
    message = Message.objects.filter(pk=message_id, direction="in").values_list("conversation_id", flat=True).first()
    with acting(message or 0, actor) as act:
        require(act.access.can_manage(act.conversation), NOT_YOURS)
        name = labels.require(label, value)
        known = Correction.objects.filter(message_id=message_id, label=label).first()
        if known is not None and known.value == value:
            return known
        was = known.value if known else said(message_id, label)
        row = known or Correction(message_id=message_id, label=label, was=was)
        row.value, row.corrected_by, row.corrected_at = value, actor, act.now
        row.save() if row.pk is None else row.save(update_fields=["value", "corrected_by", "corrected_at"])
        events.touch(act.conversation)
        data = {"message_id": message_id, "label": labels.NAMED[label], "old": was, "new": name}
        events.record("triage.corrected", act.conversation, actor=actor, data=data)
    return row


def said(message_id: int, label: str) -> str:
    """What triage said last about a label; empty = nothing. Raises: NotFound for a label that it has not."""
    if label not in labels.CORRECTED:
        raise NotFound("There is no such label.")
    rows = MessageTriage.objects.filter(message_id=message_id).order_by("-id")
    return rows.values_list(label, flat=True).first() or ""
