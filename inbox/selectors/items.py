"""Single things inside conversations, for whoever may read the conversation; absent and forbidden look alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet

from accounts.models import User
from channels.models import Brand, Channel
from channels.selectors import brands
from core.errors import Invalid, NotFound
from core.fixed import Slot, fixed
from inbox.models.conversation import Case, Conversation
from inbox.models.message import Message
from inbox.models.queue import Queue
from inbox.models.work import Delivery, Draft, Note, Tag
from inbox.policies import Access, access_of
from inbox.selectors.stream import Entry, entries_of

_SALT = "inbox.channel"
KNOWN_TAGS = 200


def _visible(rows: QuerySet[Any], user: User, pk: int, what: str) -> Any:
    seen = Conversation.objects.visible_to(access_of(user))
    found = rows.filter(pk=pk, conversation__in=seen).first()
    if found is None:
        raise NotFound(f"There is no such {what}.")
    return found


def get_visible_delivery(user: User, pk: int) -> Delivery:
    """Raises: NotFound."""
    rows = Delivery.objects.select_related("author", "message", "channel")
    found: Delivery = _visible(rows, user, pk, "answer")
    return found


def has_files(delivery: Delivery) -> bool:
    """Whether pictures go out with it."""
    return delivery.files.exists()


def get_visible_message(user: User, pk: int) -> Message:
    """A message of a conversation, not context. Raises: NotFound."""
    rows = Message.objects.select_related("profile", "author", "delivery", "figures", "conversation")
    found: Message = _visible(rows, user, pk, "message")
    return found


def newest_permalink(conversation: Conversation) -> str:
    """Where the network shows the contact's newest message that has such an address, or ""; one query."""
    return _permalinks.first(conversation=conversation.pk) or ""


@fixed(conversation="bigint")
def _permalinks(conversation: Slot) -> QuerySet[Message, str]:
    rows = Message.objects.filter(conversation=conversation, direction="in").exclude(permalink="")
    return rows.order_by("-posted_at").values_list("permalink", flat=True)[:1]


def current_case(conversation: Conversation) -> Case | None:
    """The open case, else the last one."""
    return _cases.first(conversation=conversation.pk)


@fixed(conversation="bigint")
def _cases(conversation: Slot) -> QuerySet[Case]:
    return Case.objects.filter(conversation=conversation).order_by("-number")[:1]


def notes_of(conversation: Conversation, *, limit: int = 200) -> list[Note]:
    """The newest notes, oldest first."""
    rows = Note.objects.filter(conversation=conversation).select_related("author").order_by("-id")[:limit]
    return list(rows)[::-1]


def queue_named(name: str) -> Queue:
    """A queue by its slug or id; one can hand off to any queue.

    Raises: Invalid (`queue`).
    """
    rows = Queue.objects.select_related("desk")
    found = rows.filter(pk=int(name)).first() if name.isdecimal() else rows.filter(slug=name).first()
    if found is None:
        raise Invalid("There is no such queue.", fields={"queue": "There is no such queue."})
    return found


def channel_page(
    access: Access,
    channel: Channel,
    *,
    after: str | None,
    limit: int,
    context: bool | None = None,
    external_id: str = "",
) -> tuple[list[Entry], str | None]:
    """Messages of one channel in the order in which they were stored: (entries, next cursor). At most three queries.

    Those of conversations that may not be read are left out; context belongs to whoever sees the brand.

    Args:
        context: True = only what is in no conversation, False = only the rest.
        external_id: the network's id of one message.

    Raises: Invalid for a foreign cursor.
    """
    rows = _of_channel(access, channel.pk).select_related("profile", "author", "delivery", "figures")
    if context is not None:
        rows = rows.filter(conversation__isnull=context)
    if external_id:
        rows = rows.filter(external_id=external_id)
    if after is not None:
        rows = rows.filter(pk__gt=_read(after))
    found = list(rows.order_by("pk")[: limit + 1])
    page = found[:limit]
    cursor = signing.dumps(page[-1].pk, salt=_SALT) if len(found) > limit else None
    return entries_of(page), cursor


