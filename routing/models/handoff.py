"""A hand-over has a story of its own: it is asked for, and then accepted, declined or withdrawn."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inbox.models.conversation import Conversation
from inbox.models.queue import Queue


class Handoff(models.Model):
    """One queue asks another to take a conversation; queue and owner stay as they are until it is accepted."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="handoffs")
    from_queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="asks", db_index=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handoffs", db_index=False
    )
    reason = models.CharField(max_length=300)
    summary = models.CharField(max_length=2000, blank=True)
    ask = models.CharField(max_length=500, blank=True, help_text="What the receivers shall do.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation"], condition=Q(state="open"), name="handoff_one_open"),
            models.CheckConstraint(condition=~Q(from_queue=F("to_queue")), name="handoff_to_another_queue"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None, decided_by=None)
                | Q(state="withdrawn", decided_at__isnull=False)  # by nobody: it went with its conversation
                | Q(state__in=["accepted", "declined"], decided_at__isnull=False, decided_by__isnull=False),
                name="handoff_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "declined", "withdrawn"]), name="handoff_state_known"
            ),
        ]
        indexes = [
            # What waits for the people of a queue.
            models.Index(fields=["to_queue", "id"], condition=Q(state="open"), name="handoff_asks"),
            # What somebody has asked for, newest first.
            models.Index("asked_by", F("id").desc(), name="handoff_asked"),
        ]

    def __str__(self) -> str:
        return f"handoff {self.pk}: {self.state}"
