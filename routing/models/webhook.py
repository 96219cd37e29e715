"""Addresses that rules may call, and each call with its story."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Webhook(models.Model):
    """An address that rules may call. The secret with which calls are signed is sealed as credentials are."""

    name = models.CharField(max_length=60, unique=True)
    url = models.CharField(max_length=500)
    sealed_secret = models.BinaryField(default=b"")
    is_on = models.BooleanField(default=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class WebhookCall(models.Model):
    """The story of one call: queued → sent | failed. A worker claims it for a while and tries; retries wait here."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENT = "sent", _("Delivered")
        FAILED = "failed", _("Not delivered")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="calls", db_index=False)
    conversation = models.ForeignKey("inbox.Conversation", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100, unique=True, help_text="What it is about; the same is called once.")
    body = models.JSONField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now(), help_text="When it is tried next; a claim moves it on.")
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="queued", settled_at=None)
                | Q(state__in=["sent", "failed"], settled_at__isnull=False),
                name="webhookcall_settled",
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="queued"), name="webhookcall_due"),
            # The newest calls of one webhook.
            models.Index("webhook", F("id").desc(), name="webhookcall_newest"),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}: {self.state}"
