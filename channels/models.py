"""Brands and their connected accounts: credentials at rest, streams with cursor, lease and health, money spent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Brand(models.Model):
    """A name under which the organisation speaks; visibility is cut along brands first."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    sending_halted_at = models.DateTimeField(null=True, help_text="Kill switch: nothing is sent for this brand.")
    words = models.JSONField(default=list, help_text="What people call it beside its name.")
    lookalikes = models.JSONField(default=list, help_text="Phrases in which such a word means something else.")
    created_at = models.DateTimeField(auto_now_add=True)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, through="BrandAccess", related_name="brands")

    def __str__(self) -> str:
        return self.name


class BrandAccess(models.Model):
    """Somebody may see this brand. Administrators see all without a row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="brand_access")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="access")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "brand"], name="brandaccess_once")]

    def __str__(self) -> str:
        return f"{self.user_id} sees {self.brand_id}"


class Channel(models.Model):
    """One connected brand account at one network."""

    class Kind(models.TextChoices):
        X = "x", "X"
        FACEBOOK = "facebook", "Facebook"

    class Status(models.TextChoices):
        ACTIVE = "active", _("Connected")
        NEEDS_RECONNECT = "needs_reconnect", _("Needs to be connected again")
        PAUSED = "paused", _("Paused")
        DISCONNECTED = "disconnected", _("Disconnected")

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="channels")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    external_id = models.CharField(max_length=64, help_text="The account's id at the network.")
    handle = models.CharField(max_length=120)
    name = models.CharField(max_length=200, blank=True)
    followers = models.BigIntegerField(null=True)
    avatar_url = models.TextField(blank=True)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.ACTIVE)
    status_reason = models.CharField(max_length=300, blank=True)
    status_changed_at = models.DateTimeField(db_default=Now())
    options = models.JSONField(default=dict, help_text="terms: brand words to search; enterprise: X contract.")
    sealed_credentials = models.BinaryField(help_text="AES-GCM, see channels/vault.py.")
    sending_halted_at = models.DateTimeField(null=True, help_text="Kill switch: nothing is sent, reading goes on.")
    sending_halted_because = models.CharField(max_length=300, blank=True)
    failures_in_row = models.PositiveIntegerField(default=0, help_text="Calls that failed without one that worked.")
    breaker_until = models.DateTimeField(null=True, help_text="The network fails for this account: one try, then.")
    credentials_expire_at = models.DateTimeField(null=True)
    identified_at = models.DateTimeField(null=True, help_text="When the network last confirmed the account id.")
    budget_usd = models.DecimalField(max_digits=10, decimal_places=2, null=True, help_text="Per month, reads.")
    import_since = models.DateTimeField(help_text="Older messages are not fetched at the first connection.")
    connected_at = models.DateTimeField(db_default=Now(), help_text="Older messages carry no clock.")
    connected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            # The same account is never connected twice.
            models.UniqueConstraint(fields=["kind", "external_id"], name="channel_account_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} @{self.handle}"

    @property
    def sends(self) -> bool:
        """Whether answers may leave by this account now; needs `brand` loaded."""
        return self.status == self.Status.ACTIVE and not (self.sending_halted_at or self.brand.sending_halted_at)


class Stream(models.Model):
    """One thing that a channel reads: where it resumes, who polls it, how it fares.

    `mark` and `resume` are opaque to everybody but the adapter. The lease is a compare-and-set on
    (lease_until, fence); every write back names the fence.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="streams")
    kind = models.CharField(max_length=24)
    read_since = models.DateTimeField(db_default=Now(), help_text="The first walk goes back to here.")
    mark = models.JSONField(default=dict)
    resume = models.JSONField(null=True)
    walk_started_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    fence = models.BigIntegerField(default=0)
    hinted_at = models.DateTimeField(null=True, help_text="When a worker was last told to look.")
    next_poll_at = models.DateTimeField(db_default=Now())
    interval_s = models.FloatField(default=10)
    last_poll_at = models.DateTimeField(null=True)
    last_ok_at = models.DateTimeField(null=True)
    last_item_at = models.DateTimeField(null=True, help_text="Network time of the newest item seen.")
    lag_s = models.FloatField(null=True, help_text="Ingest time minus network time of the newest item, seconds.")
    last_error = models.CharField(max_length=300, blank=True)
    last_error_code = models.CharField(max_length=40, blank=True)
    last_error_at = models.DateTimeField(null=True)
    errors_in_row = models.PositiveIntegerField(default=0)
    waits_because = models.CharField(max_length=300, blank=True, help_text="Why the next poll is later than usual.")
    gap = models.CharField(max_length=300, blank=True, help_text="A hole that the network's window left, until filled.")
    gap_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "kind"], name="stream_once")]
        indexes = [
            # The poller's question: what is due?
            models.Index(fields=["next_poll_at"], name="stream_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of channel {self.channel_id}"


class ChannelDay(models.Model):
    """What one channel cost on one UTC day: calls and billable resources by name."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    calls = models.PositiveIntegerField(default=0)
    items = models.PositiveIntegerField(default=0)
    resources = models.JSONField(default=dict)
    usd = models.DecimalField(max_digits=12, decimal_places=6, default=0, help_text="Reads; the budget is theirs.")
    sends_usd = models.DecimalField(max_digits=12, decimal_places=6, default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "day"], name="channelday_once")]

    def __str__(self) -> str:
        return f"channel {self.channel_id} on {self.day}"


class RateBucket(models.Model):
    """The network's rate window for one endpoint as its headers last told it: waiting happens here, not in a worker."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="rate_buckets")
    endpoint = models.CharField(max_length=80)
    limit = models.IntegerField(null=True)
    remaining = models.IntegerField(null=True)
    used_percent = models.IntegerField(null=True)
    reset_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "endpoint"], name="ratebucket_once")]

    def __str__(self) -> str:
        return f"{self.endpoint} of channel {self.channel_id}"


class UnreadableItem(models.Model):
    """A payload that could not be parsed or stored: kept raw for 30 days, counted on the channels page."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="unreadable")
    stream_kind = models.CharField(max_length=24)
    external_id = models.CharField(max_length=128, blank=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of raw: the same item is kept once.")
    reason = models.CharField(max_length=300)
    raw = models.BinaryField()
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "digest"], name="unreadable_once")]
        indexes = [
            # The channels page lists the newest of one channel.
            models.Index("channel", F("id").desc(), name="unreadable_newest"),
        ]

    def __str__(self) -> str:
        return f"unreadable {self.pk} of channel {self.channel_id}"


class ConnectAttempt(models.Model):
    """A wizard between its steps: keys or tokens wait here, sealed, until an account is chosen."""

    secret_hash = models.CharField(max_length=64, unique=True, help_text="Hash of the OAuth state.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=Channel.Kind.choices)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, null=True, related_name="+")
    options = models.JSONField(default=dict)
    sealed = models.BinaryField(help_text="PKCE verifier, then tokens and the accounts found; see vault.")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="connectattempt_expires")
        ]

    def __str__(self) -> str:
        return f"connecting {self.kind} for brand {self.brand_id}"


class JobSlot(models.Model):
    """When a periodic job last ran: two beats, or ten, run it once per slot."""

    job = models.CharField(max_length=60, primary_key=True)
    slot = models.BigIntegerField(help_text="Epoch seconds divided by the job's period.")
    ran_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.job
