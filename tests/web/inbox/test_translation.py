"""Translations on the screen: offered beneath what one does not read, put into the box, taken back; or not there."""

import json
from collections.abc import Iterator

import pytest
from django.test import Client

from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.models.work import Delivery, Draft
from routing.models.staffing import AgentSkill, Skill
from routing.models.triage import MessageTriage
from tests import personas
from tests.clients import signed_in
from tests.factories import talk
from tests.receiving import Receiver, translating

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}
GERMAN = "Mein Koffer ist leider noch nicht angekommen, können Sie mir bitte helfen?"


@pytest.fixture
def service(settings) -> Iterator[Receiver]:
    with translating(settings, "My <i>suitcase</i> is missing.") as server:
        yield server


@pytest.fixture
def german(world: personas.World) -> Message:
    talk.conversation(world.channels.northwind_x, world.queues.care, text=GERMAN)
    Message.objects.update(names_us=True)
    row = Message.objects.get()
    MessageTriage.objects.filter(message=row).delete()
    return row


def page(client: Client, message: Message) -> str:
    return client.get(f"/inbox/care/{message.conversation_id}/").content.decode()


def test_what_one_does_not_read_offers_a_translation(world: personas.World, service: Receiver, german: Message) -> None:
    ana, url = signed_in(world.ana), f"/messages/{german.pk}/translation/"
    assert "Translate from German" in page(ana, german)
    assert service.got == []
    part = ana.post(url, headers=HTMX).content.decode()
    assert "Translated from German by a machine (127.0.0.1)" in part
    assert "My &lt;i&gt;suitcase&lt;/i&gt; is missing." in part
    whole = page(ana, german)
    assert GERMAN in whole
    assert "My &lt;i&gt;suitcase" in whole
    assert len(service.got) == 1


def test_without_script_it_stands_beneath_after_the_click(
    world: personas.World, service: Receiver, german: Message
) -> None:
    answer = signed_in(world.ana).post(f"/messages/{german.pk}/translation/", follow=True)
    assert "Translated from German" in answer.content.decode()
    assert signed_in(world.ben).post(f"/messages/{german.pk}/translation/").status_code == 404


def test_who_reads_the_language_is_offered_nothing(world: personas.World, service: Receiver, german: Message) -> None:
    skill = Skill.objects.create(name="German", slug="german", language="de")
    AgentSkill.objects.create(user=world.ana, skill=skill, level=3)
    assert "Translate from" not in page(signed_in(world.ana), german)
    assert "Translate from" in page(signed_in(world.omar), german)


def test_a_service_that_is_away_is_said_so(world: personas.World, service: Receiver, german: Message) -> None:
    service.status = 500
    answer = signed_in(world.ana).post(f"/messages/{german.pk}/translation/", headers=HTMX)
    assert answer.status_code == 502
    assert "does not answer" in answer.content.decode()


def test_private_messages_are_not_offered(world: personas.World, service: Receiver, german: Message, settings) -> None:
    Message.objects.update(visibility="private")
    assert "Translate from" not in page(signed_in(world.ana), german)
    settings.TRANSLATE_PRIVATE = True
    assert "Translate from" in page(signed_in(world.ana), german)


def test_without_a_service_there_is_nothing_of_it(world: personas.World, german: Message) -> None:
    ana = signed_in(world.ana)
    assert "ranslat" not in page(ana, german)
    assert ana.post(f"/messages/{german.pk}/translation/").status_code == 404
    assert ana.post(f"/conversations/{german.conversation_id}/translation/", {}).status_code == 404


def _judged_german(message: Message) -> None:
    MessageTriage.objects.create(message=message, version="1", language="de", said={})


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_is_written_is_translated_read_and_taken_back(
    world: personas.World, service: Receiver, german: Message, headers: dict[str, str]
) -> None:
    _judged_german(german)
    ana, url = signed_in(world.ana), f"/conversations/{german.conversation_id}/translation/"
    assert "Translate into German" in page(ana, german)
    service.body = json.dumps({"translatedText": "Er ist unterwegs."}).encode()
    body = {"text": "It is on\nits way.", "visibility": "public", "to": "de"}
    told = ana.post(url, body, headers=headers).content.decode()
    assert "Er ist unterwegs.</textarea>" in told
    assert "A machine translated this." in told
    assert Draft.objects.get().text == "Er ist unterwegs."
    undo = {**body, "text": "Er ist unterwegs.", "original": "It is on\nits way.", "undo": "1"}
    back = ana.post(url, undo, headers=headers).content.decode()
    assert "It is on\nits way.</textarea>" in back
    assert "A machine translated this." not in back
    assert Draft.objects.get().text == "It is on\nits way."
    assert len(service.got) == 1
    assert not Delivery.objects.exists()


def test_what_cannot_be_translated_stays_as_it_is(world: personas.World, service: Receiver, german: Message) -> None:
    ana, url = signed_in(world.ana), f"/conversations/{german.conversation_id}/translation/"
    empty = ana.post(url, {"text": " ", "visibility": "public", "to": "de"}, headers=HTMX)
    assert empty.status_code == 422
    service.status = 500
    away = ana.post(url, {"text": "Hi", "visibility": "public", "to": "de"}, headers=HTMX)
    assert away.status_code == 502
    assert not Draft.objects.exists()
    assert Conversation.objects.get().status == "open"
