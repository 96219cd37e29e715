"""Models that were learnt: an administrator can go back. Nothing here loads what learning needs, pages may call it."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from accounts.policies import require_administrator
from accounts.services import audit
from core.errors import Conflict, NotFound
from routing.models.triage import TriageModel
from routing.services import labels
from routing.triage.language import NAMES

State = TriageModel.State


def go_back(model_id: int, *, actor: User) -> TriageModel:
    """Take a model out of force; the one before it judges again, or words and rules where there was none.

    Records: triage.model_withdrawn. Raises: Forbidden, NotFound, Conflict (`not_in_force`).
    """
    with transaction.atomic(durable=True):
        require_administrator(actor)
        row = (
            TriageModel.objects.select_for_update(no_key=True, of=("self",))
            .select_related("channel")
            .filter(pk=model_id)
            .first()
        )
        if row is None:
            raise NotFound("There is no such model.")
        if row.state != State.IN_FORCE:
            facts = {"state": row.state, "model": row.pk}
            raise Conflict("It is not in force any more.", code="not_in_force", current=facts)
        before = _before(row)
        TriageModel.objects.filter(pk=row.pk).update(state=State.RETIRED, retired_at=Now(), retired_by=actor)
        if before is not None:
            TriageModel.objects.filter(pk=before.pk).update(state=State.IN_FORCE, in_force_at=Now(), retired_at=None)
        back_to = f"model {before.pk}" if before else "words and rules"
        data = {"label": labels.NAMED[row.label], "where": place(row), "model_id": row.pk, "back_to": back_to}
        audit.record("triage.model_withdrawn", actor=actor, data=data)
        row.refresh_from_db()
    return row


def _before(row: TriageModel) -> TriageModel | None:
    """The one that judged before it and was not taken out by a person."""
    rows = TriageModel.objects.filter(label=row.label, channel=row.channel, language=row.language)
    return rows.filter(state=State.RETIRED, retired_by=None, pk__lt=row.pk).order_by("-in_force_at").first()


def place(row: TriageModel) -> str:
    """Where a model judges, for people."""
    if row.channel is None:
        return f"in {NAMES.get(row.language, row.language)}"
    return f"of {row.channel}"
