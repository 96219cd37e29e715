"""Verdicts, corrections, the daily sample, learnt models and issues as machines send and get them."""

from __future__ import annotations

from rest_framework import serializers

from api.serializers.inputs import Strict
from api.serializers.outputs import Json, Shape
from channels.models import Brand
from core.wordlists import WORD_LENGTH, WORDS
from inbox.models.issue import Issue
from inbox.services.issues import NAME_LENGTH
from routing.models.triage import Correction, SampleItem, TriageModel
from routing.selectors.triage import ModelShown, SampleShown, Told
from routing.triage.contracts import LABELS, LEARNT

LONGEST_VALUE = 60


class CorrectionInput(Strict):
    """What is right about one label."""

    label = serializers.ChoiceField(LABELS)  # type: ignore[assignment]
    value = serializers.CharField(max_length=LONGEST_VALUE)


class SampleInput(Strict):
    """What is not as triage said; what is left out is confirmed."""

    sentiment = serializers.CharField(max_length=LONGEST_VALUE, required=False, default="", allow_blank=True)
    kind = serializers.CharField(max_length=LONGEST_VALUE, required=False, default="", allow_blank=True)
    issue = serializers.CharField(max_length=LONGEST_VALUE, required=False, default="", allow_blank=True)
    language = serializers.CharField(max_length=LONGEST_VALUE, required=False, default="", allow_blank=True)


class IssueInput(Strict):
    """One kind of problem."""

    name = serializers.CharField(max_length=NAME_LENGTH)
    words = serializers.ListField(
        child=serializers.CharField(max_length=WORD_LENGTH), required=False, default=list, max_length=WORDS
    )


class BrandWordsInput(Strict):
    """What people call a brand, and phrases in which such a word means something else."""

    words = serializers.ListField(child=serializers.CharField(max_length=WORD_LENGTH), max_length=WORDS)
    lookalikes = serializers.ListField(child=serializers.CharField(max_length=WORD_LENGTH), max_length=WORDS)


class ToldShape(Shape):
    """One verdict; value "" = not assessed."""

    label = serializers.ChoiceField(LABELS)  # type: ignore[assignment]
    value = serializers.CharField(allow_blank=True)
    confidence = serializers.FloatField()
    reason = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_blank=True)
    second = serializers.CharField(allow_blank=True)
    corrected = serializers.BooleanField()


class TriageShape(Shape):
    """All verdicts on one message; none before triage has seen it."""

    message = serializers.IntegerField()
    verdicts = ToldShape(many=True)


class CorrectionShape(Shape):
    """A correction as it stands."""

    message = serializers.IntegerField()
    label = serializers.ChoiceField(LABELS)  # type: ignore[assignment]
    value = serializers.CharField()
    was = serializers.CharField(allow_blank=True)


class SaidShape(Shape):
    """What triage said when the message was drawn."""

    sentiment = serializers.CharField(allow_blank=True)
    kind = serializers.CharField(allow_blank=True)
    issue = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True)


class SampleShape(Shape):
    """One message of the daily sample."""

    id = serializers.IntegerField()
    message = serializers.IntegerField()
    text = serializers.CharField()
    posted_at = serializers.DateTimeField()
    said = SaidShape()


class SamplesShape(Shape):
    """The list of them."""

    results = SampleShape(many=True)


class DecidedShape(Shape):
    """A message of the sample after somebody looked."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(SampleItem.State.choices)


class IssueShape(Shape):
    """One kind of problem."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    words = serializers.ListField(child=serializers.CharField())


class IssuesShape(Shape):
    """The organisation's list."""

    results = IssueShape(many=True)


class BrandWordsShape(Shape):
    """The words of a brand."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    words = serializers.ListField(child=serializers.CharField())
    lookalikes = serializers.ListField(child=serializers.CharField())


class ModelShape(Shape):
    """A learnt model and how it did on the sample; scores are macro-F1."""

    id = serializers.IntegerField()
    label = serializers.ChoiceField(LABELS)  # type: ignore[assignment]
    channel = serializers.IntegerField(allow_null=True)
    language = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(TriageModel.State.choices)
    corrections = serializers.IntegerField()
    sample = serializers.IntegerField()
    old_score = serializers.FloatField()
    new_score = serializers.FloatField()
    lower_bound = serializers.FloatField()
    made_at = serializers.DateTimeField()


class ModelsShape(Shape):
    """Learnt models, the newest first."""

    results = ModelShape(many=True)


def told(row: Told) -> Json:
    names = ("label", "value", "confidence", "reason", "by", "second", "corrected")
    return {name: getattr(row, name) for name in names}


def correction(row: Correction) -> Json:
    return {"message": row.message_id, "label": row.label, "value": row.value, "was": row.was}


def sample(row: SampleShown) -> Json:
    said = {label: row.said.get(label, "") for label in LEARNT}
    return {"id": row.pk, "message": row.message_id, "text": row.text, "posted_at": row.posted_at, "said": said}


def issue(row: Issue) -> Json:
    return {"id": row.pk, "slug": row.slug, "name": row.name, "words": row.words}


def brand_words(row: Brand) -> Json:
    return {"id": row.pk, "slug": row.slug, "words": row.words, "lookalikes": row.lookalikes}


def model(shown: ModelShown | TriageModel) -> Json:
    row = shown.row if isinstance(shown, ModelShown) else shown
    names = ("label", "language", "state", "corrections", "sample", "old_score", "new_score", "lower_bound", "made_at")
    return {"id": row.pk, "channel": row.channel_id, **{name: getattr(row, name) for name in names}}
