"""What was deleted at the network is forgotten here: the text, its copies and its pictures. The row and the event
stay, so that an answer still hangs on something and people see that there was a message."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models.functions import Now

from channels.contracts import FetchPage
from channels.models import Channel
from inbox.models.conversation import Conversation
from inbox.models.message import Attachment, LookedUp, Message, MessageFigures, MessageRaw, MessageVersion
from inbox.models.work import Delivery, OutgoingFile
from inbox.services import events, media, status

# An absence that nothing else in the same answer vouches for is believed when it is met again after so long.
AGAIN_AFTER_S = 1800
OPEN = Conversation.Status.OPEN


def forget(channel: Channel, external_ids: Collection[str]) -> int:
    """Erase the messages with these ids, or with a version of these ids; how many. In the open transaction.

    An answer that is not sent yet is refused by the last check before the call (services/sending_check.py).

    Records: message.deleted. Idempotent: by the message.
    """
    found = _stored(channel, external_ids)
    if not found:
        return 0
    conversations = _locked({id_ for _, id_ in found if id_ is not None})
    rows = Message.objects.filter(pk__in=[pk for pk, _ in found], deleted_at=None).order_by("id")
    gone = list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk", "conversation_id"))
    erase([pk for pk, _ in gone])
    for pk, conversation_id in gone:
        if conversation_id is not None:
            _tell(conversations[conversation_id], pk)
    return len(gone)


def believed(channel: Channel, page: FetchPage) -> tuple[str, ...]:
    """What is really gone: a token that has lost a right makes some networks say "gone" of everything.

    So the answer must show something else beside it, or say the same again half an hour later.
    """
    if page.items or page.context or not page.gone:
        return page.gone
    met = LookedUp.objects.filter(channel=channel, external_id__in=page.gone)
    again = met.filter(asked_at__lt=Now() - timedelta(seconds=AGAIN_AFTER_S))
    sure = tuple(again.values_list("external_id", flat=True))
    LookedUp.objects.bulk_create(
        [LookedUp(channel=channel, external_id=id_) for id_ in page.gone if id_ not in sure], ignore_conflicts=True
    )
    return sure


def erase(message_ids: Collection[int]) -> None:
    """Take everything that was said out of these messages, in the open transaction; kept pictures go on commit.

    Of an answer of ours its delivery stays, without the words and the files.

    Idempotent.
    """
    pictures = Attachment.objects.filter(message__in=message_ids)
    urls = {url for pair in pictures.values_list("url", "preview_url") for url in pair if url}
    Message.objects.filter(pk__in=message_ids, deleted_at=None).update(text="", deleted_at=Now())
    for copies in (MessageRaw, MessageFigures, MessageVersion, Attachment):
        copies.objects.filter(message__in=message_ids).delete()
    Delivery.objects.filter(message__in=message_ids).update(text="")
    OutgoingFile.objects.filter(delivery__message__in=message_ids).delete()
    if urls:
        transaction.on_commit(partial(media.forget, sorted(urls)))


def _stored(channel: Channel, external_ids: Iterable[str]) -> set[tuple[int, int | None]]:
    """(message, conversation) of what is stored under these ids and not erased yet."""
    ids = list(external_ids)
    rows = Message.objects.filter(channel=channel, deleted_at=None).values_list("pk", "conversation_id")
    edited = MessageVersion.objects.filter(channel=channel, external_id__in=ids).values_list("message_id", flat=True)
    return set(rows.filter(external_id__in=ids)) | set(rows.filter(pk__in=list(edited)))


def _locked(ids: Collection[int]) -> dict[int, Conversation]:
    rows = Conversation.objects.filter(pk__in=ids).select_related("channel", "queue").order_by("id")
    return {row.pk: row for row in rows.select_for_update(no_key=True, of=("self",))}


def _tell(conversation: Conversation, message_id: int) -> None:
    """Nobody waits for an answer to what is gone; it stays open, and people see why."""
    fields: tuple[str, ...] = ()
    if conversation.status == OPEN and conversation.waiting_since is not None:
        oldest = status.oldest_waiting(conversation)
        if oldest != conversation.waiting_since:
            conversation.waiting_since = oldest
            fields = ("waiting_since",)
    events.touch(conversation, *fields)
    events.record("message.deleted", conversation, data={"message_id": message_id})
