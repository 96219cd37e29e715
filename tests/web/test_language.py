"""Who sees which language: one's own choice, else the browser's, else the installation's."""

import pytest
from django.core import mail
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse_lazy
from django.utils import translation

from accounts.services import passwords, people
from channels.models import Channel
from tests.api.client import BASE, Machine
from tests.clients import signed_in
from tests.factories import talk
from tests.personas import World

pytestmark = pytest.mark.django_db(transaction=True)
YOU = reverse_lazy("you")
GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
UNHEARD_OF = {"Accept-Language": "tlh"}


@pytest.fixture(autouse=True)
def _english_afterwards():
    """A request leaves its language in this thread; the next one sets its own, a test does not."""
    yield
    translation.activate("en")


def test_a_stranger_is_asked_in_the_language_of_the_browser(world: World) -> None:
    answer = Client().get("/account/login/", headers=GERMAN)
    page = answer.content.decode()
    assert '<html lang="de"' in page
    assert "Anmelden" in page
    assert answer.headers["Content-Language"] == "de"
    assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.parametrize("headers", [{}, UNHEARD_OF])
def test_without_a_language_that_we_have_it_is_the_installation_s(world: World, headers: dict[str, str]) -> None:
    assert '<html lang="en"' in Client().get("/account/login/", headers=headers).content.decode()
    with translation.override("de"):  # what LANGUAGE_CODE would do for a thread
        assert world.ana.mail_language == "en"


def test_whoever_chose_nothing_sees_the_browser_s(world: World) -> None:
    browser = signed_in(world.ana)
    assert "Posteingang" in browser.get(YOU, headers=GERMAN).content.decode()
    assert "Posteingang" not in browser.get(YOU).content.decode()


def test_one_s_own_choice_comes_first(world: World) -> None:
    browser = signed_in(world.ana)
    values = {"name": "Ana", "time_zone": "UTC", "language": "de", "theme": "system"}
    assert browser.post(YOU, values).status_code == 302
    answer = browser.get(YOU, headers={"Accept-Language": "en"})
    assert '<html lang="de"' in answer.content.decode()
    assert answer.headers["Content-Language"] == "de"
    assert browser.post(YOU, {**values, "language": ""}).status_code == 302
    assert '<html lang="en"' in browser.get(YOU).content.decode()


def test_a_refusal_is_said_in_the_reader_s_language(world: World) -> None:
    people.update_profile(world.ana, language="de")
    answer = signed_in(world.ana).post(YOU, {"name": "Ana", "time_zone": "UTC", "theme": "system", "language": "xx"})
    assert answer.status_code == 422
    assert '<html lang="de"' in answer.content.decode()


def test_the_api_answers_as_accept_language_asks(world: World) -> None:
    machine = Machine(world.ana)
    said = machine.client.get(f"{BASE}conversations/999999999", headers=GERMAN)
    assert said.json()["message"] == "Hier ist nichts, oder es ist nicht für Sie."
    assert (said.json()["code"], said.headers["Content-Language"]) == ("not_found", "de")
    assert "Accept-Language" in said.headers["Vary"]
    assert machine.get("conversations/999999999").json["message"] == "There is nothing here, or it is not yours."


def test_the_person_s_choice_comes_first_in_the_api_too(world: World) -> None:
    people.update_profile(world.ana, language="de")
    answer = Machine(world.ana).get("conversations/999999999")
    assert answer.json["message"] == "Hier ist nichts, oder es ist nicht für Sie."
    assert answer.headers["Content-Language"] == "de"


def test_what_was_refused_names_who_won_in_the_loser_s_language(world: World) -> None:
    waiting = talk.conversation(world.channels.northwind_x, world.queues.care)
    conversation = f"conversations/{waiting.pk}"
    people.update_profile(world.ana, language="de")
    other = Machine(world.omar)
    assert other.post(f"{conversation}/assignment", {"agent": "me"}).status == 200
    refused = Machine(world.ana).post(f"{conversation}/assignment", {"agent": "me"})
    assert (refused.status, refused.json["message"]) == (409, f"{world.omar.name} hat es.")


def test_the_composer_says_in_the_reader_s_language_what_stands_in_the_way(world: World) -> None:
    waiting = talk.conversation(world.channels.northwind_x, world.queues.care)
    people.update_profile(world.ana, language="de")
    ana, address = signed_in(world.ana), f"/inbox/all/{waiting.pk}/"
    assert "X öffnet Direktnachrichten nur" in ana.get(address).content.decode()
    why = "An answer appeared under another account (7)."
    Channel.objects.filter(pk=waiting.channel_id).update(sending_halted_at=Now(), sending_halted_because=why)
    assert "ist angehalten: Eine Antwort erschien unter einem anderen Konto (7)." in ana.get(address).content.decode()
    Channel.objects.filter(pk=waiting.channel_id).update(status=Channel.Status.PAUSED)
    assert "ist nicht verbunden: Pausiert" in ana.get(address).content.decode()


def test_languages_have_names_in_the_reader_s_language(world: World, settings) -> None:
    settings.TRANSLATE_URL = "http://127.0.0.1:9/translate"
    text = "Mi maleta no ha llegado todavía y nadie me responde, ¿pueden ayudarme por favor?"
    waiting = talk.conversation(world.channels.northwind_x, world.queues.care, text=text)
    people.update_profile(world.omar, language="de")
    omar = signed_in(world.omar)
    assert "Übersetzen aus: Spanisch" in omar.get(f"/inbox/all/{waiting.pk}/").content.decode()
    assert '<option value="es">Spanisch</option>' in omar.get("/brand-voice/new/?kind=emoji").content.decode()


def test_a_worker_s_letter_is_in_the_person_s_language(world: World, settings) -> None:
    settings.EMAIL_HOST = "mail.example.com"
    people.update_profile(world.ana, language="de")
    passwords.ask_for_link(world.ana)
    passwords.ask_for_link(world.ben)
    passwords.send_links()
    subjects = {letter.to[0]: letter.subject for letter in mail.outbox}
    assert subjects[world.ana.email] == "Neues Passwort wählen"
    assert subjects[world.ben.email] == "Choose a new password"


def test_the_same_event_is_read_in_two_languages(world: World) -> None:
    waiting = talk.conversation(world.channels.northwind_x, world.queues.care)
    assert Machine(world.ana).post(f"conversations/{waiting.pk}/assignment", {"agent": "me"}).status == 200
    people.update_profile(world.omar, language="de")
    address = f"/inbox/all/{waiting.pk}/"
    assert "hat es übernommen" in signed_in(world.omar).get(address).content.decode()
    assert "claimed it" in signed_in(world.ana).get(address).content.decode()
