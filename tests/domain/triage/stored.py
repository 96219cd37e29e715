"""Stored and judged messages for the tests of triage."""

from channels.models import Channel
from inbox.models.message import Message
from routing.models.triage import SampleItem
from routing.services import verdicts
from tests.factories import pages


def messages(channel: Channel, *texts: str, first: int = 1) -> list[Message]:
    """One message by a person of its own for each text."""
    posts = [
        pages.post(str(number), by=pages.person(str(number + 5000)), text=text)
        for number, text in enumerate(texts, first)
    ]
    pages.store(channel, *posts)
    ids = [str(number) for number in range(first, first + len(texts))]
    rows = {row.external_id: row for row in Message.objects.filter(channel=channel, external_id__in=ids)}
    return [rows[one] for one in ids]


def judged(channel: Channel, *texts: str, first: int = 1) -> list[Message]:
    """The same, with verdicts."""
    rows = messages(channel, *texts, first=first)
    verdicts.store(verdicts.judge([row.pk for row in rows]))
    return rows


def sampled(rows: list[Message], truths: list[str], by, *, label: str = "sentiment") -> None:
    """Each message in the sample with this truth about a label."""
    SampleItem.objects.bulk_create(
        SampleItem(
            message=row,
            channel_id=row.channel_id,
            drawn_on="2026-11-01",
            said={},
            truth={label: truth, "language": "en"},
            state="corrected",
            decided_by=by,
            decided_at="2026-11-02T00:00Z",
        )
        for row, truth in zip(rows, truths, strict=True)
    )
