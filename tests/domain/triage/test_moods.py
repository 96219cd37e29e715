"""The mood that lists show: of the contact's newest message, as a person or triage said, where it is sure enough."""

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from inbox.models.message import Message
from routing.models.triage import MessageTriage
from routing.selectors.moods import LEAST_SURE, endings_of
from routing.services import corrections
from tests import personas
from tests.domain.triage import stored
from tests.factories.pages import person, post, store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> personas.World:
    return personas.world()


def _said(message: Message, mood: str, sure: float, version: str = "1") -> None:
    """Triage says so of a message."""
    MessageTriage.objects.create(
        message=message, version=version, sentiment=mood, said={"sentiment": [sure, "It says so", "rules", ""]}
    )


def _mood(message: Message) -> str:
    return endings_of([message.conversation_id])[message.conversation_id]


def _newer(message: Message) -> Message:
    """The same person writes again."""
    channel = message.channel
    store(channel, post("later", by=person("5001"), minute=9, root=message.thread.root_external_id))
    return Message.objects.get(channel=channel, external_id="later")


@pytest.fixture
def told(world: personas.World) -> Message:
    return stored.messages(world.channels.northwind_x, "My bag is gone")[0]


def test_what_triage_says_counts_from_its_sureness_on(told: Message) -> None:
    assert _mood(told) == ""
    _said(told, "negative", LEAST_SURE - 0.01)
    assert _mood(told) == ""
    _said(told, "positive", LEAST_SURE, version="2")
    assert _mood(told) == "positive"


def test_a_person_is_believed_first(told: Message, world: personas.World) -> None:
    _said(told, "negative", 0.9)
    corrections.correct(told.pk, label="sentiment", value="neutral", actor=world.ana)
    assert _mood(told) == "neutral"


def test_the_newest_message_decides_until_it_is_deleted(told: Message) -> None:
    _said(told, "negative", 0.9)
    newer = _newer(told)
    assert newer.conversation_id == told.conversation_id
    assert _mood(told) == ""
    _said(newer, "positive", 0.9)
    assert _mood(told) == "positive"
    Message.objects.filter(pk=newer.pk).update(deleted_at=Now())
    assert _mood(told) == "negative"


def test_one_question_for_any_number(world: personas.World) -> None:
    rows = stored.judged(world.channels.northwind_x, *["I hate this awful delay"] * 6)
    for ids in ([row.conversation_id for row in rows[:2]], [row.conversation_id for row in rows]):
        with CaptureQueriesContext(connection) as caught:
            assert endings_of(ids) == dict.fromkeys(ids, "negative")
        assert len(caught) == 1
    assert endings_of([]) == {}
