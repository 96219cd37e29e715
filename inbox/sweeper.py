"""A thread of every worker that looks after work for which no hint came. It needs PostgreSQL and nothing else."""

from __future__ import annotations

import threading

import structlog
from celery.signals import worker_init, worker_shutting_down
from django.db import Error, connection

from inbox.services import sweeping

log = structlog.get_logger(__name__)


class Sweeper(threading.Thread):
    """Sweeps every ten seconds until it is told to stop; a database that is away is asked again later."""

    def __init__(self) -> None:
        super().__init__(name="sweeper", daemon=True)
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(sweeping.EVERY_S):
            try:
                if done := sweeping.sweep():
                    log.warning("sweeper.worked", pieces=done)
            except Error as error:
                log.warning("sweeper.failed", error=type(error).__name__)
            finally:
                connection.close()

    def stop(self) -> None:
        self._over.set()


@worker_init.connect
def start(**_kwargs: object) -> None:
    """Each worker has one, whether or not it ever reaches the broker."""
    sweeper = Sweeper()
    sweeper.start()
    worker_shutting_down.connect(lambda **_: sweeper.stop(), weak=False)
