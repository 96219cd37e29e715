"""What was deleted at the network is in no table, index, event or file of ours any more."""

from datetime import timedelta

import pytest
from django.db import transaction

from channels.contracts import FetchPage, Media, StreamKind
from inbox.models.conversation import Conversation
from inbox.models.message import Attachment, LookedUp, Message, MessageRaw, MessageVersion
from inbox.models.work import ConversationEvent
from inbox.services import answering, forgetting, ingest
from tests import personas
from tests.domain.lifecycle.looking import tables_with
from tests.factories.pages import START, account, person, post, reading_world, store

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "Zanzibarsentinel"
PICTURE = Media("image", f"https://pbs.twimg.com/{SECRET}.jpg", f"https://pbs.twimg.com/{SECRET}-small.jpg", SECRET)


@pytest.fixture
def world() -> personas.World:
    return reading_world()


def gone(channel, *ids: str, context=(), stream: StreamKind = StreamKind.MENTIONS) -> ingest.IngestReport:
    with transaction.atomic():
        return ingest.store_page(channel, stream, FetchPage(gone=ids, context=context))


def said(world: personas.World) -> Message:
    """A post with a picture, edited once, all of it with the word in it."""
    channel = world.channels.northwind_x
    store(channel, post("1", text=f"{SECRET} one", media=(PICTURE,)))
    store(channel, post("2", text=f"{SECRET} two", versions=("1", "2"), minute=1))
    return Message.objects.get()


@pytest.mark.parametrize("by", ["1", "2"])
def test_what_is_gone_is_nowhere(world: personas.World, by: str) -> None:
    channel, message = world.channels.northwind_x, said(world)
    assert tables_with(SECRET)
    other = post("9", by=person("b"), minute=2)

    report = gone(channel, by, "never-stored", context=(other,))

    assert report.gone == 1
    assert tables_with(SECRET) == []
    message.refresh_from_db()
    assert (message.text, message.deleted_at is not None) == ("", True)
    for copies in (MessageRaw, MessageVersion, Attachment):
        assert not copies.objects.filter(message=message).exists()
    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.waiting_since, conversation.revision) == ("open", None, 3)
    event = ConversationEvent.objects.get(kind="message.deleted")
    assert (event.conversation, event.data) == (conversation, {"message_id": message.pk})


def test_twice_is_once_and_a_late_page_brings_nothing_back(world: personas.World) -> None:
    channel = world.channels.northwind_x
    said(world)
    other = post("9", by=person("b"), minute=2)
    gone(channel, "1", context=(other,))
    gone(channel, "1", context=(other,))
    store(channel, post("1", text=f"{SECRET} one"), post("2", text=f"{SECRET} two", versions=("1", "2"), minute=1))
    store(channel, post("3", text=f"{SECRET} three", versions=("1", "2", "3"), minute=2))
    assert tables_with(SECRET) == []
    assert ConversationEvent.objects.filter(kind="message.deleted").count() == 1


def test_who_asked_something_else_goes_on_waiting(world: personas.World) -> None:
    channel = world.channels.northwind_x
    store(channel, post("1"), post("2", in_reply_to="1", minute=4))
    gone(channel, "1", context=(post("9", by=person("b")),))
    assert Conversation.objects.get().waiting_since == START + timedelta(minutes=4)


def test_context_is_forgotten_too(world: personas.World) -> None:
    channel = world.channels.northwind_x
    store(channel, post("2", by=person("b"), in_reply_to="1"), context=(post("1", text=SECRET),))
    gone(channel, "1", context=(post("9", by=person("c")),))
    assert tables_with(SECRET) == []


def test_what_is_gone_cannot_be_answered(world: personas.World) -> None:
    channel = world.channels.northwind_x
    store(channel, post("1", mentions=(channel.external_id,)))
    gone(channel, "1", context=(post("9", by=person("b")),))
    conversation = Conversation.objects.select_related("channel").get()
    assert answering.newest_inbound(conversation) is None


def test_an_answer_of_ours_that_was_deleted_there_is_forgotten(world: personas.World) -> None:
    channel = world.channels.northwind_x
    store(channel, post("1"), post("2", by=account(channel), text=SECRET, in_reply_to="1", minute=1))
    gone(channel, "2", context=(post("9", by=person("b")),))
    assert tables_with(SECRET) == []
    assert ConversationEvent.objects.filter(kind="message.deleted").count() == 1


def test_an_answer_that_shows_nothing_else_is_believed_the_second_time(world: personas.World) -> None:
    """A token that has lost a right makes Facebook say "gone" of everything."""
    channel = world.channels.northwind_x
    store(channel, post("1"), post("2", in_reply_to="1", minute=1))
    assert gone(channel, "1", "2").gone == 0
    assert gone(channel, "1", "2").gone == 0
    LookedUp.objects.update(asked_at=START)
    assert gone(channel, "1").gone == 1
    assert Message.objects.get(external_id="2").deleted_at is None
    assert forgetting.AGAIN_AFTER_S == 1800


def test_an_edit_that_keeps_its_id_is_a_version(world: personas.World) -> None:
    channel = world.channels.northwind_facebook
    comment = {"root": "p", "in_reply_to": "p"}
    for text in ("first", "first", "second", "second", "third"):
        store(channel, post("p_1", text=text, **comment), stream=StreamKind.PAGE_FEED)
    assert Message.objects.get().text == "first"
    assert list(MessageVersion.objects.order_by("posted_at").values_list("text", flat=True)) == ["second", "third"]
    assert ConversationEvent.objects.filter(kind="message.edited").count() == 2
