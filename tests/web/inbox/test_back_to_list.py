"""After an act one is back in the list that one came from, with its filters; addresses from elsewhere lead nowhere."""

import pytest
from django.test import Client

from inbox.models.conversation import Conversation
from tests import personas
from tests.factories import talk

pytestmark = pytest.mark.django_db(transaction=True)
HOST = "http://testserver"
LIST = "status=needs_reply&owner=none&brand=1&channel=2&q=lost+bag&sort=newest"


@pytest.fixture
def row(world: personas.World) -> Conversation:
    return talk.conversation(world.channels.northwind_x, world.queues.care)


def _claimed(ana: Client, row: Conversation, **headers: str) -> str:
    """Where claiming it leads to."""
    answer = ana.post(f"/conversations/{row.pk}/assignment/", {"agent": "me"}, headers=headers)
    assert answer.status_code == 302
    return answer["Location"]


ACTS = [
    ("assignment", {"agent": "me"}),
    ("notes", {"text": "Asked Oslo", "client_token": "k"}),
    ("tags", {"add": "bag"}),
    ("tags", {"add": "x" * 300}),
    ("resolution", {"disposition": "answered"}),
    ("snooze", {"choice": "3h"}),
    ("following", {"following": "1"}),
    ("customer/tags", {"add": "gold"}),
    ("signature", {"text": "Hello", "visibility": "public"}),
]


@pytest.mark.parametrize(("act", "given"), ACTS)
def test_an_act_leads_back_to_the_list_with_its_filters(
    ana: Client, row: Conversation, act: str, given: dict[str, str]
) -> None:
    came_from = f"{HOST}/inbox/all/{row.pk}/?{LIST}"
    answer = ana.post(f"/conversations/{row.pk}/{act}/", given, headers={"Referer": came_from})
    assert (answer.status_code, answer["Location"].partition("#")[0]) == (302, f"/inbox/all/{row.pk}/?{LIST}")


@pytest.mark.parametrize("act", ["reasons", "saved-replies", "macros", "customer/more", "customer/lookup"])
def test_the_pages_beside_it_lead_back_there_too(ana: Client, row: Conversation, act: str) -> None:
    came_from = {"Referer": f"{HOST}/inbox/all/{row.pk}/?q=lost+bag"}
    page = ana.get(f"/conversations/{row.pk}/{act}/", headers=came_from).content.decode()
    assert f'href="/inbox/all/{row.pk}/?q=lost+bag"' in page


def test_the_fresh_head_leads_back_to_what_the_page_shows(ana: Client, row: Conversation) -> None:
    shown = {"HX-Request": "true", "HX-Current-URL": f"{HOST}/inbox/care/{row.pk}/?{LIST}", "Referer": f"{HOST}/"}
    head = ana.post(f"/conversations/{row.pk}/assignment/", {"agent": "me"}, headers=shown).content.decode()
    assert f'href="/inbox/care/?{LIST.replace("&", "&amp;")}"' in head
    assert f'data-live-url="/inbox/care/{row.pk}/head/?{LIST.replace("&", "&amp;")}"' in head


def test_only_what_a_list_understands_is_taken(ana: Client, row: Conversation) -> None:
    more = "next=//evil.example&utm_source=x&after=zzz&new=1&brand=-1&channel=me&owner=you&status=odd&sort=odd"
    back = _claimed(ana, row, Referer=f"{HOST}/inbox/all/{row.pk}/?{more}&q=lost%26next%3D%2F%2Fevil.example")
    assert back == f"/inbox/all/{row.pk}/?q=lost%26next%3D%2F%2Fevil.example"


@pytest.mark.parametrize(
    "address",
    [
        "",
        f"{HOST}/",
        f"{HOST}/notices/?q=lost",
        "http://evil.example/inbox/all/?q=lost",
        "http://evil.example:80@testserver/inbox/all/?q=lost",
        "//evil.example/inbox/all/?q=lost",
        "/inbox/all/?q=lost",
        f"{HOST}//evil.example/inbox/all/?q=lost",
        f"{HOST}/inbox//evil.example/?q=lost",
        f"{HOST}/inbox/..%2F..%2F/?q=lost",
        "http://[/inbox/all/?q=lost",
        "javascript:alert(1)",
        pytest.param(f"{HOST}/inbox/all/?{'a&' * 2000}q=lost", id="many"),
    ],
)
def test_any_other_address_leads_to_the_queue(ana: Client, row: Conversation, address: str) -> None:
    assert _claimed(ana, row, Referer=address) == f"/inbox/care/{row.pk}/"


@pytest.mark.parametrize("key", ["pr", "nowhere", "asks", "drafts"])
def test_a_list_that_one_does_not_read_leads_to_all(ana: Client, row: Conversation, key: str) -> None:
    assert _claimed(ana, row, Referer=f"{HOST}/inbox/{key}/?q=lost") == f"/inbox/all/{row.pk}/?q=lost"
