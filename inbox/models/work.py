"""What people do in a conversation: drafts, deliveries, notes, tags, and the events that tell of it all."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from channels.models import Brand, Channel
from channels.splitting import numbered
from inbox.models.conversation import Case, Conversation
from inbox.models.message import Message
from inbox.parts import OPEN_STATES


class Draft(models.Model):
    """Text not sent, one per person, conversation and mode; kept through reloads and devices."""

    class Mode(models.TextChoices):
        PUBLIC = "public", _("Public")
        PRIVATE = "private", _("Private")
        NOTE = "note", _("Note")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mode = models.CharField(max_length=7, choices=Mode.choices)
    text = models.TextField()
    seen_revision = models.IntegerField(default=0)
    client_token = models.UUIDField()
    saved_replies = ArrayField(models.BigIntegerField(), default=list, help_text="Ids of those that were put into it.")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "user", "mode"], name="draft_once")]
        indexes = [
            # "Drafts" of one person, newest first.
            models.Index("user", F("updated_at").desc(), name="draft_mine"),
        ]

    def __str__(self) -> str:
        return f"draft in conversation {self.conversation_id}"


class Delivery(models.Model):
    """The story of one outgoing message at the network (reliability.md §2.2).

    held → queued → sending → sent | failed | unknown; unknown → sent | needs_human; needs_human → queued; what is
    neither at the network nor on its way there may be cancelled. `fence` names the attempt: a sender that wakes
    up late writes nothing over a later one. `send_at` is also when an unknown outcome is looked up next.
    `settle_from` is the moment from which the outcome can no longer change by our hand: when it became unknown or
    when the sender was first found dead. Never the time of the claim (reliability.md §0, run S).
    """

    class State(models.TextChoices):
        HELD = "held", _("Held")
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not sent")
        UNKNOWN = "unknown", _("Not known")
        NEEDS_HUMAN = "needs_human", _("Needs a person")
        CANCELLED = "cancelled", _("Taken back")

    # Of these one try may stand on the network, whatever was decided about it since.
    DOUBTFUL = Q(state__in=["sending", "unknown", "needs_human"]) | Q(
        state__in=["queued", "cancelled"], settle_from__isnull=False
    )
    UNSETTLED = OPEN_STATES
    IN_FLIGHT = ("sending", "unknown", "needs_human")

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    # Together with `conversation` a foreign key to (conversation.id, conversation.channel), made in a migration.
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="deliveries")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answers = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="answers")
    # A text that one post does not hold goes as several, each with a row of its own.
    after = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="next",
        help_text="The part before; this one answers it, and waits until it is sent.",
    )
    part = models.PositiveSmallIntegerField(default=1, db_default=1)
    parts = models.PositiveSmallIntegerField(default=1, db_default=1)
    visibility = models.CharField(max_length=7, choices=Message.Visibility.choices)
    text = models.TextField(help_text="As it was written: the number of a part is added when it leaves.")
    state = models.CharField(max_length=12, choices=State.choices, default=State.HELD)
    client_token = models.CharField(max_length=100)
    body_hash = models.CharField(max_length=64)
    second_answer = models.BooleanField(default=False, help_text="Said openly to be a second answer.")
    resolve_after = models.CharField(max_length=16, blank=True, help_text="Disposition to set when sent.")
    created_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(
        db_default=Now(),
        help_text="What was stored until then who submitted it, or sent it again, could have seen.",
    )
    send_at = models.DateTimeField(help_text="Held until then; later also when the network lets us try again.")
    attempt = models.PositiveIntegerField(default=0)
    fence = models.BigIntegerField(default=0)
    sending_at = models.DateTimeField(null=True)
    account_external_id = models.CharField(
        max_length=64, blank=True, help_text="The account as whom it is sent, as known at the claim."
    )
    settle_from = models.DateTimeField(null=True)
    reads = models.PositiveSmallIntegerField(default=0, help_text="Look-ups in which it was absent.")
    read_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    external_id = models.CharField(max_length=128, blank=True)
    message = models.OneToOneField(Message, on_delete=models.PROTECT, null=True, related_name="delivery")
    error_code = models.CharField(max_length=40, blank=True)
    error = models.CharField(max_length=300, blank=True, help_text="What the network said, in a sentence.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "client_token"], name="delivery_client_token"),
            # One open answer to one message, unless it was said to be a second one.
            models.UniqueConstraint(
                fields=["conversation", "answers"],
                condition=Q(
                    state__in=["held", "queued", "sending", "unknown", "needs_human"], second_answer=False, part=1
                ),
                nulls_distinct=False,
                name="delivery_one_open_answer",
            ),
            models.UniqueConstraint(
                fields=["channel", "external_id"], condition=~Q(external_id=""), name="delivery_external_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(settled_at__isnull=False), name="delivery_sent_is_settled"
            ),
            models.CheckConstraint(
                condition=~Q(state="unknown") | Q(settle_from__isnull=False),
                name="delivery_unknown_has_clock",
            ),
            models.CheckConstraint(
                condition=Q(part=1, after__isnull=True) | Q(part__gt=1, part__lte=F("parts"), after__isnull=False),
                name="delivery_part_follows",
            ),
        ]
        indexes = [
            # What the sender and the settler look for.
            models.Index(
                fields=["send_at"],
                condition=Q(state__in=["held", "queued", "sending", "unknown"]),
                name="delivery_due",
            ),
            models.Index(fields=["conversation", "id"], name="delivery_conversation"),
            # May a post of our own that has just come in be one of these?
            models.Index(
                fields=["channel"],
                condition=Q(state__in=["sending", "unknown", "needs_human"])
                | Q(state__in=["queued", "cancelled"], settle_from__isnull=False),
                name="delivery_doubtful",
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}: {self.state}"

    @property
    def wire_text(self) -> str:
        """The text as it stands on the network, with the number of its part."""
        return numbered(self.text, self.part, self.parts)

    @property
    def target_id(self) -> str | None:
        """The network's id of what it is a reply to: the part before, or the message that is answered."""
        if self.after is not None:
            return self.after.external_id
        return self.answers.external_id if self.answers else None


