"""What is known about a person beyond their conversations: tags, notes, and who turned out to be whom."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from channels.models import Brand
from inbox.models.people import Contact, Profile
from inbox.models.work import Tag


class ContactMerge(models.Model):
    """A person said that two contacts are one: the profiles of `gone` went to `kept`; `profile_ids` go back by undo.

    No conversation's key changes.
    """

    kept = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+", db_index=False)
    profile_ids = ArrayField(models.BigIntegerField())
    evidence = ArrayField(models.CharField(max_length=20), help_text="What spoke for it, as `inbox.likeness` names it.")
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    merged_at = models.DateTimeField(db_default=Now())
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="contact_merged_once"),
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="contact_merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"contact {self.gone_id} into {self.kept_id}"


class ToldApart(models.Model):
    """Two profiles that look alike and are two people: they are not proposed again. `one` has the smaller id."""

    one = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+")
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    told_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="told_apart_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="told_apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"profiles {self.one_id} and {self.other_id}"


class ProfileTag(models.Model):
    """A word on a person, for one brand."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="tags", db_index=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="people")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "brand", "tag"], name="profile_tag_once")]

    def __str__(self) -> str:
        return f"tag {self.tag_id} on profile {self.profile_id}"


class ProfileNote(models.Model):
    """What colleagues should know about a person, for one brand. One that was taken away has no text."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="notes", db_index=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.TextField()
    client_token = models.CharField(max_length=100)
    created_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["profile", "author", "client_token"], name="profile_note_client_token")
        ]

    def __str__(self) -> str:
        return f"note on profile {self.profile_id}"
