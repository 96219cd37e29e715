"""The inbox in the browser: what one may see, and what an act answers."""

import re
import uuid

import pytest
from django.test import Client

from inbox.models.conversation import Conversation
from inbox.models.work import Delivery, Note
from inbox.services import ownership
from tests import personas
from tests.clients import signed_in
from tests.factories.pages import first_arrival, person, post, store

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("arrived")]
HTMX = {"HX-Request": "true"}


def test_home_leads_to_ones_own_queue(ana: Client) -> None:
    assert ana.get("/").headers["Location"] == "/inbox/care/"


def test_the_list_shows_ones_own_and_nothing_else(ana: Client) -> None:
    page = ana.get("/inbox/care/")
    assert page.status_code == 200
    assert page.content.count(b'class="row"') == 4
    assert b"Person big" not in page.content
    assert ana.get("/inbox/pr/").status_code == 404


def test_who_is_in_no_team_is_told_so(ana: Client, world: personas.World) -> None:
    page = signed_in(world.zoe).get("/inbox/all/").content.decode()
    assert "You are in no team yet" in page
    assert ">Desks<" not in page


def test_a_thread_as_page_and_as_fragment(ana: Client) -> None:
    url = f"/inbox/care/{first_arrival().pk}/"
    assert b"bag 0" in ana.get(url).content
    fragment = ana.get(url, headers=HTMX)
    assert b"<!doctype" not in fragment.content.lower()
    assert b'id="thread"' in fragment.content
    assert "HX-Request" in fragment.headers["Vary"]


def test_a_person_is_a_click_away_at_the_network(ana: Client) -> None:
    page = ana.get(f"/inbox/care/{first_arrival().pk}/").content
    assert b'href="https://x.com/i/user/n0" target="_blank" rel="noopener noreferrer nofollow"' in page


def test_what_is_not_yours_looks_absent(ana: Client, world: personas.World) -> None:
    pr = Conversation.objects.get(profile__external_id="big")
    for url in (f"/inbox/all/{pr.pk}/", "/inbox/all/999999/"):
        assert ana.get(url).status_code == 404
    assert ana.post(f"/conversations/{pr.pk}/assignment/", {"agent": "me"}, headers=HTMX).status_code == 404
    assert ana.post(f"/conversations/{pr.pk}/notes/", {"text": "x", "client_token": "1"}).status_code == 404


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_claiming(ana: Client, world: personas.World, headers: dict[str, str]) -> None:
    answer = ana.post(f"/conversations/{first_arrival().pk}/assignment/", {"agent": "me"}, headers=headers)
    assert answer.status_code == (200 if headers else 302)
    assert first_arrival().owner == world.ana


def test_who_loses_the_race_is_told_who_won(ana: Client, world: personas.World) -> None:
    ownership.claim(first_arrival().pk, actor=world.omar)
    answer = ana.post(f"/conversations/{first_arrival().pk}/assignment/", {"agent": "me"}, headers=HTMX)
    assert answer.status_code == 409
    assert b"Omar" in answer.content


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_stale_page_takes_nothing_from_somebody_else(
    ana: Client, world: personas.World, headers: dict[str, str]
) -> None:
    ownership.claim(first_arrival().pk, actor=world.omar)
    url, seen = f"/conversations/{first_arrival().pk}/assignment/", first_arrival().revision
    for given in ({"agent": "me", "take_over": "1"}, {"agent": str(world.ana.pk)}):
        answer = ana.post(url, {**given, "seen": seen - 1}, headers=headers)
        assert answer.status_code == (409 if headers else 302)
        assert first_arrival().owner == world.omar
    ana.post(url, {"agent": "me", "take_over": "1", "seen": seen}, headers=headers)
    assert first_arrival().owner == world.ana


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("assignment", {"agent": "", "reason": "why \0"}),
        ("drafts", {"text": "x", "seen": "99999999999"}),
    ],
)
def test_what_cannot_be_stored_is_no_defect(
    ana: Client, world: personas.World, path: str, fields: dict[str, str]
) -> None:
    ownership.claim(first_arrival().pk, actor=world.ana)
    answer = ana.post(f"/conversations/{first_arrival().pk}/{path}/", fields, headers=HTMX)
    assert answer.status_code in (200, 422)


def test_answering_claims_and_holds_once_however_often_it_is_pressed(ana: Client, world: personas.World) -> None:
    first = first_arrival()
    body = {"text": "On its way", "visibility": "public", "client_token": str(uuid.uuid4()), "seen": first.revision}
    for _ in range(3):
        assert ana.post(f"/conversations/{first.pk}/replies/", body, headers=HTMX).status_code == 200
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.text, first_arrival().owner) == ("held", "On its way", world.ana)


