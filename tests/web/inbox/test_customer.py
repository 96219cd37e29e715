"""The person beside the conversation, in the browser."""

import json
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inbox.models.conversation import Conversation
from inbox.models.customer import ContactMerge, ProfileNote
from inbox.services import replies
from routing.services import corrections
from tests import personas
from tests.clients import signed_in
from tests.factories import talk
from tests.receiving import Receiver, receiving
from web import presence

HTMX = {"HX-Request": "true"}


@pytest.fixture
def pair(world: personas.World) -> tuple[Conversation, Conversation]:
    return (
        talk.conversation(world.channels.northwind_x, world.queues.care),
        talk.conversation(world.channels.northwind_facebook, world.queues.care),
    )


def page(client: Client, of: Conversation) -> str:
    return client.get(f"/inbox/care/{of.pk}/").content.decode()


def test_notes_and_tags_come_and_go(ana: Client, pair) -> None:
    one, _other = pair
    url = f"/conversations/{one.pk}/customer/"
    panel = ana.post(f"{url}notes/", {"text": "Calls <b>at</b> night", "client_token": "k"}, headers=HTMX)
    assert panel.status_code == 200
    assert 'id="customer"' in panel.content.decode()
    assert "Calls &lt;b&gt;at&lt;/b&gt; night" in panel.content.decode()
    assert ana.post(f"{url}tags/", {"add": "gold member, quiet"}).status_code == 302
    assert "gold member" in page(ana, one)
    note = ProfileNote.objects.get()
    gone = ana.post(f"{url}notes/{note.pk}/removal/", headers=HTMX).content.decode()
    assert "at night" not in gone
    assert "gold member" not in ana.post(f"{url}tags/", {"remove": "gold member"}, headers=HTMX).content.decode()


def test_what_is_refused_leaves_the_text_where_it_is(ana: Client, pair) -> None:
    one, _other = pair
    url = f"/conversations/{one.pk}/customer/"
    answer = ana.post(f"{url}tags/", {"add": "muslim"}, headers=HTMX)
    assert (answer.status_code, answer["HX-Reswap"]) == (422, "none")
    assert "religion" in answer.content.decode()
    assert ana.post(f"{url}notes/", {"text": " "}, headers=HTMX).status_code == 422


def test_the_same_person_is_proposed_joined_and_parted(ana: Client, pair) -> None:
    one, other = pair
    url = f"/conversations/{one.pk}/customer/"
    more = ana.get(f"{url}more/", headers=HTMX).content.decode()
    assert "the same handle, the same name" in more
    joined = ana.post(f"{url}merges/", {"profile": other.profile_id}, headers=HTMX).content.decode()
    assert "Joined by Ana" in joined
    row = ContactMerge.objects.get()
    parted = ana.post(f"{url}merges/{row.pk}/undo/", headers=HTMX).content.decode()
    assert "Joined by" not in parted
    ana.post(f"{url}strangers/", {"profile": other.profile_id}, headers=HTMX)
    assert "the same handle" not in ana.get(f"{url}more/", headers=HTMX).content.decode()
    assert ana.post(f"{url}merges/", {"profile": "x"}).status_code == 404


def test_without_script_the_parts_are_pages(ana: Client, pair) -> None:
    one, _other = pair
    for part in ("more", "lookup"):
        answer = ana.get(f"/conversations/{one.pk}/customer/{part}/")
        assert answer.status_code == 200
        assert b"<h1" in answer.content


def test_a_part_that_is_empty_says_why(ana: Client, pair, request: pytest.FixtureRequest) -> None:
    one, _other = pair
    url = f"/conversations/{one.pk}/customer/lookup/"
    assert "No customer system is connected" in ana.get(url).content.decode()
    request.getfixturevalue("system").status = 404
    assert "Your customer system says nothing about this person." in ana.get(url).content.decode()
    assert "says nothing" not in ana.get(url, headers=HTMX).content.decode()


