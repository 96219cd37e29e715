"""Macros: several acts with one name; and when one was run where."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from inbox.models.conversation import Conversation
from inbox.models.shared import Shared
from inbox.querysets import SharedQuerySet


class Macro(Shared):
    """Steps as `routing.macro_steps` reads them."""

    steps = models.JSONField()

    objects: ClassVar[SharedQuerySet[Macro]] = SharedQuerySet.as_manager()  # type: ignore[assignment]


class MacroRun(models.Model):
    """One run on one conversation; `undo`: what takes each act back, in the order in which they were done."""

    macro = models.ForeignKey(Macro, on_delete=models.PROTECT, related_name="runs")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="+", db_index=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    client_token = models.CharField(max_length=100)
    undo = models.JSONField()
    revision = models.IntegerField(help_text="Of the conversation after it.")
    ran_at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "actor", "client_token"], name="macrorun_client_token")
        ]

    def __str__(self) -> str:
        return f"macro {self.macro_id} in conversation {self.conversation_id}"
