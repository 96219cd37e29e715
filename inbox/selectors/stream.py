"""What stands in a conversation: messages, notes, deliveries on their way and what happened, in one order.

A private exchange that a public one moved to is part of the same stream. A fixed number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet

from core.errors import Invalid
from core.fixed import Slot, fixed
from core.wording import filled
from inbox.event_kinds import KINDS
from inbox.models.conversation import Conversation, ConversationLink
from inbox.models.message import Attachment, Message, MessageVersion
from inbox.models.work import ConversationEvent, Delivery, Note
from inbox.policies import Access

PAGE = 50
NEWEST = ("infinity", 0)
"""The position of a page that begins with the newest message."""
_SALT = "inbox.stream"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the stream; exactly one of message, note, event and delivery is set.

    Args:
        at: by which the stream is sorted: the network's time of a message, else when it happened.
        context: a post that is shown for the story and belongs to no conversation, or to another one.
        answers: what a message answers, where that is not in the stream.
        linked: it stands in the other conversation of the pair.
    """

    at: datetime
    message: Message | None = None
    note: Note | None = None
    event: ConversationEvent | None = None
    delivery: Delivery | None = None
    attachments: tuple[Attachment, ...] = ()
    versions: tuple[MessageVersion, ...] = ()
    context: bool = False
    answers: Message | None = None
    linked: bool = False

    @property
    def order(self) -> tuple[datetime, bool, int]:
        """By time; of two messages of the same second the one stored first, what is on its way below them."""
        waits = self.delivery is not None
        return self.at, waits, self.message.pk if self.message else self.delivery.part if self.delivery else 0

    @property
    def sentence(self) -> str:
        """An event in words."""
        if self.event is None:
            return ""
        words = defaultdict(str, self.event.data, actor=self.event.actor.short_name if self.event.actor else "")
        return filled(KINDS[self.event.kind].sentence, words).strip()


@dataclass(frozen=True, slots=True)
class Stream:
    """Entries oldest first. `older` is the cursor of the page before, None = that was the beginning."""

    entries: list[Entry] = field(default_factory=list)
    older: str | None = None
    linked: tuple[Conversation, ...] = ()


def linked_conversations(conversation: Conversation, access: Access) -> tuple[Conversation, ...]:
    """The public or private other half of this exchange, as far as it may be read. Two queries."""
    pairs = _pairs(conversation=conversation.pk)
    others = {pk for pair in pairs for pk in pair} - {conversation.pk}
    if not others:
        return ()
    return tuple(Conversation.objects.visible_to(access).select_related("channel", "queue__desk").filter(pk__in=others))


@fixed(conversation="bigint")
def _pairs(conversation: Slot) -> QuerySet[ConversationLink, tuple[int, int]]:
    rows = ConversationLink.objects.filter(Q(public=conversation) | Q(private=conversation))
    return rows.values_list("public_id", "private_id")


def stream_of(conversation: Conversation, access: Access, *, before: str | None = None) -> Stream:
    """The newest entries of a conversation that the caller may read, or those before a cursor.

    Raises: Invalid for a foreign cursor.
    """
    linked = linked_conversations(conversation, access)
    ids = [conversation.pk, *(other.pk for other in linked)]
    at, pk = _read(before) if before else NEWEST
    messages = _messages(ids=ids, at=at, pk=pk)
    more = len(messages) > PAGE
    messages = messages[:PAGE]
    since = messages[-1].posted_at if more else "-infinity"
    until = messages[0].posted_at if before and messages else "infinity"
    entries = _quoting(conversation, entries_of(messages))
    entries += _context(conversation, messages, whole=not more)
    entries += [Entry(note.created_at, note=note) for note in _notes(ids=ids, since=since, until=until)]
    entries += [Entry(event.occurred_at, event=event) for event in _events(ids=ids, since=since, until=until)]
    if before is None:
        entries += _deliveries(ids)
    entries.sort(key=lambda entry: entry.order)
    older = signing.dumps([messages[-1].posted_at.isoformat(), messages[-1].pk], salt=_SALT) if more else None
    return Stream(entries, older, linked)


def messages_page(conversation: Conversation, *, after: str | None, limit: int) -> tuple[list[Entry], str | None]:
    """Messages of one conversation oldest first, for machines, and the next cursor. At most four queries."""
    rows = _rows([conversation.pk]).order_by("posted_at", "id")
    if after is not None:
        at, pk = _read(after)
        rows = rows.filter(Q(posted_at__gt=at) | Q(posted_at=at, pk__gt=pk))
    found = list(rows[: limit + 1])
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    cursor = signing.dumps([last.posted_at.isoformat(), last.pk], salt=_SALT) if last else None
    return entries_of(page), cursor


def _read(cursor: str) -> tuple[datetime, int]:
    try:
        at, pk = signing.loads(cursor, salt=_SALT)
        return datetime.fromisoformat(at), int(pk)
    except (signing.BadSignature, ValueError, TypeError):
        raise Invalid("This page does not belong here.", fields={"cursor": "Begin anew."}) from None


def _rows(ids: Sequence[int] | Slot) -> QuerySet[Message]:
    return Message.objects.filter(conversation_id__anyof=ids).select_related("profile", "author", "delivery", "figures")