def test_others_see_nothing_of_it(world: personas.World, pair) -> None:
    one, _other = pair
    ben, url = signed_in(world.ben), f"/conversations/{one.pk}/customer/"
    assert {ben.get(f"{url}{part}/").status_code for part in ("more", "lookup")} == {404}
    assert {ben.post(f"{url}{part}/").status_code for part in ("tags", "notes", "merges", "strangers")} == {404}
    assert ben.get(f"/conversations/{one.pk}/elsewhere/").status_code == 404


def test_moods_are_those_of_what_one_may_read(ana: Client, world: personas.World, pair) -> None:
    one, _other = pair
    older = talk.conversation(world.channels.lumo_x, world.queues.care, profile=one.profile, text="Great, thanks!")
    hidden = talk.conversation(world.channels.lumo_x, world.queues.pr, profile=one.profile)
    for of, who, mood in ((one, world.ana, "negative"), (older, world.ana, "positive"), (hidden, world.ben, "neutral")):
        corrections.correct(of.messages.get().pk, label="sentiment", value=mood, actor=who)
    more = ana.get(f"/conversations/{one.pk}/customer/more/", headers=HTMX).content.decode()
    assert "oldest first: negative, positive" in more or "oldest first: positive, negative" in more
    assert more.count("<circle") == 2


def test_who_answers_them_elsewhere_is_said(ana: Client, world: personas.World, pair) -> None:
    one, _other = pair
    theirs = talk.conversation(world.channels.northwind_facebook, world.queues.pr, profile=one.profile)
    assert "elsewhere" in page(ana, one)
    assert "is replying to them now" not in page(ana, one)
    presence.say(theirs, world.ben, presence.REPLYING)
    said = ana.get(f"/conversations/{one.pk}/elsewhere/").content.decode()
    assert "PR is replying to them now." in said
    assert "Ben" not in said
    presence.say(theirs, world.ben, presence.GONE)
    replies.submit(theirs.pk, actor=world.ben, text="We look into it.", client_token="k")
    assert "An answer of PR to them is on its way." in page(ana, one)


@pytest.fixture
def system(settings) -> Iterator[Receiver]:
    cache.clear()
    with receiving() as server:
        settings.CONTACT_LOOKUP_URL = f"http://{server.host}/"
        yield server
    cache.clear()


def test_the_companys_own_system_is_beside_it(ana: Client, pair, system: Receiver) -> None:
    one, _other = pair
    row = {"label": "NWD 1402", "value": "<i>late</i>", "tone": "bad"}
    blocks = [{"title": "Today’s trip", "note": "2 travellers", "rows": [row]}]
    system.body = json.dumps({"consented_at": "2026-02-01T10:00:00+00:00", "tags": ["Gold"], "blocks": blocks}).encode()
    assert f"/conversations/{one.pk}/customer/lookup/" in page(ana, one)
    assert system.got == []
    part = ana.get(f"/conversations/{one.pk}/customer/lookup/", headers=HTMX).content.decode()
    assert "Today’s trip" in part
    assert "&lt;i&gt;late&lt;/i&gt;" in part
    assert "they agreed on 1 Feb 2026" in part
    system.status = 500
    cache.clear()
    part = ana.get(f"/conversations/{one.pk}/customer/lookup/", headers=HTMX).content.decode()
    assert "does not answer now" in part


def test_the_panel_costs_the_same_for_many_conversations(ana: Client, world: personas.World, pair) -> None:
    one, _other = pair

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ana.get(f"/conversations/{one.pk}/customer/more/", headers=HTMX).status_code == 200
        return len(queries)

    for _ in range(3):
        talk.conversation(world.channels.northwind_x, world.queues.care, profile=one.profile)
    cost()
    before = cost()
    for _ in range(6):
        talk.conversation(world.channels.northwind_x, world.queues.care, profile=one.profile)
    assert cost() == before
