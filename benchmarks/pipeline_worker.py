"""The Celery worker of `benchmarks.pipeline`: the product's own; here, and not in the product, stand its breakages."""

import os

from django.db import transaction
from django.db.models.functions import Now

from socialcare.celery import app

BROKEN = os.environ.get("PIPELINE_BREAK", "")
app.loader.import_default_modules()

from inbox.models.work import TriageWork  # noqa: E402
from routing.services import pipeline  # noqa: E402


def _oldest() -> TriageWork | None:
    return TriageWork.objects.filter(next_at__lte=Now()).order_by("next_at", "id").first()


def early_delete(route: pipeline.Route) -> int:
    """What waits is taken off the list before it is routed: whoever is killed in between loses it."""
    with transaction.atomic(durable=True):
        work = TriageWork.objects.select_for_update(skip_locked=True).filter(next_at__lte=Now()).order_by("id").first()
        if work is None:
            return 0
        work.delete()
    with transaction.atomic(durable=True):
        route(work.message_ids)
    return len(work.message_ids)


def no_lock(route: pipeline.Route) -> int:
    """Nobody holds what is being routed: two workers take the same page."""
    work = _oldest()
    if work is None:
        return 0
    with transaction.atomic(durable=True):
        route(work.message_ids)
        TriageWork.objects.filter(pk=work.pk).delete()
    return len(work.message_ids)


if BROKEN and BROKEN != "no-clocks":  # that one is taken away where messages are stored
    pipeline.take_in = {"early-delete": early_delete, "no-lock": no_lock}[BROKEN]  # type: ignore[assignment]
