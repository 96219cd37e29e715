"""The story of one notice on one device."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Device
from routing.models.notice import Notice


class Push(models.Model):
    """Queued → sending → sent | held back | failed. What was being sent when a worker died is not sent again."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        HELD_BACK = "held_back"
        FAILED = "failed"

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, null=True, related_name="pushes", db_index=False)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="pushes")
    state = models.CharField(max_length=9, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now(), help_text="When it is tried; while it is sent: until when.")
    why = models.CharField(max_length=20, blank=True, help_text="Why it was held back or failed, in a word.")
    created_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "device"], name="push_once"),
            # A trial has no notice: one at a time.
            models.UniqueConstraint(
                fields=["device"],
                condition=Q(notice=None, state__in=["queued", "sending"]),
                name="push_one_trial",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending"], settled_at=None)
                | (~Q(state__in=["queued", "sending"]) & Q(settled_at__isnull=False)),
                name="push_settled",
            ),
        ]
        indexes = [
            # What is due, and what a worker that died has left.
            models.Index(fields=["due_at"], condition=Q(settled_at=None), name="push_due"),
            # What is over, to be removed.
            models.Index(fields=["settled_at"], condition=Q(settled_at__isnull=False), name="push_over"),
        ]

    def __str__(self) -> str:
        return f"push {self.pk}: {self.state}"
