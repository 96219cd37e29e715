"""Pages as an adapter gives them, built by hand for the domain tests."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from channels.contracts import Author, FetchPage, InboundMessage, StreamKind, Unreadable, Visibility
from channels.models import Channel
from inbox.models.conversation import Conversation
from inbox.services.ingest import IngestReport, store_page
from tests import personas
from tests.personas import World

START = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


def person(external_id: str = "900", **fields: Any) -> Author:
    defaults: dict[str, Any] = {"handle": f"h{external_id}", "name": f"Person {external_id}", "followers": 120}
    return Author(external_id, **(defaults | fields))


def connected(channel: Channel) -> Channel:
    """The channel, read since a day before START."""
    channel.connected_at = START - timedelta(days=1)
    channel.save(update_fields=["connected_at"])
    return channel


def reading_world() -> World:
    """The organisation, with Northwind's account on X read since a day before START."""
    world = personas.world()
    connected(world.channels.northwind_x)
    return world


def arrivals(channel: Channel) -> None:
    """Four people ask about a bag, a minute apart; one with 900,000 followers says something."""
    mentions = (channel.external_id,)
    store(channel, *(post(f"n{i}", by=person(f"n{i}"), minute=i, text=f"bag {i}", mentions=mentions) for i in range(4)))
    store(channel, post("big", by=person("big", followers=900_000), mentions=mentions))


def first_arrival() -> Conversation:
    """Of these the oldest."""
    return Conversation.objects.get(profile__external_id="n0")


def account(channel: Channel) -> Author:
    return Author(channel.external_id, handle=channel.handle, name=channel.name)


def post(external_id: str, *, by: Author | None = None, minute: float = 0, **fields: Any) -> InboundMessage:
    """A public post by a person, `minute` minutes after START."""
    text = fields.pop("text", f"text of {external_id}")
    return InboundMessage(
        external_id=external_id,
        author=by or person(),
        text=text,
        posted_at=START + timedelta(minutes=minute),
        raw=json.dumps({"id": external_id, "text": text}).encode(),
        **fields,
    )


def private(external_id: str, *, by: Author, minute: float = 0, **fields: Any) -> InboundMessage:
    return post(external_id, by=by, minute=minute, visibility=Visibility.PRIVATE, **fields)


def store(
    channel: Channel,
    *items: InboundMessage | Unreadable,
    context: tuple[InboundMessage, ...] = (),
    stream: StreamKind = StreamKind.MENTIONS,
) -> IngestReport:
    """Ingest one page in a transaction of its own."""
    with transaction.atomic():
        return store_page(channel, stream, FetchPage(items=items, context=context))
