"""Naming colleagues in a note, in the browser: marks, what the author is told, and the list that @ opens."""

import pytest

from tests.clients import signed_in
from tests.factories import talk
from tests.personas import World

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}


def test_names_are_marked_and_one_s_own_stands_out(world: World) -> None:
    row = talk.conversation(world.channels.northwind_x, world.queues.care)
    given = {"text": "<b> @ben, see https://a.example @zoe", "client_token": "t"}
    answer = signed_in(world.ana).post(f"/conversations/{row.pk}/notes/", given, headers=HTMX)
    assert "Zoe Lindqvist does not see Northwind Air and was not told." in answer.content.decode()
    page = signed_in(world.ana).get(f"/inbox/all/{row.pk}/").content.decode()
    assert '&lt;b&gt; <span class="named" data-kind="person">@ben</span>, see <a class="foreign"' in page
    assert '<span class="named" data-kind="person" data-untold>@zoe</span>' in page
    his = signed_in(world.ben).get(f"/inbox/all/{row.pk}/").content.decode()
    assert '<span class="named" data-kind="person" data-me>@ben</span>' in his


def test_without_script_the_same_words_name_the_same(world: World) -> None:
    row = talk.conversation(world.channels.northwind_x, world.queues.care)
    given = {"text": "@Nobody", "client_token": "t"}
    page = signed_in(world.ana).post(f"/conversations/{row.pk}/notes/", given, follow=True).content.decode()
    assert "The note is there. Nobody is called @Nobody." in page


def test_the_list_that_at_opens(world: World) -> None:
    row = talk.conversation(world.channels.northwind_x, world.queues.care)
    url = f"/conversations/{row.pk}/colleagues/"
    page = signed_in(world.ana).get(url, {"text": "be"}).content.decode()
    assert 'data-text="@ben.achterberg"' in page
    assert "mia" not in page
    assert signed_in(world.ben).get(url).status_code == 404, "it is not his to read"
