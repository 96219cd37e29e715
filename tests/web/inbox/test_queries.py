"""A list and a thread cost the same number of queries, however much there is."""

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inbox.models.conversation import Conversation
from inbox.services import notes
from tests import personas
from tests.clients import signed_in
from tests.factories.pages import person, post, reading_world, store

pytestmark = pytest.mark.django_db(transaction=True)
MOST = 46  # a whole page with list, thread, composer and customer
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world() -> personas.World:
    return reading_world()


def _more(world: personas.World, name: str) -> None:
    channel = world.channels.northwind_x
    mentions = (channel.external_id,)
    store(channel, *(post(f"{name}{i}", by=person(f"{name}{i}"), minute=i, mentions=mentions) for i in range(6)))
    same = [post(f"{name}s{i}", by=person("same"), minute=i, mentions=mentions, root="root") for i in range(6)]
    store(channel, *same)
    talk = Conversation.objects.get(profile__external_id="same")
    for number in range(3):
        notes.write(talk.pk, actor=world.omar, text=f"{name} {number}", client_token=str(uuid.uuid4()))


def _cost(client: Client, url: str, headers: dict[str, str]) -> list[str]:
    """The statements, each by its beginning and without numbers."""
    client.get(url, headers=headers)  # what is asked once per process
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, headers=headers).status_code == 200
    statements = [re.sub(r"\d+", "#", " ".join(query["sql"].split())) for query in queries]
    return [
        re.sub(r"^(EXECUTE \w+).*", r"\1", re.sub(r"\{#(,#)*\}", "{#}", statement))[:160] for statement in statements
    ]


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    "path", ["care/", "all/?status=any", "mine/", "care/rows/", "care/?q=text", "care/{pk}/", "care/{pk}/stream/"]
)
def test_twice_as_much_costs_the_same(world: personas.World, path: str, headers: dict[str, str]) -> None:
    client = signed_in(world.ana)
    _more(world, "a")
    url = "/inbox/" + path.format(pk=Conversation.objects.get(profile__external_id="same").pk)
    once = _cost(client, url, headers)
    _more(world, "b")
    assert _cost(client, url, headers) == once
    assert len(once) <= MOST
