"""One outbound message per answer, whoever saw it first: the sender, or the stream of our own posts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from inbox.attempts import Posted
from inbox.models.conversation import Conversation, ConversationLink, Grant
from inbox.models.message import Message
from inbox.models.work import Delivery
from inbox.services import events, grants, status


def link_message(delivery: Delivery, conversation: Conversation, posted: Posted) -> Message:
    """The message of this answer: the stored one where our own post came in already, else a new one.

    Idempotent: by (channel, external_id). The text of a stored message stays as the network gave it.
    """
    home = _home(delivery, conversation, posted)
    Message.objects.bulk_create([_fresh(delivery, home, posted)], ignore_conflicts=True)
    stored = Message.objects.select_for_update(no_key=True, of=("self",))
    message = stored.get(channel_id=delivery.channel_id, external_id=posted.external_id)
    message.author_id = delivery.author_id
    message.conversation_id = message.conversation_id or home.pk
    message.thread_id = message.thread_id or home.thread_id
    message.permalink = message.permalink or posted.permalink
    message.save(update_fields=["author", "conversation", "thread", "permalink"])
    if home is not conversation:
        _answer_home(home, message, seen_at=delivery.seen_at)
    return message


def join_private(conversation_ids: Sequence[int]) -> None:
    """Join private conversations that have just opened to the public ones from which we wrote to that person.

    For networks that do not name the exchange when they take a private answer to a comment. Runs inside the
    transaction that opened them. Records: conversation.linked.
    """
    opened = Conversation.objects.filter(pk__in=conversation_ids).in_bulk()
    homes = {(private.channel_id, private.profile_id): private for private in opened.values()}
    moved = Message.objects.filter(
        channel_id__in={channel_id for channel_id, _ in homes},
        conversation__profile_id__in={profile_id for _, profile_id in homes},
        conversation__thread_key__startswith="post:",
        direction=Message.Direction.OUT,
        visibility=Message.Visibility.PRIVATE,
    )
    for message in moved.select_related("conversation", "author").order_by("posted_at"):
        public = message.conversation
        if public is not None and (public.channel_id, public.profile_id) in homes:
            _join(public, homes[public.channel_id, public.profile_id], message)


def _join(public: Conversation, private: Conversation, message: Message) -> None:
    link, created = ConversationLink.objects.get_or_create(
        public=public, private=private, defaults={"created_by_id": message.author_id}
    )
    Message.objects.filter(pk=message.pk).update(conversation=private, thread=None)
    if created:
        _tell(link.public, link.private, message.author)


def _tell(public: Conversation, private: Conversation, actor: User | None) -> None:
    data = {"private_id": private.pk, "public_id": public.pk}
    events.record("conversation.linked", public, actor=actor, data=data)
    events.record("conversation.linked", private, actor=actor, data=data)


def _fresh(delivery: Delivery, home: Conversation, posted: Posted) -> Message:
    return Message(
        channel_id=delivery.channel_id,
        conversation=home,
        thread_id=home.thread_id,
        direction=Message.Direction.OUT,
        visibility=delivery.visibility,
        external_id=posted.external_id,
        in_reply_to=delivery.target_id or "" if delivery.visibility == Message.Visibility.PUBLIC else "",
        text=delivery.wire_text,
        permalink=posted.permalink,
        posted_at=posted.posted_at,
        author_id=delivery.author_id,
    )


def _home(delivery: Delivery, conversation: Conversation, posted: Posted) -> Conversation:
    """Where the answer belongs: a private answer to a public message is in the private exchange that it begins."""
    moves = delivery.visibility == Message.Visibility.PRIVATE and not conversation.is_private and posted.exchange
    if not moves:
        return conversation
    private, created = Conversation.objects.get_or_create(
        channel_id=conversation.channel_id,
        thread_key=f"dm:{posted.exchange}",
        profile_id=conversation.profile_id,
        defaults={
            "brand_id": conversation.brand_id,
            "queue": conversation.queue,
            "owner_id": conversation.owner_id,
            "status": Conversation.Status.PENDING,
            "answered_at": posted.posted_at,
            "answer_seen_at": delivery.seen_at,
            "last_message_at": posted.posted_at,
        },
    )
    ConversationLink.objects.get_or_create(
        public=conversation, private=private, defaults={"created_by_id": delivery.author_id}
    )
    if created:
        if conversation.owner is not None:
            grants.grant(private, reason=Grant.Reason.OWNER, user=conversation.owner)
        _tell(conversation, private, delivery.author)
    return Conversation.objects.select_related("queue").locked(private.pk)


def _answer_home(home: Conversation, message: Message, *, seen_at: datetime) -> None:
    fields = set(status.answered(home, message.posted_at, now=message.posted_at, seen_at=seen_at))
    if message.posted_at >= home.last_message_at:
        home.last_message_at, home.last_message = message.posted_at, message.pk
        fields |= {"last_message_at", "last_message"}
    events.touch(home, *fields)
