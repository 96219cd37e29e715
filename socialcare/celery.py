"""The Celery application: queues by name of work; tasks carry ids and are only hints."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import setup_logging

from socialcare.schedule import beat_schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialcare.settings")

app = Celery("socialcare")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = beat_schedule()
app.autodiscover_tasks()


@setup_logging.connect
def _keep_our_logging(**_kwargs: object) -> None:
    """Logging is configured in settings; Celery must not replace it."""
