"""Desks and their queues: routing decides, inbox remembers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import Team


class Desk(models.Model):
    """A department: Care, PR, Marketing and what else is set up."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Queue(models.Model):
    """A named lane of one desk, staffed by one team."""

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="queues")
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="queues")
    position = models.PositiveSmallIntegerField(default=0)
    first_of_desk = models.BooleanField(default=False, help_text="Where new work of the desk arrives.")
    lease_minutes = models.PositiveSmallIntegerField(
        null=True, default=30, help_text="How long a claim lasts without activity; empty = leases are off."
    )

    class Meta:
        ordering = ["desk__position", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["desk", "name"], name="queue_name_in_desk"),
            models.UniqueConstraint(fields=["desk"], condition=Q(first_of_desk=True), name="queue_one_first_per_desk"),
        ]

    def __str__(self) -> str:
        return self.name
