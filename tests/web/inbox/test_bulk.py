"""Acts on many conversations in the browser: selected, shown beforehand, run, taken back; with and without script."""

import re

import pytest

from inbox.models.bulk import Bulk
from inbox.models.conversation import Conversation
from inbox.services import bulk, ownership
from tests import personas
from tests.clients import signed_in
from tests.factories import talk

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world() -> personas.World:
    world = personas.world()
    for _ in range(4):
        talk.conversation(world.channels.northwind_x, world.queues.care)
    talk.conversation(world.channels.northwind_x, world.queues.pr)
    return world


def _ids() -> list[int]:
    return list(Conversation.objects.order_by("pk").values_list("pk", flat=True))


def test_every_row_has_a_box_of_the_one_form(world: personas.World) -> None:
    page = signed_in(world.ana).get("/inbox/care/").content.decode()
    assert page.count('class="check row-check" type="checkbox" name="c"') == 4
    assert page.count('form="bulk"') == 4
    assert '<form class="bulk" id="bulk" method="post" action="/inbox/care/bulk/"' in page


def test_fifty_to_a_colleague_in_four_clicks(world: personas.World) -> None:
    omar, ids = signed_in(world.omar), _ids()[:4]
    ownership.claim(ids[0], actor=world.ana)
    chosen = omar.post("/inbox/care/bulk/", {"act": "assign", "c": ids}).content.decode()  # 1 all shown, 2 Assign
    assert f'name="agent" value="{world.ana.pk}"' in chosen
    made = omar.post("/inbox/care/bulks/", {"act": "assign", "c": ids, "agent": world.ana.pk})  # 3 to whom
    page = omar.get(made.headers["Location"]).content.decode()
    assert "4 of 4 will be done" in page
    url = re.search(r'action="(/bulks/\d+/start/)"', page)[1]
    omar.post(url)  # 4 Run
    asked = omar.get(url.replace("start", "progress"), headers=HTMX)
    assert (asked.status_code, b"hx-trigger" in asked.content, b"0 of 4" in asked.content) == (200, True, True)
    bulk.work(60)
    over = omar.get(url.replace("start", "progress"), headers=HTMX)
    assert (over.status_code, b"hx-trigger" in over.content) == (286, False)
    assert b"3 done" in over.content
    assert b"1 was so already" in over.content
    omar.post(url.replace("start", "undo"))
    bulk.work(60)
    assert "3 taken back" in omar.get(url.replace("start/", "")).content.decode()


def test_the_preview_says_what_will_be_refused(world: personas.World) -> None:
    ana, ids = signed_in(world.ana), _ids()[:4]
    ownership.claim(ids[0], actor=world.omar)
    page = ana.post("/inbox/care/bulk/", {"act": "claim", "c": ids}, follow=True).content.decode()
    assert "3 of 4 will be done" in page
    assert "Omar Haddad has it." in page


def test_all_that_match_is_a_snapshot_of_the_list(world: personas.World) -> None:
    ana = signed_in(world.ana)
    first = ana.post("/inbox/care/bulk/", {"all": "1"}).content.decode()
    assert "All 4 conversations that Care holds now" in first
    ana.post("/inbox/care/bulks/?owner=none", {"all": "1", "act": "tag", "add": "refund, late"})
    made = Bulk.objects.get()
    assert (made.total, made.values) == (4, {"add": ["late", "refund"], "remove": []})
    talk.conversation(world.channels.northwind_x, world.queues.care)
    assert made.rows.count() == 4


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"act": "tag", "add": ""}, "Name a tag."),
        ({"act": "resolve", "disposition": "wont_respond"}, "Say why."),
        ({"act": "snooze", "until": "2001-01-01T00:00"}, "Choose a time in the future"),
        ({"act": "assign", "agent": "x"}, "Enter a whole number."),
    ],
)
def test_what_is_wrong_comes_back_with_the_form(world: personas.World, given: dict[str, str], says: str) -> None:
    answer = signed_in(world.ana).post("/inbox/care/bulks/", {"c": _ids()[:2], **given})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert answer.content.count(b'name="c"') == 2


def test_nothing_selected_is_said(world: personas.World) -> None:
    answer = signed_in(world.ana).post("/inbox/care/bulk/", {"act": "claim"})
    assert answer.status_code == 422
    assert b"Select conversations first." in answer.content


def test_others_find_nothing(world: personas.World) -> None:
    made = bulk.prepare("claim", actor=world.ana, conversation_ids=_ids(), values={})
    ben = signed_in(world.ben)
    for path in ("", "progress/"):
        assert ben.get(f"/bulks/{made.pk}/{path}").status_code == 404
    for path in ("start/", "stop/", "undo/"):
        assert ben.post(f"/bulks/{made.pk}/{path}").status_code == 404
    assert ben.post("/inbox/care/bulk/", {"act": "claim"}).status_code == 404
