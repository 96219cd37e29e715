"""What people think of the examples of a back-test: right or wrong, so that a rule is looked at before it is on."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from accounts.policies import require_administrator
from core.clock import database_now
from core.errors import NotFound
from routing.models.decision import Backtest, BacktestOpinion


def give(backtest_id: int, message_id: int, *, right: bool | None, actor: User) -> None:
    """Say that an example looks right, or wrong, or (None) take back what was said.

    Records nothing: the row says who and when. Raises: Forbidden, NotFound. Idempotent: by the word.
    """
    with transaction.atomic(durable=True):
        require_administrator(actor)
        job = Backtest.objects.select_for_update(no_key=True).filter(pk=backtest_id).first()
        if job is None or message_id not in job.result.get("examples", []):
            raise NotFound("There is no such example.")
        if right is None:
            BacktestOpinion.objects.filter(backtest=job, message=message_id).delete()
            return
        said = {"right": right, "given_by": actor, "given_at": database_now()}
        BacktestOpinion.objects.update_or_create(backtest=job, message_id=message_id, defaults=said)
