"""The send guard: what changed since somebody looked at a conversation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import User
from inbox import guarding, parts
from inbox.guarding import Fact, Worth
from inbox.models.conversation import Conversation
from inbox.models.message import Message, MessageVersion
from inbox.models.work import ConversationEvent, Delivery
from inbox.selectors.stream import Entry

# More than anybody reads at once; the older ones stand in the conversation itself.
AT_MOST = 100
GONE = (Delivery.State.CANCELLED, Delivery.State.FAILED)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was not there when somebody looked.

    Args:
        what: message, edited, deleted, elsewhere, answer, owner or story.
        by: who did it; "" = nobody of whom the name is known.
        text: what was written; for owner and story the sentence of the timeline.
    """

    what: str
    by: str
    text: str
    at: datetime

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "at": self.at.isoformat()}


def changes(conversation: Conversation, *, since: int, me: User) -> list[Change]:
    """What matters of that which happened after the event with the id `since`, oldest first. At most 4 queries.

    Ids of one conversation's events grow in the order of their commits: they are recorded under its lock.
    """
    newest = ConversationEvent.objects.filter(conversation=conversation, pk__gt=since, kind__in=guarding.KINDS)
    rows = {row.pk: row for row in reversed(newest.select_related("actor").order_by("-id")[:AT_MOST])}
    facts = [Fact(row.pk, row.kind, row.actor_id, row.data) for row in rows.values()]
    worth = guarding.worth_showing(facts, me=me.pk, owner=conversation.owner_id)
    messages, answers = _messages(worth), _answers(conversation, worth)
    found = [_change(one, rows[one.event], messages, answers) for one in worth]
    return [change for change in found if change]


def _change(
    worth: Worth, event: ConversationEvent, messages: dict[int, Message], answers: dict[int, list[Delivery]]
) -> Change | None:
    """None for what is in another conversation by now, or was taken back."""
    if worth.what in ("owner", "story"):
        actor = event.actor.name if event.actor else ""
        return Change(worth.what, actor, Entry(event.occurred_at, event=event).sentence, event.occurred_at)
    if worth.what == "answer":
        answer = answers.get(worth.pk)
        if answer is None:
            return None
        return Change("answer", answer[0].author.name, parts.text_of(parts.seen(answer)), answer[0].created_at)
    message = messages.get(worth.pk)
    if message is None:
        return None
    by = message.profile.label if message.profile else ""
    return Change(worth.what, by, message.newest_text, event.occurred_at)  # type: ignore[attr-defined]


def _messages(worth: Iterable[Worth]) -> dict[int, Message]:
    """The messages, each with its latest wording."""
    ids = [one.pk for one in worth if one.what in ("message", "edited", "deleted", "elsewhere")]
    rows = {row.pk: row for row in Message.objects.filter(pk__in=ids).select_related("profile")} if ids else {}
    for row in rows.values():
        row.newest_text = row.text  # type: ignore[attr-defined]
    for version in MessageVersion.objects.filter(message_id__in=rows).order_by("posted_at") if rows else ():
        rows[version.message_id].newest_text = version.text  # type: ignore[attr-defined]
    return rows


def _answers(conversation: Conversation, worth: Iterable[Worth]) -> dict[int, list[Delivery]]:
    """Those that still stand or may stand on the network, by each of their parts."""
    ids = [one.pk for one in worth if one.what == "answer"]
    if not ids:
        return {}
    rows = Delivery.objects.filter(Q(pk__in=ids) | Q(conversation=conversation, parts__gt=1)).select_related("author")
    answers = [one for one in parts.threads(rows) if parts.standing(one) not in GONE]
    return {part.pk: one for one in answers for part in one}
