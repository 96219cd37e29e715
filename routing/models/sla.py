"""What is promised, and how it is kept: policies in versions, one clock per promise, and the jobs that reckon anew."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from channels.models import Channel
from inbox.models.conversation import Case, Conversation
from inbox.models.queue import Queue
from routing.models.hours import BusinessHours, HoursVersion


class SlaSetup(models.Model):
    """One row that changes whenever a policy or hours change: workers compare it instead of reading all anew."""

    stamp = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="slasetup_one")]

    def __str__(self) -> str:
        return str(self.stamp)


class SlaPolicy(models.Model):
    """Whom it is for: a queue, a channel, both or all; the narrowest counts. Or nobody, unless a rule chooses it."""

    name = models.CharField(max_length=80, unique=True)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, null=True, related_name="+")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, null=True, related_name="+")
    by_rule = models.BooleanField(default=False, help_text="Only where a rule chooses it.")
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "channel"],
                condition=Q(archived_at=None, by_rule=False),
                nulls_distinct=False,
                name="slapolicy_one_per_place",
            ),
            models.CheckConstraint(
                condition=Q(by_rule=False) | Q(queue=None, channel=None), name="slapolicy_by_rule_has_no_place"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SlaVersion(models.Model):
    """What a policy says from then on; never changed."""

    class OnBreach(models.TextChoices):
        NOTHING = "nothing", _("Leave it where it is")
        RELEASE = "release", _("Take it from its owner, back into its queue")
        MOVE = "move", _("Move it to another queue")

    policy = models.ForeignKey(SlaPolicy, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    hours = models.ForeignKey(
        BusinessHours, on_delete=models.PROTECT, null=True, related_name="+", help_text="Empty = by the calendar."
    )
    pause_pending = models.BooleanField(default=True)
    pause_snoozed = models.BooleanField(default=True)
    warn_percent = models.PositiveSmallIntegerField(default=30, help_text="Share of the time left when it is at risk.")
    on_breach = models.CharField(max_length=8, choices=OnBreach.choices, default=OnBreach.NOTHING)
    move_to = models.ForeignKey(Queue, on_delete=models.PROTECT, null=True, related_name="+")
    tell_owner = models.BooleanField(default=True)
    told = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="slaversion_number"),
            models.CheckConstraint(condition=Q(warn_percent__gte=1, warn_percent__lte=90), name="slaversion_warn"),
            models.CheckConstraint(
                condition=Q(on_breach="move", move_to__isnull=False)
                | Q(on_breach__in=["nothing", "release"], move_to=None),
                name="slaversion_move_to",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of policy {self.policy_id}"


class ClockKind(models.TextChoices):
    FIRST = "first", _("First response")
    NEXT = "next", _("Next response")
    RESOLUTION = "resolution", _("Resolution")


class SlaTarget(models.Model):
    """How long one version gives for one kind of promise, at one priority or (null) at every other."""

    version = models.ForeignKey(SlaVersion, on_delete=models.CASCADE, related_name="targets", db_index=False)
    kind = models.CharField(max_length=10, choices=ClockKind.choices)
    priority = models.PositiveSmallIntegerField(choices=Conversation.Priority.choices, null=True)
    minutes = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "kind", "priority"], nulls_distinct=False, name="slatarget_once"
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=525_600), name="slatarget_minutes"),
            models.CheckConstraint(condition=Q(kind__in=["first", "next", "resolution"]), name="slatarget_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} within {self.minutes} min"


class ChosenPolicy(models.Model):
    """A rule has chosen the policy of a case, whatever queue and channel say."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="chosen_policy")
    policy = models.ForeignKey(SlaPolicy, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"policy {self.policy_id} of case {self.case_id}"


class SlaClock(models.Model):
    """One promise in one case. It runs until `ended_at`; `met_at` is when what was promised happened.

    `due_at` and `warn_at` are empty while it is paused. `ingested_at` less `started_at` is the delay of ingest.
    `pauses` is a list of [from, to or null].
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    kind = models.CharField(max_length=10, choices=ClockKind.choices)
    turn = models.PositiveIntegerField(default=0)
    version = models.ForeignKey(SlaVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    hours_version = models.ForeignKey(
        HoursVersion, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    seconds = models.PositiveIntegerField()
    warn_seconds = models.PositiveIntegerField()
    pause_pending = models.BooleanField()
    pause_snoozed = models.BooleanField()
    started_at = models.DateTimeField(help_text="Network time of what the contact wrote.")
    ingested_at = models.DateTimeField(null=True)
    pauses = models.JSONField(default=list)
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "turn"], name="slaclock_once"),
            models.CheckConstraint(condition=Q(met_at=None) | Q(met_at=F("ended_at")), name="slaclock_met_is_ended"),
            models.CheckConstraint(condition=Q(due_at=None) | Q(due_at__gte=F("started_at")), name="slaclock_due"),
            models.CheckConstraint(
                condition=Q(due_at=None, warn_at=None) | Q(warn_at__lte=F("due_at")), name="slaclock_warns_before"
            ),
            models.CheckConstraint(condition=Q(kind__in=["first", "next", "resolution"]), name="slaclock_kind"),
            models.CheckConstraint(condition=Q(kind="next") | Q(turn=0), name="slaclock_turn"),
        ]
        indexes = [
            # Who is to be warned.
            models.Index(
                fields=["warn_at"],
                condition=Q(ended_at=None, warned_at=None, breached_at=None, warn_at__isnull=False),
                name="slaclock_warn",
            ),
            # What is late.
            models.Index(
                fields=["due_at"],
                condition=Q(ended_at=None, breached_at=None, due_at__isnull=False),
                name="slaclock_late",
            ),
            # The running clocks of a conversation, for its row; all of them, for its thread.
            models.Index(fields=["conversation"], name="slaclock_conversation"),
            # Running clocks in order, for a job that reckons them anew.
            models.Index(fields=["id"], condition=Q(ended_at=None, breached_at=None), name="slaclock_running"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} clock {self.pk} of case {self.case_id}"


class SlaJob(models.Model):
    """Running clocks are reckoned anew because hours or a policy changed: what for, by whom, and how far it is."""

    hours = models.ForeignKey(BusinessHours, on_delete=models.PROTECT, null=True, related_name="jobs")
    policy = models.ForeignKey(SlaPolicy, on_delete=models.PROTECT, null=True, related_name="jobs")
    lengthens = models.BooleanField(default=False, help_text="Whether clocks may get more time by it.")
    reason = models.CharField(max_length=300)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    after = models.BigIntegerField(default=0, help_text="Id of the last one that was looked at.")
    total = models.PositiveIntegerField(null=True, help_text="How many there were when it began; null = not begun.")
    seen = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__isnull=False, policy=None) | Q(hours=None, policy__isnull=False),
                name="slajob_hours_or_policy",
            ),
        ]
        indexes = [
            # What is still to be done.
            models.Index(fields=["id"], condition=Q(finished_at=None), name="slajob_open"),
        ]

    def __str__(self) -> str:
        return f"job {self.pk}: {self.reason}"
