"""Hints to workers: "look now". The work itself waits in PostgreSQL, so that a hint may be lost or come twice."""

from __future__ import annotations

import time

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from core import live

log = structlog.get_logger(__name__)

# While the broker is away nobody waits for it again and again; beat finds the work anyway.
QUIET_S = 5.0


class _Broker:
    """When the broker was last found to be away, on the clock of this process."""

    away_at: float | None = None

    def is_quiet(self) -> bool:
        return self.away_at is not None and time.monotonic() - self.away_at < QUIET_S


_broker = _Broker()


def hint_on_commit(task: str, *, queue: str = "default") -> None:
    """Hint `task` (its full name) once after the running transaction has committed, however often this is called."""
    waiting = transaction.get_connection().run_on_commit
    if not any(isinstance(call, _Hint) and call.task == task for _, call, _ in waiting):
        transaction.on_commit(_Hint(task, queue))


def hint(task: str, *, queue: str = "default") -> None:
    """Tell the workers to look now; a broker that is away costs the hint and nothing else."""
    if settings.TASKS_INLINE:
        current_app.loader.import_default_modules()
        current_app.tasks[task].apply()
        return
    if _broker.is_quiet():
        return
    try:
        # kombu alone would try for 6 s to reach a broker that is away (measured with 5.6.2, retry=False).
        live.client().ping()
        current_app.send_task(task, queue=queue, retry=False, ignore_result=True)
    except (RedisError, OperationalError):
        _broker.away_at = time.monotonic()
        log.warning("hints.away", task=task)


class _Hint:
    """One hint that waits for its commit."""

    def __init__(self, task: str, queue: str) -> None:
        self.task = task
        self.queue = queue

    def __call__(self) -> None:
        hint(self.task, queue=self.queue)
