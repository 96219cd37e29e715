"""What triage said, what people corrected, the random sample that judges it, and the models that were learnt."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from channels.models import Channel
from inbox.models.message import Message
from routing.triage.contracts import CORRECTABLE, LEARNT


class MessageTriage(models.Model):
    """The verdicts on one message by one version of triage: value, confidence, reason, who said it, second best."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="triage", db_index=False)
    version = models.CharField(max_length=64)
    language = models.CharField(max_length=8, blank=True)
    noise = models.CharField(max_length=16, blank=True)
    sentiment = models.CharField(max_length=16, blank=True)
    kind = models.CharField(max_length=16, blank=True)
    issue = models.CharField(max_length=60, blank=True)
    urgency = models.CharField(max_length=16, blank=True)
    reach = models.CharField(max_length=16, blank=True)
    personal_data = models.CharField(max_length=16, blank=True)
    answerable = models.CharField(max_length=16, blank=True)
    said = models.JSONField(help_text="By label: [confidence, reason, by, second].")
    judged_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "version"], name="messagetriage_once")]
        # What was judged lately, for the daily sample.
        indexes = [models.Index(fields=["judged_at"], name="messagetriage_lately")]

    def __str__(self) -> str:
        return f"triage of message {self.message_id} by {self.version}"


class Correction(models.Model):
    """What is right about one label of one message, as a person said; triage learns from it."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="corrections", db_index=False)
    label = models.CharField(max_length=16)
    value = models.CharField(max_length=60)
    was = models.CharField(max_length=60, blank=True, help_text="What triage had said.")
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    corrected_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "label"], name="correction_once"),
            models.CheckConstraint(condition=Q(label__in=CORRECTABLE), name="correction_label_known"),
        ]
        # What a label is learnt from, the newest first.
        indexes = [models.Index("label", F("id").desc(), name="correction_label")]

    def __str__(self) -> str:
        return f"{self.label} of message {self.message_id} is {self.value}"


class SampleItem(models.Model):
    """One message that chance chose, for a person to confirm or correct. Only these judge; nothing learns from them."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CONFIRMED = "confirmed", _("Confirmed")
        CORRECTED = "corrected", _("Corrected")
        SKIPPED = "skipped", _("Skipped")

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="sample")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    drawn_on = models.DateField()
    said = models.JSONField(help_text="By label: what triage had said when it was drawn.")
    truth = models.JSONField(default=dict, help_text="By label: what the person said.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None, decided_by=None)
                | (~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="sampleitem_decided_by_somebody",
            ),
        ]
        indexes = [
            # What waits for somebody's look, the oldest first.
            models.Index(fields=["drawn_on", "id"], condition=Q(state="open"), name="sampleitem_open"),
            # What judges on one channel.
            models.Index(fields=["channel", "id"], condition=~Q(state="open"), name="sampleitem_judges"),
        ]

    def __str__(self) -> str:
        return f"sample of {self.drawn_on}: message {self.message_id}"


class TriageModel(models.Model):
    """One version of a learnt model, for one label on one channel or in one language. `data` is no pickle."""

    class State(models.TextChoices):
        CHALLENGER = "challenger", _("Not better")
        IN_FORCE = "in_force", _("In force")
        RETIRED = "retired", _("Was in force")

    label = models.CharField(max_length=16)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    language = models.CharField(max_length=8, blank=True)
    data = models.BinaryField()
    corrections = models.PositiveIntegerField(help_text="How many it was learnt from.")
    sample = models.PositiveIntegerField(help_text="How many judged it.")
    old_score = models.FloatField(help_text="Macro-F1 on the sample of what was in force.")
    new_score = models.FloatField(help_text="Its own macro-F1 on the same.")
    lower_bound = models.FloatField(help_text="Of the gain, by a paired bootstrap; above 0 it takes over.")
    state = models.CharField(max_length=10, choices=State.choices)
    made_at = models.DateTimeField(db_default=Now())
    in_force_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["label", "channel", "language"],
                condition=Q(state="in_force"),
                nulls_distinct=False,
                name="triagemodel_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(channel__isnull=False, language="") | (Q(channel=None) & ~Q(language="")),
                name="triagemodel_channel_or_language",
            ),
            models.CheckConstraint(condition=Q(label__in=LEARNT), name="triagemodel_label_known"),
        ]
        # Newest first, per label.
        indexes = [models.Index("label", F("id").desc(), name="triagemodel_newest")]

    def __str__(self) -> str:
        return f"{self.label} {self.pk}"
