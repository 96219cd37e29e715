"""The pages of the brand's voice, and what the composer says by it, with and without script."""

import re
import uuid

import pytest

from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.models.voice import VoiceRule
from inbox.models.work import Delivery, Draft
from inbox.services import voice_rules
from inbox.services.voice_rules import Wanted
from inbox.voice import rules
from inbox.voice.rules import Terms
from tests import personas
from tests.clients import signed_in
from tests.factories import talk

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HTTP_HX_REQUEST": "true"}
GUYS = Wanted("Everybody is meant", rules.WORDS, Terms((("guys", "everybody"),)), "We greet all people.", asks=True)
SIGNED = Wanted("Sign it", rules.SIGNATURE, Terms(form="^{initials}"), url="https://brand.example/voice")
FORM = {"name": "Plain words", "words": "guys = everybody\nasap\n", "guideline": "We greet all people.", "asks": "1"}


def test_one_is_written_changed_archived_and_restored(world: personas.World) -> None:
    omar = signed_in(world.omar)
    assert "No rules yet" in omar.get("/brand-voice/").content.decode()
    assert "Words to avoid" in omar.get("/brand-voice/new/").content.decode()
    new = "/brand-voice/new/?kind=words"
    assert 'action="/brand-voice/new/?kind=words"' in omar.get(new).content.decode()
    assert omar.post(new, {**FORM, "networks": ["x"]}).status_code == 302
    row = VoiceRule.objects.get()
    assert row.words == [["guys", "everybody"], ["asap", ""]]
    page = omar.get("/brand-voice/").content.decode()
    assert "“guys”, better “everybody”, “asap”" in page
    assert "Asks before sending" in page
    assert "guys = everybody\nasap" in omar.get(f"/brand-voice/{row.pk}/").content.decode()
    assert omar.post(f"/brand-voice/{row.pk}/", {**FORM, "name": "Plain", "asks": "", "seen": 1}).status_code == 302
    gone = omar.post(f"/brand-voice/{row.pk}/archive/", follow=True).content.decode()
    assert "“Plain” is archived." in gone
    assert "Plain" in omar.get("/brand-voice/?archived=1").content.decode()
    assert omar.post(f"/brand-voice/{row.pk}/restoration/").status_code == 302
    assert "Only says it" in omar.get("/brand-voice/?text=plain").content.decode()
    assert "No rule has “zebra”" in omar.get("/brand-voice/?text=zebra").content.decode()


@pytest.mark.parametrize(
    ("kind", "given", "says"),
    [
        ("words", {"words": "x" * 90}, "at most 80 characters"),
        ("pattern", {"form": "(a"}, "cannot be used"),
        ("signature", {"form": "^{handle}"}, "cannot hold {handle}"),
        ("sentence", {"most": 1}, "A whole number from 3 to 200."),
        ("emoji", {"most": 1, "url": "javascript:x"}, "begins with https://"),
        ("emoji", {"most": 1, "guideline": ""}, "Say what the guideline is"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    world: personas.World, kind: str, given: dict[str, object], says: str
) -> None:
    answer = signed_in(world.omar).post(f"/brand-voice/new/?kind={kind}", {**FORM, **given})
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_whoever_comes_second_is_told_and_may_decide(world: personas.World) -> None:
    row = voice_rules.create(GUYS, actor=world.omar)
    voice_rules.change(row.pk, GUYS, actor=world.ada)
    omar = signed_in(world.omar)
    answer = omar.post(f"/brand-voice/{row.pk}/", {**FORM, "seen": 1})
    assert answer.status_code == 409
    assert "Ada Nwosu has changed it since." in answer.content.decode()
    assert omar.post(f"/brand-voice/{row.pk}/", {**FORM, "seen": 2}).status_code == 302


def test_agents_read_and_strangers_find_nothing(world: personas.World) -> None:
    row = voice_rules.create(GUYS, actor=world.omar)
    ana, zoe = signed_in(world.ana), signed_in(world.zoe)
    page = ana.get("/brand-voice/").content.decode()
    assert "We greet all people." in page
    assert f"/brand-voice/{row.pk}/" not in page
    assert "New rule" not in page
    for address in (f"/brand-voice/{row.pk}/", "/brand-voice/new/"):
        assert ana.get(address).status_code == 403
        assert zoe.get(address).status_code == 404
    assert ana.post(f"/brand-voice/{row.pk}/archive/").status_code == 403
    assert zoe.get("/brand-voice/").status_code == 404
    assert "Brand voice" not in zoe.get("/you/").content.decode()


def test_a_text_is_tried(world: personas.World) -> None:
    voice_rules.create(GUYS, actor=world.omar)
    ana = signed_in(world.ana)
    asked = {"brand": world.brands.northwind.pk, "network": "x", "visibility": "public", "text": "Thank you guys"}
    page = ana.post("/brand-voice/", asked).content.decode()
    assert "A better word is at hand." in page
    assert "We greet all people." in page
    assert "Nothing to say." in ana.post("/brand-voice/", {**asked, "text": "Hi all"}).content.decode()
    assert ana.post("/brand-voice/", {**asked, "text": ""}).status_code == 422
    assert ana.post("/brand-voice/", {**asked, "brand": "0"}).status_code == 422


def _talk(world: personas.World) -> Conversation:
    row = talk.conversation(world.channels.northwind_x, world.queues.care)
    Message.objects.update(names_us=True)
    return row


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_sending_asks_once_with_the_guideline(world: personas.World, headers: dict[str, str]) -> None:
    rule, row = voice_rules.create(GUYS, actor=world.omar), _talk(world)
    ana, url = signed_in(world.ana), f"/conversations/{row.pk}/"
    told = ana.post(f"{url}checks/", {"text": "Thank you guys", "visibility": "public"}, **HTMX).content.decode()
    assert '<b dir="auto">everybody</b>' in told
    assert "Everybody is meant" in told
    body = {"text": "Thank you guys", "visibility": "public", "client_token": uuid.uuid4().hex}
    refused = ana.post(f"{url}replies/", body, **headers)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "We greet all people." in page
    assert "Thank you guys</textarea>" in page
    accepted = re.search(r'name="accepted" value="([^"]*)"', page)
    assert accepted
    assert accepted[1].split() == [f"voice-{rule.pk}"]
    assert not Delivery.objects.exists()
    ana.post(f"{url}replies/", {**body, "accepted": accepted[1]}, **headers)
    assert Delivery.objects.get().text == "Thank you guys"


def test_without_script_the_signature_goes_into_the_draft(world: personas.World) -> None:
    voice_rules.create(SIGNED, actor=world.omar)
    row, ana = _talk(world), signed_in(world.ana)
    url = f"/conversations/{row.pk}/signature/"
    told = ana.post(f"/conversations/{row.pk}/checks/", {"text": "Hi", "visibility": "public"}, **HTMX)
    assert f'formaction="{url}"' in told.content.decode()
    for _ in range(2):
        text = Draft.objects.get().text if Draft.objects.exists() else "On its way. "
        assert ana.post(url, {"text": text, "visibility": "public"}).status_code == 302
        assert Draft.objects.get().text == "On its way.\n^AS"
    assert not Delivery.objects.exists()
    assert signed_in(world.zoe).post(url, {"text": "x", "visibility": "public"}).status_code == 404
