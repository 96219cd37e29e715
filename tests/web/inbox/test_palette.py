"""Search or jump to: what the server offers, and to whom."""

from html import unescape
from re import findall

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inbox.models.conversation import Conversation
from inbox.services import saved_replies
from inbox.services.saved_replies import Wording
from inbox.services.sharing import Sharing
from routing.services import macros
from tests import personas
from tests.clients import signed_in
from tests.factories.pages import person, post, store

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("arrived")]


def offered(client: Client, text: str) -> list[str]:
    page = client.get("/palette/", {"q": text})
    assert page.status_code == 200
    return [unescape(words) for words in findall(r"<bdi>(.*?)</bdi>", page.content.decode())]


def test_places_are_those_that_one_may_open(world: personas.World) -> None:
    assert "Audit list" in offered(signed_in(world.ada), "audit")
    assert "Audit list" not in offered(signed_in(world.ana), "audit")
    assert "PR" not in offered(signed_in(world.ana), "pr")


def test_people_are_found_by_a_part_of_their_name_where_one_reads_them(world: personas.World) -> None:
    ana = signed_in(world.ana)
    assert offered(ana, "@person n2") == ["Person n2"]
    assert offered(ana, "@big") == []
    assert offered(signed_in(world.ben), "@big") == ["Person big"]
    assert offered(signed_in(world.zoe), "@n2") == []
    assert offered(ana, "@") == []


def test_what_is_typed_can_always_be_searched_for(world: personas.World) -> None:
    hostile = '"><script>alert(1)</script>&q=\0'
    ana = signed_in(world.ana)
    assert offered(ana, hostile)[-1] == "Search for “" + hostile.replace("\0", "") + "”"
    page = ana.get("/palette/", {"q": hostile}).content
    assert b"<script" not in page
    assert b"%3Cscript%3E" in page
    assert all("Search" not in words for words in offered(ana, "#inbox"))


def test_what_fits_the_open_conversation_is_offered_to_who_may_act_on_it(world: personas.World) -> None:
    everybody = Sharing("everybody")
    saved_replies.create(Wording("Bag trace", "Hello {first name}, <b>we look</b>."), everybody, actor=world.omar)
    macros.create("Bag lost", [{"do": "tag", "tags": ["bag"]}], everybody, actor=world.omar)
    talk = Conversation.objects.get(profile__external_id="n0")
    ana = signed_in(world.ana)
    page = ana.get("/palette/", {"q": "bag", "talk": talk.pk}).content.decode()
    assert 'data-text="Hello Person, &lt;b&gt;we look&lt;/b&gt;."' in page
    assert "Bag lost" in page
    assert "Bag trace" in ana.get("/palette/", {"q": "/", "talk": talk.pk}).content.decode()
    assert "Go to" not in ana.get("/palette/", {"q": "/", "talk": talk.pk}).content.decode()
    for who, asked in ((world.ana, ""), (world.ana, "x"), (world.ben, talk.pk), (world.ada, talk.pk)):
        assert "Bag trace" not in signed_in(who).get("/palette/", {"q": "bag", "talk": asked}).content.decode()


def test_the_number_of_queries_does_not_grow_with_who_fits(world: personas.World) -> None:
    ana = signed_in(world.ana)
    ana.get("/palette/", {"q": "@person"})
    counts = []
    for n in (4, 12):
        mentions = (world.channels.northwind_x.external_id,)
        store(
            world.channels.northwind_x,
            *(post(f"m{n}{i}", by=person(f"m{n}{i}"), text="bag", mentions=mentions) for i in range(n)),
        )
        with CaptureQueriesContext(
            connection,
        ) as seen:
            ana.get("/palette/", {"q": "@person"})
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert len(offered(ana, "@person")) == 6