@fixed(ids="bigint[]", at="timestamptz", pk="bigint")
def _messages(ids: Slot, at: Slot, pk: Slot) -> QuerySet[Message]:
    """One more than a page of those before a message, the newest first."""
    rows = _rows(ids).filter(Q(posted_at__lt=at) | Q(posted_at=at, pk__lt=pk))
    return rows.order_by("-posted_at", "-id")[: PAGE + 1]


def entries_of(messages: Sequence[Message]) -> list[Entry]:
    """Messages with their attachments and later wordings. Two queries."""
    pks = [message.pk for message in messages]
    if not pks:
        return []
    attachments = _by_message(_attachments(messages=pks))
    versions = _by_message(_versions(messages=pks))
    return [
        Entry(
            message.posted_at,
            message=message,
            attachments=tuple(attachments[message.pk]),
            versions=tuple(versions[message.pk]),
        )
        for message in messages
    ]


@fixed(messages="bigint[]")
def _attachments(messages: Slot) -> QuerySet[Attachment]:
    return Attachment.objects.filter(message_id__anyof=messages).order_by("position")


@fixed(messages="bigint[]")
def _versions(messages: Slot) -> QuerySet[MessageVersion]:
    return MessageVersion.objects.filter(message_id__anyof=messages).order_by("posted_at")


def _quoting(conversation: Conversation, entries: Sequence[Entry]) -> list[Entry]:
    answered = _answered(conversation, [entry.message for entry in entries if entry.message])
    return [
        replace(
            entry,
            answers=answered.get(entry.message.in_reply_to),
            linked=entry.message.conversation_id != conversation.pk,
        )
        for entry in entries
        if entry.message
    ]


def _by_message(rows: Iterable[Any]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.message_id].append(row)
    return grouped


def _answered(conversation: Conversation, messages: Sequence[Message]) -> dict[str, Message]:
    """Posts of others that messages here answer: quoted, as one could not tell from the stream."""
    here = {message.external_id for message in messages}
    wanted = {message.in_reply_to for message in messages if message.in_reply_to} - here
    if not wanted:
        return {}
    rows = _elsewhere(channel=conversation.channel_id, posts=wanted, conversation=conversation.pk)
    return {message.external_id: message for message in rows}


@fixed(channel="bigint", posts="text[]", conversation="bigint")
def _elsewhere(channel: Slot, posts: Slot, conversation: Slot) -> QuerySet[Message]:
    """Posts of a channel that do not stand in this conversation."""
    rows = Message.objects.filter(channel=channel, external_id__anyof=posts)
    return rows.exclude(conversation=conversation).select_related("profile", "author", "figures")


def _context(conversation: Conversation, messages: Sequence[Message], *, whole: bool) -> list[Entry]:
    """The post on top of the thread, where it is not part of the conversation itself."""
    if not whole or conversation.thread is None:
        return []
    root = conversation.thread.root_external_id
    if any(message.external_id == root for message in messages):
        return []
    rows = _elsewhere(channel=conversation.channel_id, posts=[root], conversation=conversation.pk)
    return [replace(entry, context=True) for entry in entries_of(rows)]


@fixed(ids="bigint[]", since="timestamptz", until="timestamptz")
def _notes(ids: Slot, since: Slot, until: Slot) -> QuerySet[Note]:
    rows = Note.objects.filter(conversation_id__anyof=ids, created_at__gte=since, created_at__lt=until)
    return rows.select_related("author").order_by("-id")[:PAGE]


@fixed(ids="bigint[]", since="timestamptz", until="timestamptz")
def _events(ids: Slot, since: Slot, until: Slot) -> QuerySet[ConversationEvent]:
    shown = [kind.code for kind in KINDS if kind.timeline]
    rows = ConversationEvent.objects.filter(conversation_id__anyof=ids, kind__in=shown)
    rows = rows.filter(occurred_at__gte=since, occurred_at__lt=until)
    return rows.select_related("actor").order_by("-id")[:PAGE]


@fixed(ids="bigint[]")
def _unsent(ids: Slot) -> QuerySet[Delivery]:
    states = [*Delivery.UNSETTLED, Delivery.State.FAILED]
    rows = Delivery.objects.filter(conversation_id__anyof=ids, state__in=states, message=None)
    return rows.select_related("author", "channel", "after__message").order_by("-id")[:PAGE]


def _deliveries(ids: Sequence[int]) -> list[Entry]:
    """Answers that do not stand on the network (yet)."""
    shown: dict[int, Entry] = {}
    for delivery in reversed(_unsent(ids=ids)):
        shown[delivery.pk] = Entry(_shown_at(delivery, shown), delivery=delivery)
    return list(shown.values())


def _shown_at(delivery: Delivery, shown: Mapping[int, Entry]) -> datetime:
    """When it was written; a part stands below the one before it, which is on the network perhaps."""
    before = delivery.after
    if before is None:
        return delivery.created_at
    above = shown[before.pk].at if before.pk in shown else before.message.posted_at if before.message else None
    return max(delivery.created_at, above) if above else delivery.created_at
