"""What crossed the wire. A message's text is never changed, only erased (the database sees to it)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from channels.models import Channel
from inbox.models.conversation import Conversation, Thread
from inbox.models.people import Profile


class Message(models.Model):
    """A post, comment or private message, in or out. Without a conversation it is context: shown, never work.

    `notes` says in which of the three permitted ways the text differs from what came; `sources` through which
    streams it arrived. `in_reply_to` is the network's id of the parent, never a key of ours.
    """

    class Direction(models.TextChoices):
        IN = "in"
        OUT = "out"

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Public")
        PRIVATE = "private", _("Private")

    class Noted(models.IntegerChoices):
        """Bits of `notes`."""

        ENTITIES = 1
        NUL = 2
        CARD = 4
        SURROGATE = 8

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="messages", db_index=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, null=True, related_name="messages", db_index=False
    )
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, null=True, related_name="messages", db_index=False)
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, null=True, related_name="messages", db_index=False)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    visibility = models.CharField(max_length=7, choices=Visibility.choices)
    external_id = models.CharField(max_length=128)
    in_reply_to = models.CharField(max_length=128, blank=True)
    text = models.TextField(blank=True)
    permalink = models.TextField(blank=True)
    names_us = models.BooleanField(default=False, help_text="The text names or quotes the account.")
    notes = models.PositiveSmallIntegerField(default=0)
    sources = models.PositiveSmallIntegerField(default=0)
    posted_at = models.DateTimeField()
    ingested_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    liked_at = models.DateTimeField(null=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="Our colleague who wrote it; null for answers given elsewhere.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_id"], name="message_once"),
        ]
        indexes = [
            # A conversation's stream, newest 50 first; also "is there an inbound one after our answer?".
            models.Index(
                fields=["conversation", "posted_at", "id"],
                condition=Q(conversation__isnull=False),
                name="message_stream",
            ),
            # Children of a late parent; who answered this message already.
            models.Index(fields=["channel", "in_reply_to"], condition=~Q(in_reply_to=""), name="message_children"),
            # Context of a thread: posts that are in no conversation.
            models.Index(fields=["thread", "posted_at"], condition=Q(conversation=None), name="message_context"),
            # Full text; rows of our own configuration `socialcare` (simple words without accents).
            GinIndex(SearchVector("text", config="socialcare"), name="message_text"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def is_inbound(self) -> bool:
        return self.direction == self.Direction.IN

    @property
    def is_private(self) -> bool:
        return self.visibility == self.Visibility.PRIVATE

    def waits_below_answer(self, conversation: Conversation) -> bool:
        """Whether it waits although our newest answer was posted later: that was written without knowing of it."""
        since, answered, seen = conversation.waiting_since, conversation.answered_at, conversation.answer_seen_at
        if since is None or answered is None or seen is None or self.conversation_id != conversation.pk:
            return False
        if self.deleted_at is not None:
            return False
        return self.is_inbound and since <= self.posted_at <= answered and self.ingested_at > seen


class MessageRaw(models.Model):
    """The bytes as they came (card numbers cut), for 30 days. Bytes, never jsonb: one NUL must not stop a page."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True, related_name="raw")
    raw = models.BinaryField()

    def __str__(self) -> str:
        return f"raw of message {self.message_id}"


class MessageFigures(models.Model):
    """How far a public post has come, as its network counted when it was read; null = it did not say."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True, related_name="figures")
    views = models.PositiveBigIntegerField(null=True)
    shares = models.PositiveBigIntegerField(null=True)
    likes = models.PositiveBigIntegerField(null=True)
    replies = models.PositiveBigIntegerField(null=True)
    read_at = models.DateTimeField(help_text="When these figures were read first.")

    def __str__(self) -> str:
        return f"figures of message {self.message_id}"


class MessageVersion(models.Model):
    """A later wording of a message; X gives each edit an id of its own."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="versions")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    external_id = models.CharField(max_length=128)
    text = models.TextField(blank=True)
    notes = models.PositiveSmallIntegerField(default=0)
    posted_at = models.DateTimeField()
    ingested_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            # On Facebook an edit keeps its id; its time tells the versions apart.
            models.UniqueConstraint(fields=["channel", "external_id", "posted_at"], name="messageversion_once"),
        ]
        indexes = [GinIndex(SearchVector("text", config="socialcare"), name="messageversion_text")]

    def __str__(self) -> str:
        return f"version of message {self.message_id}"


class Attachment(models.Model):
    """A picture, video or link of a message, by its address at the network. Browsers see it through our proxy only."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments", db_index=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    url = models.TextField()
    preview_url = models.TextField(blank=True)
    alt = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "position"], name="attachment_position")]

    def __str__(self) -> str:
        return f"attachment {self.position} of message {self.message_id}"


class LookedUp(models.Model):
    """A post that we were not sent, that was asked for and that the network did not show: it is not asked for again."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=128)
    asked_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "external_id"], name="lookedup_once")]

    def __str__(self) -> str:
        return f"{self.external_id}: absent"
