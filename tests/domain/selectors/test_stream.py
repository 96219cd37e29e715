"""What stands in a conversation, page by page."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels.contracts import Media
from core.errors import Invalid
from inbox.models.conversation import Conversation, ConversationLink
from inbox.models.work import Note
from inbox.policies import access_of
from inbox.selectors import contacts, stream
from tests import personas
from tests.factories.pages import account, person, post, private, reading_world, store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> personas.World:
    return reading_world()


def test_the_post_on_top_stands_first_and_quotes_say_what_is_answered(world: personas.World) -> None:
    channel = world.channels.northwind_x
    store(
        channel,
        post("1", by=account(channel), text="We fly to Oslo"),
        post("2", by=person("a"), in_reply_to="1", minute=1, media=(Media("image", "https://pbs.twimg.com/x.jpg"),)),
        post("3", by=person("b"), in_reply_to="2", minute=2),
    )
    of_b = Conversation.objects.get(profile__external_id="b")
    found = stream.stream_of(of_b, access_of(world.ana))
    shown = [(e.message.external_id, e.context) for e in found.entries if e.message]
    assert shown == [("1", True), ("3", False)]
    answered = next(e.answers for e in found.entries if e.message and e.message.external_id == "3")
    assert answered is not None
    assert answered.external_id == "2"
    assert [e.sentence for e in found.entries if e.event] == [f"Arrived in {world.queues.care.name}"]


def test_older_pages_join_without_gap(world: personas.World) -> None:
    channel = world.channels.northwind_x
    store(channel, *(post(str(i), minute=i // 3, root="1", in_reply_to="1" if i > 1 else None) for i in range(1, 124)))
    conversation = Conversation.objects.get()
    cursor, seen = None, []
    while True:
        page = stream.stream_of(conversation, access_of(world.ana), before=cursor)
        seen = [e.message.external_id for e in page.entries if e.message] + seen
        cursor = page.older
        if cursor is None:
            break
        assert len(seen) % stream.PAGE == 0
    assert sorted(seen, key=int) == [str(i) for i in range(1, 124)]
    assert len(seen) == 123
    forward, after = [], None
    while True:
        entries, after = stream.messages_page(conversation, after=after, limit=40)
        forward += [e.message.external_id for e in entries if e.message]
        if after is None:
            break
    assert forward == seen


def test_a_linked_private_exchange_is_part_of_the_stream(world: personas.World) -> None:
    channel = world.channels.northwind_x
    store(channel, post("1", by=person("a")), private("d", by=person("a"), root="x", minute=5))
    public, secret = Conversation.objects.order_by("id")
    ConversationLink.objects.create(public=public, private=secret)
    entries = stream.stream_of(public, access_of(world.ana)).entries
    assert [(e.message.external_id, e.linked) for e in entries if e.message] == [("1", False), ("d", True)]


def test_a_foreign_cursor_is_refused(world: personas.World) -> None:
    store(world.channels.northwind_x, post("1"))
    with pytest.raises(Invalid):
        stream.stream_of(Conversation.objects.get(), access_of(world.ana), before="nonsense")


def test_a_stream_costs_the_same_whatever_its_length(world: personas.World) -> None:
    channel = world.channels.northwind_x
    store(channel, post("1"))
    conversation = Conversation.objects.select_related("thread").get()
    access = access_of(world.ana)
    with CaptureQueriesContext(connection) as few:
        stream.stream_of(conversation, access)
    store(channel, *(post(str(i), minute=i, in_reply_to="1") for i in range(2, 40)))
    Note.objects.bulk_create(
        Note(conversation=conversation, author=world.ana, text="n", client_token=str(uuid.uuid4())) for _ in range(20)
    )
    with CaptureQueriesContext(connection) as many:
        stream.stream_of(conversation, access)
    assert len(many) <= len(few)


def test_the_customers_other_conversations_show_no_text_and_no_other_brand(world: personas.World) -> None:
    store(world.channels.northwind_x, post("1"), post("2", minute=1))
    store(world.channels.lumo_x, post("3", minute=2))
    first = Conversation.objects.get(thread_key="post:1")
    everything = contacts.customer_of(
        Conversation.objects.select_related("profile").get(pk=first.pk), access_of(world.ana)
    )
    assert [(card.brand_name, card.readable) for card in everything.others] == [
        ("Lumo Mobile", True),
        ("Northwind Air", True),
    ]
    world.ana.brands.remove(world.brands.lumo)
    fewer = contacts.customer_of(Conversation.objects.select_related("profile").get(pk=first.pk), access_of(world.ana))
    assert [card.brand_name for card in fewer.others] == ["Northwind Air"]
    assert fewer.conversations == 2
    assert not hasattr(fewer.others[0], "text")
