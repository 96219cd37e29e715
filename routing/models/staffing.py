"""How a queue is staffed: its mode of assignment, what it asks of people, and what people can."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from inbox.models.conversation import Conversation
from inbox.models.queue import Queue
from routing.assignment import HIGHEST, LOWEST

LEVEL = [MinValueValidator(LOWEST), MaxValueValidator(HIGHEST)]


class Skill(models.Model):
    """Something that work may ask of people: a language (with its code) or anything else."""

    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60, unique=True)
    language = models.CharField(max_length=12, blank=True, help_text="ISO 639 code, where the skill is a language.")

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="skill_name"),
            models.UniqueConstraint(fields=["language"], condition=~Q(language=""), name="skill_one_per_language"),
        ]

    def __str__(self) -> str:
        return self.name


class AgentSkill(models.Model):
    """How well somebody can do something: 1 (a little) to 5 (as well as anybody)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="skills", db_index=False)
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="agents")
    level = models.PositiveSmallIntegerField(validators=LEVEL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "skill"], name="agentskill_once"),
            models.CheckConstraint(condition=Q(level__gte=LOWEST, level__lte=HIGHEST), name="agentskill_level"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: skill {self.skill_id} at {self.level}"


class WorkingPeriod(models.Model):
    """When somebody works, in their own time zone. Somebody without periods works whenever they say so.

    Minutes since midnight by the clock on the wall; past midnight `ends` is above 1440 (as in routing.calendar).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="working_periods", db_index=False
    )
    weekday = models.PositiveSmallIntegerField(help_text="0 = Monday.")
    starts = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField(help_text="At most 24 hours later.")

    class Meta:
        ordering = ["weekday", "starts"]
        constraints = [
            models.UniqueConstraint(fields=["user", "weekday", "starts"], name="workingperiod_once"),
            models.CheckConstraint(
                condition=Q(weekday__lte=6, starts__lte=1439, starts__lt=F("ends"), ends__lte=F("starts") + 1440),
                name="workingperiod_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: day {self.weekday} {self.starts}–{self.ends}"


class QueueStaffing(models.Model):
    """How the work of one queue finds its people. A queue without a row is pulled, and asks for no skill."""

    class Mode(models.TextChoices):
        PULL = "pull", _("Pull: people press “next”")
        ROUND_ROBIN = "round_robin", _("Push: in turn")
        LEAST_LOADED = "least_loaded", _("Push: to the least loaded")

    queue = models.OneToOneField(Queue, on_delete=models.CASCADE, primary_key=True, related_name="staffing")
    mode = models.CharField(max_length=12, choices=Mode.choices, default=Mode.PULL)
    same_agent_days = models.PositiveSmallIntegerField(
        null=True, help_text="Who answered this contact at most so many days ago is preferred; empty = nobody is."
    )
    language_level = models.PositiveSmallIntegerField(
        null=True, validators=LEVEL, help_text="Proficiency in the contact’s language; empty = it is not asked for."
    )
    lane_queue = models.ForeignKey(
        Queue,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="Who has the first refusal of what spreads; empty = nobody.",
    )
    lane_followers = models.PositiveIntegerField(null=True, help_text="From so many followers on.")
    lane_per_hour = models.PositiveIntegerField(null=True, help_text="From so many messages below the post an hour on.")
    lane_minutes = models.PositiveSmallIntegerField(default=15, help_text="How long they have it.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(language_level=None) | Q(language_level__gte=LOWEST, language_level__lte=HIGHEST),
                name="queuestaffing_language_level",
            ),
            models.CheckConstraint(
                condition=Q(lane_queue=None)
                | (~Q(lane_queue=F("queue")) & (Q(lane_followers__isnull=False) | Q(lane_per_hour__isnull=False))),
                name="queuestaffing_lane_leads_elsewhere",
            ),
            models.CheckConstraint(condition=Q(lane_minutes__gte=1), name="queuestaffing_lane_ends"),
        ]

    def __str__(self) -> str:
        return f"queue {self.queue_id}: {self.mode}"

    @property
    def pushes(self) -> bool:
        return self.mode != self.Mode.PULL


class QueueSkill(models.Model):
    """What all work of a queue asks of people."""

    staffing = models.ForeignKey(QueueStaffing, on_delete=models.CASCADE, related_name="skills", db_index=False)
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(validators=LEVEL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staffing", "skill"], name="queueskill_once"),
            models.CheckConstraint(condition=Q(level__gte=LOWEST, level__lte=HIGHEST), name="queueskill_level"),
        ]

    def __str__(self) -> str:
        return f"queue {self.staffing_id}: skill {self.skill_id} at {self.level}"


class ConversationSkill(models.Model):
    """What one conversation asks of people beyond its queue, and why: its language, or a rule."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="needed_skills", db_index=False
    )
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(validators=LEVEL)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "skill"], name="conversationskill_once"),
            models.CheckConstraint(condition=Q(level__gte=LOWEST, level__lte=HIGHEST), name="conversationskill_level"),
        ]

    def __str__(self) -> str:
        return f"conversation {self.conversation_id}: skill {self.skill_id} at {self.level}"


class Turn(models.Model):
    """When somebody had their last turn in a queue: the memory of “push: in turn”. Turns are counted, not timed."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "user"], name="turn_once")]

    def __str__(self) -> str:
        return f"turn {self.number} of queue {self.queue_id}: {self.user_id}"


class Skip(models.Model):
    """Somebody was given this as their next and left it, with a reason; they are not given it again."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="skips", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+", db_index=False)
    reason = models.CharField(max_length=300)
    skipped_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            # What somebody has skipped, for their next; and how often, for the page of people.
            models.Index("user", F("skipped_at").desc(), name="skip_by"),
            # Who skipped this.
            models.Index("conversation", name="skip_of"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} skipped conversation {self.conversation_id}"


class Lane(models.Model):
    """What spreads lies with another queue for a while: the influencer lane. Every lane has an end.

    open → taken (somebody there took it, it stays) | returned (nobody did in time, or they gave it back).
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        TAKEN = "taken", _("Taken")
        RETURNED = "returned", _("Returned")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="lanes", db_index=False)
    home_queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+", db_index=False)
    lane_queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+", db_index=False)
    case_number = models.PositiveIntegerField(help_text="At most one lane for each case.")
    why = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    began_at = models.DateTimeField(db_default=Now())
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "case_number"], name="lane_once_for_each_case"),
            models.UniqueConstraint(fields=["conversation"], condition=Q(state="open"), name="lane_one_open"),
            models.CheckConstraint(condition=~Q(home_queue=F("lane_queue")), name="lane_leads_elsewhere"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | Q(state__in=["taken", "returned"], ended_at__isnull=False),
                name="lane_ends_with_its_state",
            ),
        ]
        indexes = [
            # Lanes that are over.
            models.Index("until", condition=Q(state="open"), name="lane_over"),
        ]

    def __str__(self) -> str:
        return f"lane {self.pk}: {self.state}"
