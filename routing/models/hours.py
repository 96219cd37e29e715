"""When the house is open. Hours change by new versions, so that what was promised can always be reckoned again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from inbox.models.queue import Queue


class BusinessHours(models.Model):
    """Opening hours under a name; the version with the highest number is in force."""

    name = models.CharField(max_length=80, unique=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class HoursVersion(models.Model):
    """What the hours were from then on; never changed.

    `periods` is a list of [weekday, start, end]: 0 = Monday, minutes since local midnight, past midnight above 1440.
    `holidays` is a list of {"on": ISO date, "name": …}.
    """

    hours = models.ForeignKey(BusinessHours, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    zone = models.CharField(max_length=64, help_text="IANA name of the time zone.")
    periods = models.JSONField(default=list)
    holidays = models.JSONField(default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hours", "number"], name="hoursversion_number")]

    def __str__(self) -> str:
        return f"version {self.number} of hours {self.hours_id}"


class QueueHours(models.Model):
    """When the people of a queue are here. A queue without a row is always open."""

    queue = models.OneToOneField(Queue, on_delete=models.CASCADE, primary_key=True, related_name="hours")
    hours = models.ForeignKey(BusinessHours, on_delete=models.PROTECT, related_name="queues")

    def __str__(self) -> str:
        return f"hours {self.hours_id} of queue {self.queue_id}"
