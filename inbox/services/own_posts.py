"""Posts of our own account that are stored: which belongs to an answer in flight, which was given elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet

from channels.models import Channel
from inbox import matching
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.models.work import ConversationEvent, Delivery
from inbox.services import events


def wanted(delivery: Delivery) -> matching.Wanted:
    """What to look for; a repeated answer may be the post of an earlier try."""
    public = delivery.visibility == Message.Visibility.PUBLIC
    return matching.Wanted(
        text=delivery.wire_text,
        started_at=started_at(delivery),
        public=public,
        answers=delivery.target_id,
        alone=not _rivals(delivery).exists(),
    )


def _rivals(delivery: Delivery) -> QuerySet[Delivery]:
    """Other answers in doubt that are replies to the same post."""
    same = in_flight(delivery.channel).filter(answers=delivery.answers_id, after=delivery.after_id)
    return same.exclude(pk=delivery.pk)


def started_at(delivery: Delivery) -> datetime:
    """Nothing of this answer was posted before."""
    if delivery.fence == 1 and delivery.sending_at is not None:
        return delivery.sending_at
    return delivery.created_at


def in_flight(channel: Channel) -> QuerySet[Delivery]:
    """Answers of which one try may stand on the network, whatever was decided about them since."""
    return Delivery.objects.filter(Delivery.DOUBTFUL, channel=channel).select_related(
        "answers", "after", "author", "case", "conversation"
    )


def candidates(delivery: Delivery, posts: Iterable[Message]) -> Iterator[matching.Post]:
    """Of these posts those that may be this answer by their kind; `matching` decides."""
    for post in posts:
        if post.visibility != delivery.visibility:
            continue
        if post.visibility == Message.Visibility.PUBLIC or _same_person(delivery, post):
            yield as_post(post)


def _same_person(delivery: Delivery, post: Message) -> bool:
    other = post.conversation
    return other is not None and other.profile_id == delivery.conversation.profile_id


def stored(delivery: Delivery) -> Message | None:
    """The stored post that is this answer, if there is one."""
    rows = {str(row.pk): row for row in _unclaimed(delivery).filter(posted_at__gte=_horizon(delivery))}
    found = matching.find(wanted(delivery), map(as_post, rows.values()))
    return rows[found.key] if found else None


def tell_elsewhere(delivery: Delivery, conversation: Conversation) -> None:
    """Own posts that came in while we were sending, and that turned out to be somebody's answer given elsewhere.

    Records: message.answered_elsewhere, once per message.
    """
    if delivery.sending_at is None:
        return
    for message in _unclaimed(delivery).filter(ingested_at__gte=delivery.sending_at):
        record_elsewhere(conversation, message)


def record_elsewhere(conversation: Conversation, message: Message) -> None:
    """Say once that this answer did not come from here."""
    told = ConversationEvent.objects.filter(
        conversation=conversation, kind="message.answered_elsewhere", data__message_id=message.pk
    )
    if not told.exists():
        events.record("message.answered_elsewhere", conversation, data={"message_id": message.pk, "note": ""})


def as_post(message: Message) -> matching.Post:
    return matching.Post(str(message.pk), message.in_reply_to or None, message.text, message.posted_at)


def _unclaimed(delivery: Delivery) -> QuerySet[Message]:
    """Our posts to the same message, or in the same private exchange, that belong to no answer of ours."""
    rows = Message.objects.filter(
        channel_id=delivery.channel_id,
        direction=Message.Direction.OUT,
        visibility=delivery.visibility,
        delivery=None,
        author=None,
        deleted_at=None,
    )
    if delivery.visibility == Message.Visibility.PUBLIC and delivery.target_id:
        return rows.filter(in_reply_to=delivery.target_id)
    return rows.filter(conversation__profile_id=delivery.conversation.profile_id)


def _horizon(delivery: Delivery) -> datetime:
    return started_at(delivery) - matching.SKEW
