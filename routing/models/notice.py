"""What somebody is told in the app: of a conversation, or of something that they set up."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from inbox.models.conversation import Conversation


class Notice(models.Model):
    """One sentence for one person, until they have read it. Its kind is one of `routing.notice_kinds`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, null=True, related_name="notices")
    kind = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    key = models.CharField(max_length=100, blank=True, help_text="What it is about; nobody is told the same twice.")
    in_app = models.BooleanField(default=True, help_text="It stands in the list; else it is for the digest alone.")
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True, help_text="When it went into a digest.")
    to_push = models.BooleanField(db_default=False, help_text="It waits to be spread over the person's devices.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], condition=~Q(key=""), name="notice_once"),
        ]
        indexes = [
            # One person's notices, newest first.
            models.Index("user", F("id").desc(), name="notice_mine"),
            # Whom to tell that what was asked is decided.
            models.Index(fields=["key"], condition=Q(read_at=None) & ~Q(key=""), name="notice_open_key"),
            # What waits to be spread over devices.
            models.Index(fields=["id"], condition=Q(to_push=True), name="notice_to_push"),
            # How many of them are not read.
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}: {self.kind}"
