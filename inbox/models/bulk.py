"""One act on many conversations: a snapshot of which, and what became of each."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inbox.models.conversation import Conversation


class Bulk(models.Model):
    """An act on a snapshot of conversations: shown first, then run by workers, undone for ten minutes.

    prepared → waiting → running → done | stopped → undoing → undone. A worker holds it by `lease_until`; that is
    only to spare two of them the same look: what happens to a row is decided under the row's own lock.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", _("Not begun")
        WAITING = "waiting", _("Waits for a worker")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    AT_WORK = ("waiting", "running", "undoing")
    OVER = ("done", "stopped")

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=16)
    values = models.JSONField(default=dict, help_text="What the act needs: to whom, which tags, until when.")
    title = models.CharField(max_length=200, help_text="The act in words.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    total = models.PositiveIntegerField()
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["done", "stopped", "undoing", "undone"]) | Q(ended_at__isnull=False),
                name="bulk_over_has_end",
            ),
        ]
        indexes = [
            # What workers look for.
            models.Index(fields=["id"], condition=Q(state__in=["waiting", "running", "undoing"]), name="bulk_at_work"),
        ]

    def __str__(self) -> str:
        return self.title


class BulkRow(models.Model):
    """One conversation of a bulk act. `before` is what an undo puts back, while `revision` is still that of the act."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits")
        DONE = "done", _("Done")
        SAME = "same", _("Was so already")
        REFUSED = "refused", _("Refused")
        LEFT = "left", _("Left, stopped")
        UNDONE = "undone", _("Undone")
        KEPT = "kept", _("Not undone")

    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, related_name="rows", db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was refused, or not undone.")
    before = models.JSONField(null=True)
    revision = models.IntegerField(null=True)

    class Meta:
        constraints = [
            # Also the way to the rows of one, by conversation.
            models.UniqueConstraint(fields=["bulk", "conversation"], name="bulkrow_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "undone", "kept"]) | Q(before__isnull=False, revision__isnull=False),
                name="bulkrow_done_can_be_undone",
            ),
        ]
        indexes = [
            # How many are where, and what is next.
            models.Index(fields=["bulk", "state", "id"], name="bulkrow_state"),
        ]

    def __str__(self) -> str:
        return f"{self.state}: conversation {self.conversation_id} in bulk {self.bulk_id}"
