"""Lists that people keep: a search with its order, under a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Team


class SavedView(models.Model):
    """A search under a name. It opens nothing to anybody: whoever opens it sees of it what they may read."""

    class Audience(models.TextChoices):
        PRIVATE = "private", _("Only me")
        TEAM = "team", _("My team")
        ALL = "all", _("Everybody")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=200, blank=True, help_text="As one types it (inbox/query.py).")
    sort = models.CharField(max_length=8, blank=True)
    audience = models.CharField(max_length=7, choices=Audience.choices, default=Audience.PRIVATE)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(audience="team", team__isnull=False) | (~Q(audience="team") & Q(team=None)),
                name="savedview_team_where_shared_with_it",
            ),
        ]
        indexes = [
            # What everybody sees; one's own and one's teams' are found by their keys.
            models.Index(fields=["audience"], condition=Q(audience="all", deleted_at=None), name="savedview_for_all"),
        ]

    def __str__(self) -> str:
        return self.name
