"""The Celery application: queues by name of work; tasks carry ids and are only hints."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_shutting_down

from socialcare.schedule import beat_schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialcare.settings")

app = Celery("socialcare")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = beat_schedule()
app.autodiscover_tasks()


@setup_logging.connect
def _keep_our_logging(**_kwargs: object) -> None:
    """Logging is configured in settings; Celery must not replace it."""


@worker_init.connect
def _start_sweeper(**_kwargs: object) -> None:
    """Each worker looks after work for which no hint comes, whether or not it ever reaches the broker."""
    from socialcare.sweeper import Sweeper  # models exist only once the worker has loaded Django

    sweeper = Sweeper()
    sweeper.start()
    worker_shutting_down.connect(lambda **_: sweeper.stop(), weak=False)
