"""Threads, conversations and cases. A conversation is a narrow row without text: it changes often, what is
searched does not (performance.md, trap 1)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from channels.models import Brand, Channel
from inbox.models.people import Profile
from inbox.models.queue import Queue
from inbox.querysets import ConversationQuerySet


class Far(Func):
    """The end of time, so that nulls sort last and a page can go on by comparing rows."""

    template = "'infinity'::timestamptz"
    arity = 0
    output_field = models.DateTimeField()


class Thread(models.Model):
    """A public post with all below it, on one channel. Its text is the message with that external id."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="threads", db_index=False)
    root_external_id = models.CharField(max_length=128)
    own_post = models.BooleanField(default=False, help_text="The post on top is ours.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "root_external_id"], name="thread_root")]

    def __str__(self) -> str:
        return f"thread {self.root_external_id}"


class Conversation(models.Model):
    """The exchange with one profile in one thread, or one private exchange, on one channel; it has the owner.

    `thread_key` is `post:<root>` or `dm:<id>`. `revision` is raised by every change. `waiting_since` is the
    network time of the contact's oldest message that has no answer; open with it = needs reply.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        PENDING = "pending", _("Pending")
        SNOOZED = "snoozed", _("Snoozed")
        RESOLVED = "resolved", _("Resolved")

    class Priority(models.IntegerChoices):
        URGENT = 1, _("Urgent")
        HIGH = 2, _("High")
        NORMAL = 3, _("Normal")
        LOW = 4, _("Low")

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="conversations", db_index=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, null=True, related_name="conversations")
    thread_key = models.CharField(max_length=140)
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="conversations")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="conversations", db_index=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="owned", db_index=False
    )
    lease_until = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    waiting_since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True, help_text="Network time of our newest human answer.")
    answer_seen_at = models.DateTimeField(
        null=True,
        help_text="What was stored until then the author of our newest answer could have seen; null = it was given at "
        "the network, or there is none.",
    )
    last_message_at = models.DateTimeField(db_default=Now(), help_text="Network time of the newest message.")
    last_message = models.BigIntegerField(null=True, help_text="Id of the newest message, for the row's snippet.")
    revision = models.IntegerField(default=1)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="A late parent showed that it is part of another conversation (services/rethreading.py).",
    )
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[ConversationQuerySet] = ConversationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "thread_key", "profile"], name="conversation_key"),
            # Target of the composite foreign key of Delivery: an answer cannot leave by another account.
            models.UniqueConstraint(fields=["id", "channel"], name="conversation_channel"),
            models.CheckConstraint(
                condition=Q(status="open") | Q(waiting_since=None), name="conversation_waits_only_open"
            ),
            models.CheckConstraint(
                condition=Q(status="snoozed", snoozed_until__isnull=False)
                | (~Q(status="snoozed") & Q(snoozed_until=None)),
                name="conversation_snoozed_until",
            ),
            models.CheckConstraint(
                condition=Q(lease_until=None) | (Q(owner__isnull=False) & Q(status="open")),
                name="conversation_lease_has_owner",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "pending", "snoozed", "resolved"]),
                name="conversation_status_known",
            ),
        ]
        indexes = [
            # The list of one queue and brand in the default order: due, waiting, id, nulls last.
            models.Index(
                "queue",
                "brand",
                "status",
                Coalesce("due_at", Far()),
                Coalesce("waiting_since", Far()),
                "id",
                name="conversation_lane",
            ),
            # Lists of what is not open, and of whatever somebody wants to see, newest first.
            models.Index(
                "queue",
                "brand",
                "status",
                F("last_message_at").desc(),
                F("id").desc(),
                name="conversation_lane_latest",
            ),
            # The list of one channel in the default order. Its lane may hold a hundred times as many of another
            # channel of the brand, and all of them when this one is empty (docs/benchmarks.md).
            models.Index(
                "channel",
                "queue",
                Coalesce("due_at", Far()),
                Coalesce("waiting_since", Far()),
                "id",
                condition=Q(status="open"),
                name="conversation_channel_open",
            ),
            # "Assigned to me" in the default order.
            models.Index(
                "owner",
                "status",
                Coalesce("due_at", Far()),
                Coalesce("waiting_since", Far()),
                "id",
                condition=Q(owner__isnull=False),
                name="conversation_mine",
            ),
            # Leases that run out.
            models.Index("lease_until", condition=Q(lease_until__isnull=False), name="conversation_lease"),
            # Snoozes that end.
            models.Index("snoozed_until", condition=Q(snoozed_until__isnull=False), name="conversation_snooze"),
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk}"

    @property
    def is_private(self) -> bool:
        return self.thread_key.startswith("dm:")

    @property
    def needs_reply(self) -> bool:
        return self.waiting_since is not None


class Case(models.Model):
    """One occasion of work in a conversation; clocks and metrics hang on it. At most one is open."""

    class Disposition(models.TextChoices):
        ANSWERED = "answered", _("Answered")
        WONT_RESPOND = "wont_respond", _("Won’t respond")
        EXPIRED = "expired", _("Expired")
        SPAM = "spam", _("Spam")
        DUPLICATE = "duplicate", _("Duplicate")

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="cases", db_index=False)
    number = models.PositiveIntegerField()
    opened_at = models.DateTimeField(db_default=Now())
    first_inbound_at = models.DateTimeField(null=True)
    first_answer_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    disposition = models.CharField(max_length=16, choices=Disposition.choices, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="case_number"),
            models.UniqueConstraint(fields=["conversation"], condition=Q(resolved_at=None), name="case_one_open"),
            models.CheckConstraint(
                condition=Q(resolved_at=None, disposition="") | (Q(resolved_at__isnull=False) & ~Q(disposition="")),
                name="case_resolved_with_disposition",
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.number} of conversation {self.conversation_id}"


class ConversationLink(models.Model):
    """A public conversation and the private one that it moved to: shown as one stream."""

    public = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="private_links", db_index=False)
    private = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="public_links")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["public", "private"], name="conversationlink_once"),
            models.CheckConstraint(condition=~Q(public=F("private")), name="conversationlink_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} moved to {self.private_id}"


class Grant(models.Model):
    """Somebody, or a team, may read a conversation beyond the queue's own people (product.md, Who sees what)."""

    class Reason(models.TextChoices):
        OWNER = "owner", _("owns or owned it")
        MENTIONED = "mentioned", _("was mentioned")
        FOLLOWER = "follower", _("follows it")
        HANDOFF = "handoff", _("is asked to take it")
        CONTENT = "content", _("is asked for content")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="grants")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            # Who is told of a new message.
            models.Index(fields=["conversation"], condition=Q(reason="follower"), name="grant_followers"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "conversation", "reason"],
                condition=Q(user__isnull=False),
                name="grant_user_once",
            ),
            models.UniqueConstraint(
                fields=["team", "conversation", "reason"],
                condition=Q(team__isnull=False),
                name="grant_team_once",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, team=None) | Q(user=None, team__isnull=False),
                name="grant_user_or_team",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} of conversation {self.conversation_id}"


class Count(models.Model):
    """How many conversations stand where: kept, never counted. Written by a database trigger as deltas.

    The truth of a counter is the sum of `Count` and `CountDelta`; `services.counts.fold` joins them.
    """

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+", db_index=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    status = models.CharField(max_length=10)
    waiting = models.BooleanField()
    n = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "brand", "owner", "status", "waiting"],
                nulls_distinct=False,
                name="count_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.n} {self.status} in queue {self.queue_id}"


class CountDelta(models.Model):
    """What one statement changed in the counters: insert only, so that no two claims wait for each other."""

    queue_id = models.BigIntegerField()
    brand_id = models.BigIntegerField()
    owner_id = models.BigIntegerField(null=True)
    status = models.CharField(max_length=10)
    waiting = models.BooleanField()
    n = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.n:+d} {self.status} in queue {self.queue_id}"
