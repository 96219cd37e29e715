"""“Used 41 times, 78 % ended better”: what is counted, what is judged, and that it is asked once."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inbox.models.conversation import Case
from inbox.models.message import Message
from inbox.models.reply import SavedReply, SavedReplyUse
from inbox.models.work import Delivery
from inbox.services import saved_replies
from inbox.services.saved_replies import Wording
from inbox.services.sharing import Sharing
from routing.models.triage import Correction, MessageTriage
from routing.selectors import moods
from routing.selectors.reply_effects import Effect, effects_of
from tests.factories import talk
from tests.personas import World


@pytest.fixture
def reply(world: World) -> SavedReply:
    return saved_replies.create(Wording("Sorry", "Sorry"), Sharing(), actor=world.ana)


def felt(message: Message, mood: str) -> Message:
    MessageTriage.objects.create(message=message, version="1", sentiment=mood, said={})
    return message


def used(world: World, reply: SavedReply, entered: str, left_as: str | None, state: str = "sent") -> Delivery:
    """A conversation that began with one mood, was answered with the reply, and went on with another mood, or not."""
    row, now = talk.conversation(world.channels.northwind_x, world.queues.care), timezone.now()
    first = felt(Message.objects.get(conversation=row), entered)
    delivery = Delivery.objects.create(
        conversation=row,
        channel=row.channel,
        brand=row.brand,
        case=Case.objects.get(conversation=row),
        author=world.ana,
        answers=first,
        visibility="public",
        text="Sorry",
        state=state,
        client_token=str(uuid.uuid4()),
        send_at=now,
        settled_at=now + timedelta(minutes=1),
    )
    SavedReplyUse.objects.create(reply=reply, delivery=delivery)
    if left_as is not None:
        felt(talk.message(row, "So.", posted_at=now + timedelta(minutes=2)), "negative")
        felt(talk.message(row, "So!", posted_at=now + timedelta(minutes=3)), left_as)
    return delivery


def test_what_counts(world: World, reply: SavedReply) -> None:
    used(world, reply, "negative", "positive")
    used(world, reply, "negative", "neutral")
    used(world, reply, "negative", "negative")
    used(world, reply, "negative", None)  # nothing heard
    used(world, reply, "negative", "")  # not judged
    used(world, reply, "positive", "positive")  # was not negative
    used(world, reply, "negative", "positive", state="cancelled")  # never sent
    assert effects_of([reply.pk]) == {reply.pk: Effect(uses=6, negative=5, heard=3, better=2)}
    assert effects_of([reply.pk])[reply.pk].share is None


def test_what_a_person_corrected_counts(world: World, reply: SavedReply) -> None:
    delivery = used(world, reply, "negative", "positive")
    last = delivery.conversation.messages.latest("posted_at")
    Correction.objects.create(message=last, label="sentiment", value="negative", corrected_by=world.ana)
    assert effects_of([reply.pk])[reply.pk].better == 0
    assert moods.moods_of([last.pk, 10**12]) == {last.pk: "negative", 10**12: ""}


def test_a_share_from_ten_on() -> None:
    assert Effect(41, 12, 9, 9).share is None
    assert Effect(41, 40, 37, 29).share == 78


def test_one_query_however_many(world: World, reply: SavedReply) -> None:
    other = saved_replies.create(Wording("Other", "Other"), Sharing(), actor=world.ana)
    for one in (reply, other, other):
        used(world, one, "negative", "neutral")
    with CaptureQueriesContext(connection) as caught:
        found = effects_of([reply.pk, other.pk, 10**12])
    assert len(caught) == 1
    assert [effect.uses for effect in found.values()] == [1, 2, 0]
    assert effects_of([]) == {}


def test_the_language_of_what_was_written_last(world: World) -> None:
    row = talk.conversation(world.channels.northwind_x, world.queues.care)
    assert moods.language_of(row.pk) == ""
    MessageTriage.objects.create(message=row.messages.get(), version="1", language="en", said={})
    assert moods.language_of(row.pk) == "en"
    newer = talk.message(row, "Hallo", posted_at=timezone.now() + timedelta(minutes=1))
    MessageTriage.objects.create(message=newer, version="1", language="de", said={})
    assert moods.language_of(row.pk) == "de"
    assert moods.language_of(10**12) == ""
