"""The organisation's voice: rules that a text is checked by before it leaves."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from inbox.models.queue import Queue
from inbox.models.shared import Kept
from inbox.querysets import KeptQuerySet
from inbox.voice import rules


class VoiceRule(Kept):
    """One rule with the guideline that it stands for. Where queues, networks, a language are named it holds only there.

    `words`, `most` and `form` are the terms of its kind (`inbox.voice.rules.Terms`).
    """

    class Kind(models.TextChoices):
        WORDS = rules.WORDS, _("Words to avoid")
        SIGNATURE = rules.SIGNATURE, _("Signature at the end")
        NO_SIGNATURE = rules.NO_SIGNATURE, _("No signature")
        FORMAL = rules.FORMAL, _("Formal address")
        FAMILIAR = rules.FAMILIAR, _("Familiar address")
        EXCLAMATIONS = rules.EXCLAMATIONS, _("Exclamation marks")
        CAPITALS = rules.CAPITALS, _("Words in capitals")
        SENTENCE = rules.SENTENCE, _("Length of sentences")
        EMOJI = rules.EMOJI, _("Emoji")
        HASHTAGS = rules.HASHTAGS, _("Hashtags")
        PATTERN = rules.PATTERN, _("Pattern to avoid")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    guideline = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    asks = models.BooleanField(help_text="Sending stops once; else it is only said.")
    words = models.JSONField(default=list)
    most = models.SmallIntegerField(null=True)
    form = models.CharField(max_length=200, blank=True)
    queues = models.ManyToManyField(Queue, related_name="+")
    networks = ArrayField(models.CharField(max_length=16), default=list)
    language = models.CharField(max_length=8, blank=True)
    visibility = models.CharField(max_length=10, blank=True, help_text="public or private; empty = both.")

    objects: ClassVar[KeptQuerySet[VoiceRule]] = KeptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("name"), "brand", condition=Q(archived_at=None), nulls_distinct=False, name="voicerule_name_once"
            ),
            # A rule without a guideline is a whim.
            models.CheckConstraint(condition=~Q(guideline="", url=""), name="voicerule_cites"),
        ]
