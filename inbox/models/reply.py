"""Saved replies: texts that are used again and again, and in which answers they were."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F

from inbox.models.queue import Queue
from inbox.models.shared import Shared
from inbox.models.work import Delivery
from inbox.querysets import SharedQuerySet


class SavedReply(Shared):
    """A text with variables. Where queues, networks or a language are named it is offered only there."""

    text = models.TextField()
    queues = models.ManyToManyField(Queue, related_name="+")
    networks = ArrayField(models.CharField(max_length=16), default=list)
    language = models.CharField(max_length=8, blank=True)

    objects: ClassVar[SharedQuerySet[SavedReply]] = SharedQuerySet.as_manager()  # type: ignore[assignment]


class SavedReplyUse(models.Model):
    """A saved reply was put into an answer, however it was changed after that."""

    reply = models.ForeignKey(SavedReply, on_delete=models.PROTECT, related_name="uses", db_index=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="saved_replies", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "reply"], name="savedreplyuse_once")]
        # How often one was used and what came of it: its newest uses.
        indexes = [models.Index("reply", F("id").desc(), name="savedreplyuse_newest")]

    def __str__(self) -> str:
        return f"saved reply {self.reply_id} in delivery {self.delivery_id}"
