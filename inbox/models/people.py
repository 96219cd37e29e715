"""People outside: a contact has profiles, one per network and id scope. Handles are history, never keys."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Now, Upper

from channels.models import Brand


class Contact(models.Model):
    """A person outside. Made together with the first profile; two are merged by people only."""

    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"contact {self.pk}"


class Profile(models.Model):
    """Somebody's identity on one network. `id_scope` is the page for Meta and empty for X.

    A comment without an author belongs to a profile whose external id is `unknown:<comment>`.
    """

    UNKNOWN = "unknown:"

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="profiles")
    network = models.CharField(max_length=16)
    id_scope = models.CharField(max_length=64, blank=True)
    external_id = models.CharField(max_length=128)
    handle = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=300, blank=True)
    followers = models.BigIntegerField(null=True)
    verified = models.BooleanField(default=False)
    bio = models.TextField(blank=True)
    avatar_url = models.TextField(blank=True)
    first_seen_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "id_scope", "external_id"], name="profile_identity")]
        indexes = [
            # Search by part of a handle or a name, whatever the case (Django's icontains is UPPER LIKE).
            GinIndex(OpClass(Upper("handle"), "gin_trgm_ops"), name="profile_handle_trgm"),
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="profile_name_trgm"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_known(self) -> bool:
        """Whether the network said who it is."""
        return not self.external_id.startswith(self.UNKNOWN)

    @property
    def label(self) -> str:
        """The name people see."""
        return self.name or (f"@{self.handle}" if self.handle else "")


class Mute(models.Model):
    """A profile that asks for nobody at one brand: its messages are kept and shown, other brands hear it as before."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="mutes", db_index=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    muted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    muted_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "brand"], name="mute_once")]

    def __str__(self) -> str:
        return f"profile {self.profile_id} muted for brand {self.brand_id}"
