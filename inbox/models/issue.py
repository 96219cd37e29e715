"""The organisation's own list of problems that people write about."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now


class Issue(models.Model):
    """A named kind of problem; its slug never changes. One that was taken off the list stays, for what was judged."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    words = ArrayField(models.CharField(max_length=60), default=list, help_text="What people write when they have it.")
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(Lower("name"), condition=Q(retired_at=None), name="issue_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
