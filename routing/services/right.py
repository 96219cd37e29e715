"""What is taken to be right about a message: what triage said, and what people put right. Pages may load it."""

from __future__ import annotations

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
    corrected = Correction.objects.filter(message_id=message_id).values_list("label", "value")
    return replace(verdicts_of(row), **{label: Verdict(value, 1.0, CORRECTED, PERSON) for label, value in corrected})