class OutgoingFile(models.Model):
    """A file that goes out with an answer, re-encoded before it is stored."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="files", db_index=False)
    position = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=60)
    content = models.BinaryField()
    alt = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "position"], name="outgoingfile_position")]

    def __str__(self) -> str:
        return f"file {self.position} of delivery {self.delivery_id}"


class Note(models.Model):
    """A word among colleagues; never leaves the house. A table, form and endpoint of its own."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="notes", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    mentions = models.JSONField(
        default=list, help_text="Who is named in it: at, end (characters), kind (person, team), id, told."
    )
    client_token = models.CharField(max_length=100)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "author", "client_token"], name="note_client_token")
        ]
        indexes = [models.Index(fields=["conversation", "id"], name="note_conversation")]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Tag(models.Model):
    """A word that people put on conversations."""

    name = models.CharField(max_length=40, unique=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class ConversationTag(models.Model):
    """A tag on a conversation."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="tag_rows")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="rows")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "tag"], name="conversationtag_once")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.conversation_id}"


class ConversationEvent(models.Model):
    """What happened, and who did it: append-only, defended by the database; timeline, metrics and hooks read it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="null = the system",
    )
    occurred_at = models.DateTimeField(db_default=Now())
    data = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    dispatched_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "id"], name="event_timeline"),
            # The sweeper: what no subscriber has been told yet.
            models.Index(fields=["id"], condition=Q(dispatched_at=None), name="event_undispatched"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in conversation {self.conversation_id}"


class TriageWork(models.Model):
    """Messages that came together and wait to be judged and routed; gone in the transaction that has routed them.

    A row is a page's worth, so that storing costs one more row and not one more a message. What cannot be taken in
    is halved until the one message is found that is at fault.
    """

    message_ids = ArrayField(models.BigIntegerField())
    created_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(
        null=True, db_default=Now(), help_text="When it is due; empty = given up, a person has to look."
    )
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            # What is due, oldest first.
            models.Index(fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="triagework_due"),
        ]

    def __str__(self) -> str:
        return f"{len(self.message_ids)} messages wait for triage"


class MissedEvent(models.Model):
    """An event that one subscriber could not take in; it is told again, a few times, and then left for people."""

    event = models.ForeignKey(ConversationEvent, on_delete=models.PROTECT, related_name="missed", db_index=False)
    subscriber = models.CharField(max_length=80)
    attempts = models.PositiveSmallIntegerField(default=1)
    next_at = models.DateTimeField(null=True, help_text="When it is told again; empty = given up.")
    error = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "subscriber"], name="missedevent_once")]
        indexes = [
            # What is due to be told again.
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="missedevent_due"),
        ]

    def __str__(self) -> str:
        return f"event {self.event_id} missed by {self.subscriber}"
