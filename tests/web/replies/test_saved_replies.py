"""The pages of saved replies, and the way of one into an answer, with and without script."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbox.models.message import Message
from inbox.models.reply import SavedReply, SavedReplyUse
from inbox.models.work import Draft
from inbox.services import saved_replies
from inbox.services.saved_replies import Wording
from inbox.services.sharing import Sharing
from tests import personas
from tests.clients import signed_in
from tests.factories import talk

pytestmark = pytest.mark.django_db(transaction=True)
MINE = {"name": "Sorry", "text": "Sorry, {first name}", "shared": "me"}
HTMX = {"HTTP_HX_REQUEST": "true"}


def test_one_is_written_changed_archived_and_restored(world: personas.World) -> None:
    ana = signed_in(world.ana)
    assert "No saved replies yet" in ana.get("/saved-replies/").content.decode()
    assert (
        ana.post("/saved-replies/new/", {**MINE, "networks": ["x"], "queues": [world.queues.care.pk]}).status_code
        == 302
    )
    row = SavedReply.objects.get()
    page = ana.get("/saved-replies/?text=sorry").content.decode()
    assert "Sorry, {first name}" in page
    assert "Not used yet" in page
    assert "No saved reply has “zebra”" in ana.get("/saved-replies/?text=zebra").content.decode()
    assert ana.post(f"/saved-replies/{row.pk}/", {**MINE, "name": "Regret", "seen": 1}).status_code == 302
    gone = ana.post(f"/saved-replies/{row.pk}/archive/", follow=True).content.decode()
    assert "“Regret” is archived." in gone
    assert "Regret" in ana.get("/saved-replies/?archived=1").content.decode()
    assert ana.post(f"/saved-replies/{row.pk}/restoration/").status_code == 302
    assert "Regret" in ana.get("/saved-replies/").content.decode()


def test_what_is_wrong_stands_beside_its_field(world: personas.World) -> None:
    answer = signed_in(world.ana).post("/saved-replies/new/", {**MINE, "text": "Hi {frist name}"})
    assert answer.status_code == 422
    assert "There is no variable {frist name}." in answer.content.decode()
    assert "Hi {frist name}" in answer.content.decode()


def test_whoever_comes_second_is_told_and_may_decide(world: personas.World) -> None:
    shared = Sharing("team", world.teams.care.pk)
    row = saved_replies.create(Wording("Ours", "First"), shared, actor=world.ana)
    saved_replies.change(row.pk, Wording("Ours", "By Omar"), shared, actor=world.omar)
    ana = signed_in(world.ana)
    mine = {**MINE, "text": "By Ana", "shared": "team", "team": world.teams.care.pk, "seen": 1}
    answer = ana.post(f"/saved-replies/{row.pk}/", mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Omar Haddad has changed it since." in page
    assert "It says by now: By Omar" in page
    assert "By Ana" in page
    assert 'name="seen" value="2"' in page
    assert ana.post(f"/saved-replies/{row.pk}/", {**mine, "seen": 2}).status_code == 302


def test_strangers_find_nothing(world: personas.World) -> None:
    row = saved_replies.create(Wording("Ours", "Secret"), Sharing("team", world.teams.care.pk), actor=world.ana)
    ben = signed_in(world.ben)
    assert ben.get(f"/saved-replies/{row.pk}/").status_code == 404
    assert ben.post(f"/saved-replies/{row.pk}/archive/").status_code == 404
    assert "Ours" not in ben.get("/saved-replies/").content.decode()
    assert "Ours" not in ben.get(f"/saved-replies/?undo={row.pk}").content.decode()
    # nor is what everybody uses offered as a choice to whom it is not to choose
    assert "everybody" not in ben.get("/saved-replies/new/").content.decode()
    assert "everybody" in signed_in(world.omar).get("/saved-replies/new/").content.decode()


def test_the_list_in_the_composer_and_what_is_sent_with_it(world: personas.World) -> None:
    row = talk.conversation(world.channels.northwind_x, world.queues.care)
    Message.objects.update(names_us=True)
    reply = saved_replies.create(Wording("Sorry", "Sorry, {first name} <b>"), Sharing(), actor=world.ana)
    ana = signed_in(world.ana)
    found = ana.get(f"/conversations/{row.pk}/saved-replies/", {"text": "sor"}, **HTMX).content.decode()
    assert 'data-text="Sorry, Tess &lt;b&gt;"' in found
    assert signed_in(world.ben).get(f"/conversations/{row.pk}/saved-replies/", **HTMX).status_code == 404
    written = {"text": "Sorry, Tess", "visibility": "public", "saved": [str(reply.pk), "x", "9" * 30]}
    assert ana.post(f"/conversations/{row.pk}/drafts/", written).status_code == 204
    assert Draft.objects.get().saved_replies == [reply.pk]
    assert f'name="saved" value="{reply.pk}"' in ana.get(f"/inbox/care/{row.pk}/").content.decode()
    again = ana.post(f"/conversations/{row.pk}/replies/", {**written, "text": "Hi ⟦case⟧", "client_token": "1"}, **HTMX)
    assert again.status_code == 422
    assert "⟦case⟧ is not filled in" in again.content.decode()
    assert f'name="saved" value="{reply.pk}"' in again.content.decode()
    token = str(uuid.uuid4())
    assert ana.post(f"/conversations/{row.pk}/replies/", {**written, "client_token": token}, **HTMX).status_code == 200
    assert SavedReplyUse.objects.get().reply == reply


def test_without_script_it_is_chosen_on_a_page(world: personas.World) -> None:
    row = talk.conversation(world.channels.northwind_x, world.queues.care)
    reply = saved_replies.create(Wording("Sorry", "Sorry, {first name}"), Sharing(), actor=world.ana)
    other = saved_replies.create(Wording("Theirs", "No"), Sharing(), actor=world.ben)
    ana = signed_in(world.ana)
    assert "Sorry, Tess" in ana.get(f"/conversations/{row.pk}/saved-replies/").content.decode()
    for _ in range(2):
        assert ana.post(f"/conversations/{row.pk}/insertions/", {"reply": reply.pk}).status_code == 302
    draft = Draft.objects.get()
    assert (draft.text, draft.saved_replies) == ("Sorry, Tess\nSorry, Tess", [reply.pk])
    assert ana.post(f"/conversations/{row.pk}/insertions/", {"reply": other.pk}).status_code == 404
    assert ana.post(f"/conversations/{row.pk}/insertions/", {"reply": "x"}).status_code == 302
    assert signed_in(world.zoe).post(f"/conversations/{row.pk}/insertions/", {"reply": reply.pk}).status_code == 404


def test_as_many_queries_for_twice_as_many(world: personas.World) -> None:
    row = talk.conversation(world.channels.northwind_x, world.queues.care)
    ana = signed_in(world.ana)

    def queries(address: str, **more: str) -> int:
        ana.get(address, **more)
        with CaptureQueriesContext(connection) as caught:
            ana.get(address, **more)
        return len(caught)

    counts = []
    for number in range(4):
        saved_replies.create(
            Wording(f"{number}", "Hello", queue_ids=[world.queues.care.pk]), Sharing(), actor=world.ana
        )
        counts.append((queries("/saved-replies/"), queries(f"/conversations/{row.pk}/saved-replies/", **HTMX)))
    assert len(set(counts)) == 1
