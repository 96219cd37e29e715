"""What is said of a notice where others may look on, in a letter or on a locked screen: no contact and no text."""

from __future__ import annotations

from dataclasses import dataclass

from routing.models.notice import Notice
from routing.notice_kinds import MAILED

LIST = "/notices/"


@dataclass(frozen=True, slots=True)
class Outside:
    """What happened, the queue and brand where it did, and the page that tells more (a path)."""

    sentence: str
    where: str
    path: str


def said_of(notice: Notice) -> Outside:
    """In the language that is on; the notice's conversation with queue and brand is at hand."""
    conversation = notice.conversation
    return Outside(
        sentence=str(MAILED[notice.kind]) % {"by": notice.data.get("by", ""), "to": notice.data.get("to", "")},
        where=f"{conversation.queue.name}, {conversation.brand.name}" if conversation else "",
        path=f"/inbox/all/{conversation.pk}/" if conversation else LIST,
    )
