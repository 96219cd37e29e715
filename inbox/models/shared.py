"""What people write for each other: of all brands or of one; shared with everybody, with one team or with nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from channels.models import Brand

if TYPE_CHECKING:
    from inbox.policies import Access


class Kept(models.Model):
    """One such thing. `revision` is raised by every change; what is archived is offered to nobody and kept."""

    name = models.CharField(max_length=80)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, null=True, related_name="+", help_text="null = all.")
    revision = models.IntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    changed_at = models.DateTimeField(db_default=Now())
    archived_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def is_kept_by(self, access: Access) -> bool:
        """Whether somebody may write it: as supervisor or administrator, where it is not said otherwise."""
        return access.keeps("everybody", team_id=None, owner_id=None)


class Shared(Kept):
    """What is shared with everybody, with one team or with nobody."""

    class With(models.TextChoices):
        EVERYBODY = "everybody", _("Everybody")
        TEAM = "team", _("One team")
        ME = "me", _("Only me")

    shared = models.CharField(max_length=10, choices=With.choices)
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="Where it is mine."
    )

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                "shared",
                "team",
                "owner",
                "brand",
                condition=Q(archived_at=None),
                nulls_distinct=False,
                name="%(class)s_name_once",
            ),
            models.CheckConstraint(
                condition=Q(shared="everybody", team=None, owner=None)
                | Q(shared="team", team__isnull=False, owner=None)
                | Q(shared="me", team=None, owner__isnull=False),
                name="%(class)s_shared_with",
            ),
        ]

    def is_kept_by(self, access: Access) -> bool:
        return access.keeps(self.shared, team_id=self.team_id, owner_id=self.owner_id)
