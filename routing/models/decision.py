"""What the rules said and did, and what they would have done."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from routing.models.rule import RuleSet


class Decision(models.Model):
    """What the rules said about a message: by which version, from which facts. Its text stays with the message.

    A person who puts a verdict right has them asked again; what is done then is done only while nobody has it in hand.
    """

    class Held(models.TextChoices):
        OWNED = "owned", _("somebody has it")
        BY_HAND = "by_hand", _("a person has said where it belongs")
        RESTED = "rested", _("nothing waits in it")

    message = models.ForeignKey("inbox.Message", on_delete=models.CASCADE, related_name="decisions", db_index=False)
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+", db_index=False)
    rules = models.JSONField(default=list, help_text="Numbers of the rules that fitted, in order.")
    facts = models.JSONField(help_text="As routing.rules.packing packs them.")
    outcome = models.JSONField(default=dict)
    again = models.PositiveSmallIntegerField(default=0, help_text="After how many corrections; 0 = as it came in.")
    held = models.CharField(max_length=8, blank=True, choices=Held.choices, help_text="Why nothing of it was done.")
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "rule_set", "again"], name="decision_once_each_time")]
        indexes = [
            # The last week, for counts and back-tests.
            models.Index(fields=["decided_at", "id"], name="decision_time"),
        ]

    def __str__(self) -> str:
        return f"decision on message {self.message_id}"


class RuleEpisode(models.Model):
    """A rule that waits has fired: once for each time that what it watches stood still since `since`."""

    number = models.PositiveIntegerField()
    conversation = models.ForeignKey("inbox.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False)
    since = models.DateTimeField(help_text="Since when nothing that the rule watches has changed.")
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+", db_index=False)
    sentence = models.CharField(max_length=2000)
    outcome = models.JSONField(default=dict)
    fired_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "number", "since"], name="ruleepisode_once")]

    def __str__(self) -> str:
        return f"rule {self.number} fired in conversation {self.conversation_id}"


class Backtest(models.Model):
    """What a rule would have done: a job with progress, which anybody who may change rules can end."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    number = models.PositiveIntegerField(help_text="The rule that is tested.")
    base = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    when = models.JSONField()
    do = models.JSONField()
    days = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=9, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0, help_text="Messages looked at.")
    total = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, help_text="A worker that died gives it up by then.")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"], finished_at=None)
                | Q(state__in=["done", "cancelled", "failed"], finished_at__isnull=False),
                name="backtest_finished",
            ),
            # One at a time for each rule.
            models.UniqueConstraint(
                fields=["number"], condition=Q(state__in=["queued", "running"]), name="backtest_one_of_a_rule"
            ),
        ]
        indexes = [
            # The newest of one rule.
            models.Index("number", F("id").desc(), name="backtest_newest"),
        ]

    def __str__(self) -> str:
        return f"back-test {self.pk}: {self.state}"


class BacktestOpinion(models.Model):
    """Whether one example of a back-test looks right to whoever may change the rules; the newest word counts."""

    backtest = models.ForeignKey(Backtest, on_delete=models.CASCADE, related_name="opinions", db_index=False)
    message = models.ForeignKey("inbox.Message", on_delete=models.CASCADE, related_name="+")
    right = models.BooleanField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    given_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["backtest", "message"], name="backtestopinion_once")]

    def __str__(self) -> str:
        return f"message {self.message_id} of back-test {self.backtest_id}: {'right' if self.right else 'wrong'}"
