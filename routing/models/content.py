"""One desk asks another for words or material, and keeps the conversation."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inbox.models.conversation import Conversation
from inbox.models.queue import Queue


class ContentAsk(models.Model):
    """A question for content. The answer lands as a block beside the composer; queue and owner never change."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Answered")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="content_asks")
    to_queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ask = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.TextField(max_length=5000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "to_queue"], condition=Q(state="open"), name="contentask_one_open_per_queue"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="contentask_decided",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "answered", "declined", "withdrawn"]), name="contentask_state_known"
            ),
        ]
        indexes = [
            # What waits for the people of a queue.
            models.Index(F("to_queue"), F("id"), condition=Q(state="open"), name="contentask_asks"),
        ]

    def __str__(self) -> str:
        return f"content ask {self.pk}: {self.state}"