def test_undo_takes_the_answer_back(ana: Client) -> None:
    first = first_arrival()
    ana.post(f"/conversations/{first.pk}/replies/", {"text": "Oops", "client_token": "t", "seen": first.revision})
    delivery = Delivery.objects.get()
    assert ana.post(f"/deliveries/{delivery.pk}/cancel/", headers=HTMX).status_code == 200
    delivery.refresh_from_db()
    assert delivery.state == "cancelled"


def test_a_note_stays_in_the_house(ana: Client) -> None:
    first = first_arrival()
    ana.post(f"/conversations/{first.pk}/notes/", {"text": "call her", "client_token": "t"}, headers=HTMX)
    assert Note.objects.get().text == "call her"
    assert not Delivery.objects.exists()
    assert b"call her" in ana.get(f"/inbox/care/{first.pk}/").content


def test_resolving_wants_to_know_how(ana: Client) -> None:
    first = first_arrival()
    wrong = ana.post(f"/conversations/{first.pk}/resolution/", {"disposition": "wont_respond"}, headers=HTMX)
    assert wrong.status_code == 422
    assert b"data-open-now" in wrong.content
    body = {"disposition": "wont_respond", "reason": "not for us"}
    assert ana.post(f"/conversations/{first.pk}/resolution/", body, headers=HTMX).status_code == 200
    assert first_arrival().status == "resolved"
    assert ana.post(f"/conversations/{first.pk}/reopening/", headers=HTMX).status_code == 200


def test_nothing_unread_is_resolved_or_snoozed(ana: Client, world: personas.World) -> None:
    first = first_arrival()
    store(world.channels.northwind_x, post("late", by=person("n0"), in_reply_to="n0", minute=9, root="n0"))
    resolve = {"disposition": "wont_respond", "reason": "not for us", "seen": first.revision}
    assert ana.post(f"/conversations/{first.pk}/resolution/", resolve, headers=HTMX).status_code == 409
    snooze = {"choice": "3h", "seen": first.revision}
    assert ana.post(f"/conversations/{first.pk}/snooze/", snooze, headers=HTMX).status_code == 409
    assert first_arrival().status == "open"


def test_handing_off_and_accepting(ana: Client, world: personas.World) -> None:
    first = first_arrival()
    body = {"queue": world.queues.pr.pk, "reason": "may spread"}
    assert ana.post(f"/conversations/{first.pk}/handoffs/", body, headers=HTMX).status_code == 200
    ben = signed_in(world.ben)
    assert b"Person n0" in ben.get("/inbox/asks/").content
    ask = first.handoffs.get()
    assert ben.post(f"/handoffs/{ask.pk}/acceptance/", headers=HTMX).status_code == 200
    assert (first_arrival().queue, first_arrival().owner) == (world.queues.pr, world.ben)


def _chosen(page: bytes) -> list[str]:
    """Which ways of writing are chosen in the composer."""
    return re.findall(r'name="visibility" value="(\w+)"[^>]* checked', page.decode())


def test_who_is_asked_and_may_not_answer_writes_a_note(ana: Client, world: personas.World) -> None:
    first = first_arrival()
    ana.post(f"/conversations/{first.pk}/handoffs/", {"queue": world.queues.pr.pk, "reason": "may spread"})
    ben = signed_in(world.ben)
    page = ben.get(f"/inbox/all/{first.pk}/").content
    assert _chosen(page) == ["note"]
    assert b"Only people of this queue may answer." in page
    assert _chosen(ana.get(f"/inbox/all/{first.pk}/").content) == ["public"]


@pytest.mark.parametrize("path", ["snooze/", "priority/", "tags/", "mute/", "answers/"])
def test_other_acts_answer(ana: Client, path: str) -> None:
    bodies = {
        "snooze/": {"choice": "3h"},
        "priority/": {"priority": "1"},
        "tags/": {"add": "lost bag, vip"},
        "mute/": {"muted": "1"},
        "answers/": {"note": "by phone"},
    }
    answer = ana.post(f"/conversations/{first_arrival().pk}/{path}", bodies[path], headers=HTMX)
    assert answer.status_code == 200, answer.content[:500]


@pytest.mark.parametrize("view", ["all", "mine", "mentions", "snoozed", "care"])
@pytest.mark.parametrize("query", ["", "?status=resolved", "?owner=none", "?q=bag", "?q=%27%22&status=any", "?after=x"])
def test_every_list_answers(ana: Client, view: str, query: str) -> None:
    assert ana.get(f"/inbox/{view}/{query}").status_code == 200
    assert ana.get(f"/inbox/{view}/rows/{query}", headers=HTMX).status_code == 200


def test_fragments_renew(ana: Client) -> None:
    pk = first_arrival().pk
    for path in (f"rows/{pk}/", "head/", f"{pk}/head/", f"{pk}/stream/", f"{pk}/asks/"):
        assert ana.get(f"/inbox/care/{path}", headers=HTMX).status_code == 200, path


def test_strangers_are_sent_to_sign_in() -> None:
    assert Client().get("/inbox/care/").headers["Location"].startswith("/account/login/")
