"""The inbox in the browser: what one may see, and what an act answers."""

import re
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from inbox.models.conversation import Conversation
from inbox.models.message import MessageFigures
from inbox.models.work import Delivery, Note
from inbox.services import ownership
from routing.services import corrections
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


def test_a_row_has_the_face_of_the_mood_as_soon_as_somebody_knows_it(ana: Client, world: personas.World) -> None:
    talk, face = first_arrival(), 'data-s="neg"'
    row = f"/inbox/care/rows/{talk.pk}/"
    assert face not in ana.get(row).content.decode()
    corrections.correct(talk.messages.get().pk, label="sentiment", value="negative", actor=world.ana)
    assert face in ana.get(row).content.decode()
    page = ana.get("/inbox/care/").content.decode()
    assert page.count(face) == 1
    assert 'aria-label="Negative mood"' in page


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


def test_a_post_says_how_far_it_has_come(ana: Client) -> None:
    row = first_arrival()
    url, message = f"/inbox/care/{row.pk}/", row.messages.get()
    assert b'class="stats"' not in ana.get(url, headers=HTMX).content
    kept = MessageFigures.objects.create(message=message, views=48_300, shares=1, likes=0, read_at=timezone.now())
    shown = ana.get(url, headers=HTMX).content.decode()
    assert all(words in shown for words in ("48k views", "48,300 views", "1 repost<"))
    assert "like<" not in shown, "nobody did"
    message.deleted_at = kept.read_at
    message.save(update_fields=["deleted_at"])
    assert b'class="stats"' not in ana.get(url, headers=HTMX).content, "what is gone has come nowhere"


def test_who_has_the_next_one_already_is_told_and_given_no_more(ana: Client) -> None:
    row = first_arrival()
    ready, url = {**HTMX, "X-Next": "kept"}, f"/conversations/{row.pk}/snooze/"
    told = ana.post(url, {"choice": "3h", "seen": row.revision}, headers=ready)
    assert told.headers["HX-Reswap"] == "none"
    assert f'"conversation": {row.pk}' in told.headers["HX-Trigger-After-Settle"]
    assert b"Snoozed until" in told.content
    assert b"thread-head-" not in told.content
    row.refresh_from_db()
    assert row.status == "snoozed"
    stale = ana.post(url, {"choice": "3h", "seen": row.revision - 1}, headers=ready)
    assert "HX-Trigger-After-Settle" not in stale.headers
    assert b"thread-head-" in stale.content, "what leads nowhere shows what is there now"


DECLINED = {"disposition": "wont_respond", "reason": "They withdrew it"}
ON_A_PHONE = {**HTMX, "X-Next": "list", "HX-Target": "thread-head"}


@pytest.mark.parametrize(
    ("act", "back", "status"),
    [
        (DECLINED, "reopening", "resolved"),
        ({"disposition": "spam"}, "reopening", "resolved"),
        ({"choice": "3h"}, "snooze", "snoozed"),
    ],
)
def test_on_a_phone_the_list_says_it_and_takes_it_back(
    ana: Client, act: dict[str, str], back: str, status: str
) -> None:
    row = first_arrival()
    url = f"/conversations/{row.pk}/"
    told = ana.post(f"{url}{'snooze' if 'choice' in act else 'resolution'}/", act, headers=ON_A_PHONE)
    assert (told.headers["HX-Reswap"], told.content.strip()) == ("none", b"")
    assert f'"conversation": {row.pk}' in told.headers["HX-Trigger-After-Settle"]
    assert first_arrival().status == status
    shown = ana.get("/inbox/all/").content.decode()
    assert f'hx-post="{url}{back}/"' in shown
    here = {**HTMX, "HX-Current-URL": "http://testserver/inbox/all/"}
    undone = ana.post(f"{url}{back}/", headers=here).content.decode()
    assert 'id="toasts"' in undone
    assert "thread-head-" not in undone, "the list has no place for it"
    assert first_arrival().status == "open"


def test_what_a_toast_takes_back_beside_its_conversation_shows_how_it_is_now(ana: Client) -> None:
    row = first_arrival()
    url, here = f"/conversations/{row.pk}/", {**HTMX, "HX-Current-URL": f"http://testserver/inbox/all/{row.pk}/?q=x"}
    ana.post(f"{url}resolution/", DECLINED, headers=HTMX)
    assert f'id="thread-head-{row.pk}"' in ana.post(f"{url}reopening/", headers=here).content.decode()


def test_an_answer_that_resolves_is_told_on_the_list(ana: Client) -> None:
    row = first_arrival()
    written = {"text": "In Oslo", "visibility": "public", "client_token": "k", "seen": row.revision, "resolve": "1"}
    sent = ana.post(f"/conversations/{row.pk}/replies/", written, headers=ON_A_PHONE)
    assert (sent.status_code, b'class="toast"' in sent.content) == (200, False)
    assert "Goes out in a moment." in ana.get("/inbox/all/").content.decode()


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