def _of_channel(access: Access, channel_id: int) -> QuerySet[Message]:
    """The messages of a channel that somebody may read; the caller has checked the brand."""
    rows = Message.objects.filter(channel_id=channel_id)
    if access.is_administrator:
        return rows
    return rows.filter(Q(conversation=None) | Q(conversation__in=Conversation.objects.visible_to(access)))


def parents_of(access: Access, entries: Sequence[Entry]) -> dict[str, int]:
    """The network's id → our id of what these messages of one channel answer, as far as it may be read. One query."""
    messages = [entry.message for entry in entries if entry.message and entry.message.in_reply_to]
    if not messages:
        return {}
    rows = _of_channel(access, messages[0].channel_id)
    return dict(rows.filter(external_id__in={m.in_reply_to for m in messages}).values_list("external_id", "pk"))


def _read(cursor: str) -> int:
    try:
        return int(signing.loads(cursor, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        raise Invalid("This page does not belong here.", fields={"cursor": "Begin anew."}) from None


def visible_entry(user: User, pk: int) -> Entry:
    """A visible message with its attachments and later wordings. Raises: NotFound."""
    return entries_of([get_visible_message(user, pk)])[0]


def brand_named(access: Access, name: str) -> Brand:
    """A brand that somebody sees, by its slug or id. Raises: Invalid (`brand`) where it is absent or not theirs."""
    rows = brands(access.brand_ids)
    found = rows.filter(pk=int(name)).first() if name.isdecimal() else rows.filter(slug=name).first()
    if found is None:
        raise Invalid("There is no such brand.", fields={"brand": "There is no such brand."})
    return found


def agent(pk: int) -> User | None:
    """Somebody who can own a conversation."""
    return User.objects.filter(pk=pk, is_active=True).first()


def get_visible_channel(access: Access, channel_id: int) -> Channel:
    """A channel of a brand that the person sees. Raises: NotFound."""
    found = Channel.objects.filter(pk=channel_id, brand_id__in=access.brand_ids).first()
    if found is None:
        raise NotFound("There is no such channel.")
    return found


def readable_queues(access: Access) -> list[Queue]:
    """The queues that somebody reads, in their order, with their desks."""
    return _queues(pks=access.readable_queue_ids)


@fixed(pks="bigint[]")
def _queues(pks: Slot) -> QuerySet[Queue]:
    return Queue.objects.filter(pk__anyof=pks).select_related("desk")


def tags_of(conversation: Conversation) -> list[Tag]:
    """The tags of a conversation by name."""
    return _tags(conversation=conversation.pk)


@fixed(conversation="bigint")
def _tags(conversation: Slot) -> QuerySet[Tag]:
    return Tag.objects.filter(rows__conversation=conversation).order_by("name")


def known_tags() -> list[str]:
    """The newest words that people put on conversations, by name."""
    return sorted(_newest_tags())


@fixed()
def _newest_tags() -> QuerySet[Tag, str]:
    return Tag.objects.order_by("-id").values_list("name", flat=True)[:KNOWN_TAGS]


def drafts_of(user: User, *, limit: int = 200) -> list[int]:
    """Conversations in which somebody has text that is not sent, the newest first."""
    rows = (
        Draft.objects.filter(user=user)
        .exclude(text="")
        .order_by("-updated_at")
        .values_list("conversation_id", flat=True)
    )
    return list(dict.fromkeys(rows[:limit]))


def brands_of(access: Access) -> list[Brand]:
    """The brands that somebody sees, by name."""
    return _brands(pks=access.brand_ids)


@fixed(pks="bigint[]")
def _brands(pks: Slot) -> QuerySet[Brand]:
    return brands().filter(pk__anyof=pks)
