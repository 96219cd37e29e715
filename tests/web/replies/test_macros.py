"""Macros on their pages and on a conversation: looked at first, done at once, taken back."""

import re

import pytest

from inbox.models.conversation import Conversation
from inbox.models.work import Draft
from inbox.services import ownership, saved_replies, tags
from inbox.services.saved_replies import Wording
from inbox.services.sharing import Sharing
from routing.models.macro import Macro, MacroRun
from routing.services import macros
from tests import personas
from tests.clients import signed_in
from tests.factories import talk

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def waiting(world: personas.World) -> Conversation:
    return talk.conversation(world.channels.northwind_x, world.queues.care)


def test_one_is_written_changed_and_archived(world: personas.World) -> None:
    ana = signed_in(world.ana)
    assert "No macros yet" in ana.get("/macros/").content.decode()
    reply = saved_replies.create(Wording("Sorry", "Sorry"), Sharing(), actor=world.ana)
    filled = {
        "name": "Refund", "shared": "me", "claim": "on", "priority": "2", "tags": "refund, late", "insert": reply.pk,
        "hand_off": world.queues.pr.pk, "hand_off_reason": "press",
    }  # fmt: skip
    assert ana.post("/macros/new/", filled).status_code == 302
    row = Macro.objects.get()
    page = ana.get("/macros/").content.decode()
    for words in (
        "Claim it for you",
        "Set the priority to high",
        "Tag it refund, late",
        "“Sorry”",
        "Ask PR to take it",
    ):
        assert words in page
    form = ana.get(f"/macros/{row.pk}/").content.decode()
    assert 'value="refund, late"' in form
    assert ana.post(f"/macros/{row.pk}/", {**filled, "snooze": "60", "seen": 1}).status_code == 422
    assert ana.post(f"/macros/{row.pk}/", {**filled, "name": "Other", "seen": 1}).status_code == 302
    assert ana.post(f"/macros/{row.pk}/", {**filled, "seen": 1}).status_code == 409
    assert ana.post("/macros/new/", {"name": "Empty", "shared": "me"}).status_code == 422
    assert "“Other” is archived." in ana.post(f"/macros/{row.pk}/archive/", follow=True).content.decode()
    assert ana.post(f"/macros/{row.pk}/restoration/").status_code == 302
    assert signed_in(world.omar).get(f"/macros/{row.pk}/").status_code == 404


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(macro|seen|client_token)" value="([^"]*)"', page))


def test_it_is_looked_at_run_and_undone(world: personas.World, waiting: Conversation) -> None:
    reply = saved_replies.create(Wording("Sorry", "Sorry, {first name}"), Sharing(), actor=world.ana)
    steps = [{"do": "claim"}, {"do": "insert", "value": reply.pk}, {"do": "tag", "tags": ["late"]}]
    row = macros.create("Refund", steps, Sharing(), actor=world.ana)
    ana, base = signed_in(world.ana), f"/conversations/{waiting.pk}/"
    assert "Refund" in ana.get(f"{base}macros/", **HTMX).content.decode()
    looked = ana.post(f"{base}macro-preview/", {"macro": row.pk}, **HTMX).content.decode()
    assert "“Refund” will" in looked
    assert not Draft.objects.exists()
    done = ana.post(f"{base}macro-runs/", fields(looked), **HTMX)
    assert done.status_code == 200
    assert "Sorry, Tess" in done.content.decode()
    assert done["HX-Retarget"] == f"#composer-{waiting.pk}"
    undo = f"/macro-runs/{MacroRun.objects.get().pk}/undo/"
    assert undo in done.content.decode()
    assert signed_in(world.omar).post(undo, **HTMX).status_code == 404
    assert ana.post(undo, **HTMX).status_code == 200
    assert (tags.names_of(waiting), Draft.objects.count()) == ([], 0)


def test_what_changed_meanwhile_is_looked_at_again(world: personas.World, waiting: Conversation) -> None:
    row = macros.create("Mine", [{"do": "claim"}], Sharing(), actor=world.ana)
    ana, base = signed_in(world.ana), f"/conversations/{waiting.pk}/"
    looked = fields(ana.post(f"{base}macro-preview/", {"macro": row.pk}, **HTMX).content.decode())
    ownership.claim(waiting.pk, actor=world.omar)
    again = ana.post(f"{base}macro-runs/", looked, **HTMX)
    assert again.status_code == 409
    assert "Omar Haddad has it." in again.content.decode()
    assert not MacroRun.objects.exists()


def test_without_script(world: personas.World, waiting: Conversation) -> None:
    row = macros.create("Late", [{"do": "tag", "tags": ["late"]}], Sharing(), actor=world.ana)
    ana, base = signed_in(world.ana), f"/conversations/{waiting.pk}/"
    assert "Late" in ana.get(f"{base}macros/").content.decode()
    looked = ana.post(f"{base}macro-preview/", {"macro": row.pk}).content.decode()
    assert ana.post(f"{base}macro-runs/", fields(looked)).status_code == 302
    assert tags.names_of(waiting) == ["late"]
    tags.change(waiting.pk, actor=world.omar, add=["x"])
    assert ana.post(f"/macro-runs/{MacroRun.objects.get().pk}/undo/").status_code == 302
    assert tags.names_of(waiting) == ["late", "x"]
    assert signed_in(world.ben).post(f"{base}macro-preview/", {"macro": row.pk}).status_code == 404
    assert ana.post(f"{base}macro-preview/", {"macro": "x"}).status_code == 404
