"""Lists of people outside that rules may ask for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class AuthorList(models.Model):
    """People outside whom rules know by a list: VIP, advocates, blocked."""

    name = models.CharField(max_length=60, unique=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class ListedAuthor(models.Model):
    """A profile on a list."""

    author_list = models.ForeignKey(AuthorList, on_delete=models.CASCADE, related_name="authors", db_index=False)
    profile = models.ForeignKey("inbox.Profile", on_delete=models.CASCADE, related_name="author_lists")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author_list", "profile"], name="listedauthor_once")]

    def __str__(self) -> str:
        return f"profile {self.profile_id} on list {self.author_list_id}"
