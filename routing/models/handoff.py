"""A hand-over has a story of its own: it is asked for, and then accepted, declined, answered or withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inbox.models.conversation import Conversation
from inbox.models.queue import Queue


class Handoff(models.Model):
    """One queue asks another to take a conversation; queue and owner stay as they are until it is accepted.

    An escalation is the same with urgency and `respond_by`, by which somebody has to acknowledge it. `chase_at` is
    when it is chased next, `chased` how often it was. Its hops: created_at → acknowledged_at → decided_at.
    """

    class Kind(models.TextChoices):
        HANDOFF = "handoff", _("Hand-over")
        ESCALATION = "escalation", _("Escalation")

    class Urgency(models.IntegerChoices):
        URGENT = 1, _("Urgent")
        HIGH = 2, _("High")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ANSWERED = "answered", _("Answered and returned")

    # What is asked, urgently, and nobody has said that they are on it by the time at which somebody should have.
    OVERDUE: ClassVar = Q(kind="escalation", state="open", acknowledged_at=None, respond_by__lte=Now())

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="handoffs")
    from_queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="asks", db_index=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handoffs", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.HANDOFF)
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, null=True)
    respond_by = models.DateTimeField(null=True, help_text="By when somebody has to acknowledge an escalation.")
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    acknowledged_at = models.DateTimeField(null=True)
    chase_at = models.DateTimeField(null=True)
    chased = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300)
    summary = models.CharField(max_length=2000, blank=True)
    ask = models.CharField(max_length=500, blank=True, help_text="What the receivers shall do.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(max_length=300, blank=True)
    answer = models.TextField(max_length=5000, blank=True, help_text="What the receivers gave back instead.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation"], condition=Q(state="open"), name="handoff_one_open"),
            models.CheckConstraint(condition=~Q(from_queue=F("to_queue")), name="handoff_to_another_queue"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None, decided_by=None)
                | Q(state="withdrawn", decided_at__isnull=False)  # by nobody: it went with its conversation
                | Q(state__in=["accepted", "declined", "answered"], decided_at__isnull=False, decided_by__isnull=False),
                name="handoff_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "declined", "withdrawn", "answered"]),
                name="handoff_state_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="handoff", respond_by=None, urgency=None)
                | Q(kind="escalation", respond_by__isnull=False, urgency__isnull=False),
                name="handoff_escalation_has_deadline",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="handoff_acknowledged_by_somebody",
            ),
        ]
        indexes = [
            # What waits for the people of a queue.
            models.Index(fields=["to_queue", "id"], condition=Q(state="open"), name="handoff_asks"),
            # What somebody has asked for, newest first.
            models.Index("asked_by", F("id").desc(), name="handoff_asked"),
            # Escalations that nobody has acknowledged, by when they are chased next.
            models.Index("chase_at", condition=Q(state="open", chase_at__isnull=False), name="handoff_chase"),
        ]

    def __str__(self) -> str:
        return f"handoff {self.pk}: {self.state}"

    def is_overdue(self, now: datetime) -> bool:
        """Whether the deadline to acknowledge it has passed."""
        unanswered = self.state == self.State.OPEN and self.acknowledged_at is None
        return unanswered and self.respond_by is not None and self.respond_by <= now
