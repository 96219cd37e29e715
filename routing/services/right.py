"""What is taken to be right about a message: what triage said, and what people put right. Pages may load it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from routing.models.triage import Correction, MessageTriage
from routing.triage.contracts import LABELS, Verdict, Verdicts

CORRECTED = "Corrected by a person"
PERSON = "a person"


def verdicts_of(row: MessageTriage) -> Verdicts:
    """The verdicts of a stored row."""
    return Verdicts(**{label: Verdict(getattr(row, label), *row.said[label]) for label in LABELS if label in row.said})


def verdicts_now(message_id: int) -> Verdicts | None:
    """What triage said last, with what people put right; None before triage has seen it. Two queries."""
    row = MessageTriage.objects.filter(message_id=message_id).order_by("-id").first()
    if row is None:
        return None
    return put_right({message_id: verdicts_of(row)})[message_id]


def put_right(verdicts: Mapping[int, Verdicts]) -> dict[int, Verdicts]:
    """These verdicts by message, with what people put right; one query, however many there are."""
    found = dict(verdicts)
    rows = Correction.objects.filter(message__in=list(found)).values_list("message", "label", "value")
    for message_id, label, value in rows:
        found[message_id] = replace(found[message_id], **{label: Verdict(value, 1.0, CORRECTED, PERSON)})
    return found
