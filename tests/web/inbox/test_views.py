"""Search and saved views in the browser."""

import pytest
from django.test import Client

from inbox.models.view import SavedView
from inbox.services import views
from tests import personas
from tests.factories import talk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> personas.World:
    world = personas.world()
    talk.conversation(world.channels.northwind_x, world.queues.care, text="My <b>bag</b> is lost", owner=world.ana)
    talk.conversation(world.channels.northwind_x, world.queues.pr, text="A bag of tricks")
    return world


def test_hits_are_marked_and_what_people_wrote_is_escaped(ana: Client) -> None:
    page = ana.get("/inbox/all/", {"q": "bag"}).content
    assert b"My &lt;b&gt;<mark>bag</mark>&lt;/b&gt; is lost" in page
    assert b"tricks" not in page


def test_operators_are_chips_and_problems_are_said(ana: Client) -> None:
    page = ana.get("/inbox/all/", {"q": "is:mine colour:<i> bag"}).content.decode()
    assert 'aria-label="Remove is:mine"' in page
    assert 'href="/inbox/all/?q=bag"' in page
    assert "“colour:” is not known. There are from:" in page
    assert "colour:<i>" not in page
    assert "My &lt;b&gt;" in page


def test_a_list_is_kept_in_one_step(world: personas.World, ana: Client) -> None:
    page = ana.get("/inbox/care/", {"owner": "me"}).content.decode()
    assert "/views/new/?q=queue%3Acare+is%3Amine+is%3Aopen" in page
    given = {"name": "Mine in Care", "query": "queue:care is:mine is:open", "sort": "", "audience": "private"}
    kept = ana.post("/views/new/", given)
    assert kept.headers["Location"] == "/inbox/all/?q=queue%3Acare+is%3Amine+is%3Aopen"
    page = ana.get(kept.headers["Location"]).content.decode()
    assert '<h2 id="list-h">Mine in Care</h2>' in page
    assert page.count('class="row"') == 1
    assert f"/views/{SavedView.objects.get().pk}/" in page


def test_numbers_come_when_the_page_stands(world: personas.World, ana: Client) -> None:
    views.create("Everything", actor=world.omar, text="is:any", audience="all")
    assert 'hx-get="/views/counts/' in ana.get("/inbox/care/").content.decode()
    counted = ana.get("/views/counts/").content.decode()
    assert '<span class="n">1</span>' in counted
    assert "hx-get" not in counted


def test_wrong_words_come_back_with_the_form(ana: Client) -> None:
    answer = ana.post("/views/new/", {"name": "x", "query": "is:lost", "sort": "", "audience": "private"})
    assert answer.status_code == 422
    assert "“is:lost” is not known" in answer.content.decode()


def test_deleted_with_a_way_back(world: personas.World, ana: Client) -> None:
    view = views.create("Late", actor=world.ana, text="is:late")
    page = ana.post(f"/views/{view.pk}/deletion/", follow=True).content.decode()
    assert f'action="/views/{view.pk}/restoration/"' in page
    assert ana.post(f"/views/{view.pk}/restoration/").headers["Location"] == "/inbox/all/?q=is%3Alate"
    assert not SavedView.objects.exclude(deleted_at=None).exists()


def test_others_find_nothing(world: personas.World, ana: Client) -> None:
    view = views.create("Private", actor=world.omar, text="is:late")
    for path in ("", "deletion/", "restoration/"):
        url = f"/views/{view.pk}/{path}"
        assert (ana.post(url) if path else ana.get(url)).status_code == 404
