"""The rules: versions that are never changed, the rules inside, and drafts that are not turned on yet."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class RuleSet(models.Model):
    """One version of all rules in their order; the one with the highest number is in force."""

    class Mode(models.TextChoices):
        FIRST = "first", _("The first rule that fits decides")
        EVERY = "every", _("Every rule that fits counts; the higher one wins")

    number = models.PositiveIntegerField(unique=True)
    mode = models.CharField(max_length=5, choices=Mode.choices, default=Mode.FIRST)
    what = models.CharField(max_length=500, help_text="What changed, in words.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="null = as shipped",
    )
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(mode__in=["first", "every"]), name="ruleset_mode_known")]

    def __str__(self) -> str:
        return f"rules, version {self.number}"


class Rule(models.Model):
    """One rule in one version. `number` stays the same through all versions."""

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="rules", db_index=False)
    number = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    is_on = models.BooleanField(default=True)
    rest = models.BooleanField(default=False, help_text="“Everything else”: always last.")
    when = models.JSONField(help_text="As routing.rules.conditions reads it.")
    do = models.JSONField(help_text="As routing.rules.actions reads it.")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "number"], name="rule_once"),
            models.UniqueConstraint(fields=["rule_set", "position"], name="rule_position"),
            models.UniqueConstraint(fields=["rule_set"], condition=Q(rest=True), name="rule_one_rest"),
        ]

    def __str__(self) -> str:
        return self.name


class RuleDraft(models.Model):
    """A rule as somebody is writing it: new, or another wording of one that exists. It does nothing yet."""

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=80)
    when = models.JSONField()
    do = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    saved_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"draft of {self.name}"
