"""Translations over the API: not there without a service, and what comes with one."""

from collections.abc import Callable, Iterator

import pytest

from api.serializers import translations as shapes
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from tests.api.client import Machine
from tests.api.shapes import check
from tests.receiving import Receiver, translating

pytestmark = pytest.mark.django_db(transaction=True)
Machines = Callable[[str], Machine]


@pytest.fixture
def service(settings) -> Iterator[Receiver]:
    with translating(settings, "Hallo") as server:
        yield server


def test_a_message_and_an_answer(waiting: Conversation, machine: Machines, service: Receiver) -> None:
    message = Message.objects.get()
    ana = machine("ana")
    made = ana.post(f"messages/{message.pk}/translation", {"to": "de"})
    assert (made.status, made.json["text"], made.json["target"]) == (200, "Hallo", "de")
    check(made.json, shapes.TranslationShape())
    made = ana.post(f"conversations/{waiting.pk}/translations", {"text": "Hello", "to": "de"})
    assert made.json["text"] == "Hallo"
    private = {"text": "Hello", "to": "de", "visibility": "private"}
    assert ana.post(f"conversations/{waiting.pk}/translations", private).status == 422
    assert machine("ada").post(f"conversations/{waiting.pk}/translations", {"text": "x", "to": "de"}).status == 403
    assert machine("ben").post(f"messages/{message.pk}/translation", {"to": "de"}).status == 404


def test_a_service_that_is_away(waiting: Conversation, machine: Machines, service: Receiver) -> None:
    service.status = 500
    away = machine("ana").post(f"messages/{Message.objects.get().pk}/translation", {"to": "de"})
    assert (away.status, away.json["code"]) == (502, "translation_away")
