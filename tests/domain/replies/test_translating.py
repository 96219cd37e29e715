"""Translation: what the service gets, every way in which it can fail, and what never leaves the house."""

import json
from collections.abc import Iterator

import pytest
from django.utils import timezone

from core.errors import Forbidden, Invalid, NotFound, TransientChannelError
from inbox import translation
from inbox.models.conversation import Conversation
from inbox.models.message import Message, MessageVersion
from inbox.policies import access_of
from inbox.services import drafts, translating
from inbox.translation import Wish
from tests import receiving
from tests.factories import talk
from tests.personas import World
from tests.receiving import Receiver

GERMAN = "Mein Koffer ist leider noch nicht angekommen, können Sie mir bitte helfen?"


@pytest.fixture
def service(settings) -> Iterator[Receiver]:
    with receiving.translating(settings, "My suitcase has not arrived.") as server:
        settings.TRANSLATE_TOKEN = "s3cret-token"
        yield server


@pytest.fixture
def german(world: World) -> Message:
    waiting = talk.conversation(world.channels.northwind_x, world.queues.care, text=GERMAN)
    return Message.objects.get(conversation=waiting)


def test_the_service_is_asked_once_a_day(world: World, service: Receiver, german: Message) -> None:
    made = translating.message(german.pk, to="en", actor=world.ana)
    assert (made.text, made.source, made.target) == ("My suitcase has not arrived.", "de", "en")
    assert made.service == "127.0.0.1"
    assert translating.message(german.pk, to="en", actor=world.omar) == made
    ((headers, body, path),) = service.got
    assert path == "/translate"
    assert headers["Authorization"] == "Bearer s3cret-token"
    assert json.loads(body) == {
        "q": GERMAN,
        "source": "de",
        "target": "en",
        "format": "text",
        "api_key": "s3cret-token",
    }
    german.refresh_from_db()
    assert german.text == GERMAN


def test_an_edited_message_is_asked_about_anew(world: World, service: Receiver, german: Message) -> None:
    translating.message(german.pk, to="en", actor=world.ana)
    edited = {"external_id": "later", "text": f"{GERMAN} Danke!", "posted_at": timezone.now()}
    MessageVersion.objects.create(message=german, channel=german.channel, **edited)
    translating.message(german.pk, to="en", actor=world.ana)
    translating.message(german.pk, to="fr", actor=world.ana)
    assert len(service.got) == 3


@pytest.mark.parametrize("status", [302, 403, 429, 500])
def test_a_service_that_fails_rests_for_a_while(
    world: World, service: Receiver, german: Message, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    service.status, service.location = status, "http://127.0.0.1:1/elsewhere"
    for _ in range(2):
        with pytest.raises(TransientChannelError):
            translating.message(german.pk, to="en", actor=world.ana)
    assert len(service.got) == 1
    assert "s3cret-token" not in caplog.text
    assert "Koffer" not in caplog.text


@pytest.mark.parametrize("status", [400, 413, 422])
def test_what_it_does_not_take_is_said_and_closes_it_for_nobody(
    world: World, service: Receiver, german: Message, status: int
) -> None:
    service.status = status
    with pytest.raises(Invalid, match="does not take this text or language") as refused:
        translating.message(german.pk, to="xx", actor=world.ana)
    assert refused.value.code == "not_translatable"
    service.status = 200
    assert translating.message(german.pk, to="en", actor=world.omar).text == "My suitcase has not arrived."


@pytest.mark.parametrize(
    "body",
    [
        *(b"<html>", b"[]", b'{"translatedText": ""}', b'{"translatedText": 7}', b"x" * 300_000),
        b'{"translatedText": "%s"}' % (b"x" * (drafts.LONGEST + 1)),
    ],
)
def test_what_is_no_answer_is_none(world: World, service: Receiver, german: Message, body: bytes) -> None:
    service.body = body
    with pytest.raises(TransientChannelError):
        translating.message(german.pk, to="en", actor=world.ana)
    assert translation.known([Wish(GERMAN, "de", "en")]) == {}


def test_the_service_may_say_what_language_it_was(world: World, service: Receiver, german: Message) -> None:
    service.body = b'{"translatedText": "12 34", "detectedLanguage": {"language": "fi", "confidence": 90}}'
    numbers = talk.message(Conversation.objects.get(), "12 34")
    assert translating.message(numbers.pk, to="en", actor=world.ana).source == "fi"
    assert json.loads(service.got[0][1])["source"] == "auto"


def test_private_messages_stay_in_the_house(world: World, service: Receiver, german: Message, settings) -> None:
    Message.objects.update(visibility="private")
    row = Conversation.objects.get()
    access = access_of(world.ana)
    with pytest.raises(Invalid, match="Private messages"):
        translating.message(german.pk, to="en", actor=world.ana)
    with pytest.raises(Invalid, match="Private messages"):
        translating.answer(row, "Hello", to="de", private=True, access=access)
    assert service.got == []
    settings.TRANSLATE_PRIVATE = True
    assert translating.message(german.pk, to="en", actor=world.ana).text
    assert translating.answer(row, "Hello", to="de", private=True, access=access).text


def test_who_may(world: World, service: Receiver, german: Message, settings) -> None:
    row = Conversation.objects.get()
    with pytest.raises(NotFound):
        translating.message(german.pk, to="en", actor=world.ben)
    with pytest.raises(Forbidden):
        translating.answer(row, "Hello", to="de", private=False, access=access_of(world.ada))
    for to in ("", "german", "DE"):
        with pytest.raises(Invalid, match="code"):
            translating.message(german.pk, to=to, actor=world.ana)
    for text in (" ", "x" * 10_001):
        with pytest.raises(Invalid):
            translating.answer(row, text, to="de", private=False, access=access_of(world.ana))
    settings.TRANSLATE_URL = ""
    with pytest.raises(NotFound):
        translating.message(german.pk, to="en", actor=world.ana)
    assert service.got == []
