"""What triage said and what people said to it, as pages and machines show it: a fixed number of queries each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from core.errors import NotFound
from core.wording import said
from inbox.models.conversation import Conversation
from inbox.models.issue import Issue
from inbox.models.message import Message
from inbox.policies import Access
from routing.models.triage import Correction, MessageTriage, SampleItem, TriageModel
from routing.services import labels
from routing.services.learnt import place
from routing.services.right import CORRECTED, PERSON
from routing.triage.contracts import CORRECTABLE, LABELS

SAMPLE_SHOWN = 50
MODELS_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Told:
    """One label of one message: what is taken to be right, and why."""

    label: str
    value: str
    name: str
    confidence: float
    reason: str
    by: str
    second: str
    corrected: bool
    can_be_corrected: bool


@dataclass(frozen=True, slots=True)
class MessageShown:
    """The message that the verdicts are about, and where it stands."""

    text: str
    author: str
    channel: str
    posted_at: datetime
    conversation_id: int
    queue: str


@dataclass(frozen=True, slots=True)
class SampleShown:
    """One message of the daily sample."""

    pk: int
    message_id: int
    text: str
    author: str
    channel: str
    posted_at: datetime
    said: dict[str, str]


@dataclass(frozen=True, slots=True)
class ModelShown:
    """One learnt model and how it did on the sample."""

    row: TriageModel
    label: str
    where: str


def message_of(message_id: int, access: Access) -> MessageShown:
    """A visible message that somebody sent us; 1 query. Raises: NotFound."""
    rows = _visible(message_id, access).select_related("profile", "channel", "conversation__queue")
    row = rows.first()
    if row is None or row.conversation is None:
        raise NotFound("There is no such message.")
    author, talk = row.profile.label if row.profile else "", row.conversation
    return MessageShown(row.text, author, str(row.channel), row.posted_at, talk.pk, talk.queue.slug)


def _visible(message_id: int, access: Access) -> QuerySet[Message]:
    visible = Conversation.objects.visible_to(access)
    return Message.objects.filter(pk=message_id, direction="in", conversation__in=visible)


def told_of(message_id: int, access: Access) -> list[Told]:
    """All labels of one visible message; empty before triage has seen it. Raises: NotFound."""
    if not _visible(message_id, access).exists():
        raise NotFound("There is no such message.")
    row = MessageTriage.objects.filter(message_id=message_id).order_by("-id").first()
    corrected = dict(Correction.objects.filter(message_id=message_id).values_list("label", "value"))
    if row is None and not corrected:
        return []
    known = labels.choices()
    return [_told(label, row, corrected.get(label, ""), known.get(label, {})) for label in LABELS]


def _told(label: str, row: MessageTriage | None, right: str, known: dict[str, str]) -> Told:
    judged = getattr(row, label) if row else ""
    confidence, reason, by, second = row.said.get(label, [0.0, "", "", ""]) if row else (0.0, "", "", "")
    value = right or judged
    name = known.get(value, labels.titled(value)) or said("Not assessed")
    if right:
        gone = "" if right in known else ", to what is not on the list any more"
        confidence, reason, by = 1.0, f"{CORRECTED}{gone}", PERSON
    return Told(label, value, name, confidence, said(reason), by, second, bool(right), label in CORRECTABLE)


def open_sample(access: Access, *, limit: int = SAMPLE_SHOWN) -> list[SampleShown]:
    """What of the daily sample waits for a look, the oldest first; 1 query."""
    visible = Conversation.objects.visible_to(access)
    rows = SampleItem.objects.filter(state=SampleItem.State.OPEN, message__conversation__in=visible)
    rows = rows.select_related("message__profile", "channel").order_by("drawn_on", "id")
    return [_sample(row) for row in rows[:limit]]


def _sample(row: SampleItem) -> SampleShown:
    message = row.message
    author = message.profile.label if message.profile else ""
    return SampleShown(row.pk, message.pk, message.text, author, str(row.channel), message.posted_at, row.said)


def models() -> list[ModelShown]:
    """Learnt models, the newest first."""
    rows = TriageModel.objects.defer("data").select_related("channel").order_by("-id")[:MODELS_SHOWN]
    return [ModelShown(row, labels.NAMED[row.label], place(row)) for row in rows]


def issues() -> list[Issue]:
    """The organisation's list."""
    return list(Issue.objects.filter(retired_at=None))


def issue(pk: int) -> Issue:
    """One issue that is on the list. Raises: NotFound."""
    row = Issue.objects.filter(pk=pk, retired_at=None).first()
    if row is None:
        raise NotFound("There is no such issue.")
    return row
