"""What somebody wants to be told, and when they want to be left in peace."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Attention(models.Model):
    """One person's habits; who has no row has the defaults. Causes are those of `routing.notice_kinds`."""

    class Digest(models.TextChoices):
        OFF = "off", _("Off")
        HOURLY = "hourly", _("Every hour")
        DAILY = "daily", _("Once a day")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="attention"
    )
    not_told = ArrayField(models.CharField(max_length=20), default=list, help_text="Causes left out in the app.")
    not_mailed = ArrayField(models.CharField(max_length=20), default=list, help_text="Causes left out of the digest.")
    not_pushed = ArrayField(
        models.CharField(max_length=20), default=list, db_default=[], help_text="Causes left out on devices."
    )
    digest = models.CharField(max_length=6, choices=Digest.choices, default=Digest.OFF)
    digest_hour = models.PositiveSmallIntegerField(default=8, help_text="0 to 23, in the person’s zone.")
    next_digest_at = models.DateTimeField(null=True, help_text="When the digest is due; empty = never.")
    quiet_from = models.TimeField(null=True, help_text="In the person’s zone.")
    quiet_until = models.TimeField(null=True)
    sound = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | (Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until"))),
                name="attention_quiet_both",
            ),
            models.CheckConstraint(condition=Q(digest_hour__lt=24), name="attention_hour"),
            models.CheckConstraint(
                condition=~Q(digest="off") | Q(next_digest_at=None), name="attention_off_is_never_due"
            ),
        ]
        indexes = [
            # Whose digest is due.
            models.Index(
                fields=["next_digest_at"], condition=Q(next_digest_at__isnull=False), name="attention_digest_due"
            ),
        ]

    def __str__(self) -> str:
        return f"attention of {self.user_id}"
