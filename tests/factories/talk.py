"""Conversations and what was said in them, as ingest would have stored them."""

import itertools
from datetime import datetime

from django.utils import timezone

from channels.models import Channel
from inbox.models.conversation import Case, Conversation, Thread
from inbox.models.message import Message
from inbox.models.people import Contact, Mute, Profile
from inbox.models.queue import Queue

_numbers = itertools.count(1_900_000_000_000_000_000)


def profile(network: str = "x", *, handle: str = "tess_moran", **fields: object) -> Profile:
    values = {"name": "Tess Moran", "external_id": str(next(_numbers)), **fields}
    return Profile.objects.create(contact=Contact.objects.create(), network=network, handle=handle, **values)


def conversation(
    on: Channel, in_queue: Queue, *, text: str = "My bag did not arrive.", **fields: object
) -> Conversation:
    """An open public conversation with one message that waits since now, and its first case."""
    root, now = str(next(_numbers)), timezone.now()
    values = {"profile": profile(on.kind), "waiting_since": now, "last_message_at": now, **fields}
    row = Conversation.objects.create(
        channel=on,
        brand=on.brand,
        thread=Thread.objects.create(channel=on, root_external_id=root),
        thread_key=f"post:{root}",
        queue=in_queue,
        **values,
    )
    message(row, text, external_id=root)
    Case.objects.create(conversation=row, number=1, first_inbound_at=now)
    return row


def message(
    of: Conversation, text: str, *, direction: str = "in", posted_at: datetime | None = None, **fields: object
) -> Message:
    values = {"external_id": str(next(_numbers)), "visibility": "private" if of.is_private else "public", **fields}
    return Message.objects.create(
        channel=of.channel,
        conversation=of,
        thread=of.thread,
        profile=of.profile if direction == "in" else None,
        direction=direction,
        text=text,
        posted_at=posted_at or timezone.now(),
        **values,
    )


def is_muted(conversation: Conversation) -> bool:
    """Whether its author asks for nobody at its brand."""
    return Mute.objects.filter(profile_id=conversation.profile_id, brand_id=conversation.brand_id).exists()
