"""The pages of promises, hours and notices: who sees them, what a wrong word gets, and that they cost the same."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from routing.models.hours import HoursVersion, QueueHours
from routing.models.notice import Notice
from routing.models.sla import SlaPolicy, SlaVersion
from routing.services import notices
from routing.services.targets import Scope
from tests import personas
from tests.clients import signed_in
from tests.domain.targets.stage import office, policy, settle
from tests.factories import talk

pytestmark = pytest.mark.django_db(transaction=True)
TERMS = {"name": "Standard", "first": "1 h", "first_1": "15", "warn_percent": "30", "on_breach": "nothing"}
WEEK = {"name": "Office", "zone": "Europe/Oslo", "day_0": "09:00–13:00, 14-18", "day_4": "22:00–06:00"}


def test_a_promise_from_nothing_to_its_end(world: personas.World) -> None:
    ada = signed_in(world.ada)
    assert ada.get("/targets/new/").status_code == 200
    answer = ada.post("/targets/new/", {**TERMS, "told": [world.omar.pk], "tell_owner": "on"})
    assert answer.status_code == 302
    row = SlaPolicy.objects.get()
    targets = {(t.kind, t.priority): t.minutes for t in row.versions.get().targets.all()}
    assert targets == {("first", None): 60, ("first", 1): 15}
    page = ada.get("/targets/").content.decode()
    assert "Standard" in page
    assert "15 min" in page
    assert ada.get(f"/targets/{row.pk}/").status_code == 200
    ada.post(f"/targets/{row.pk}/", {**TERMS, "first": "2 h", "lengthen_because": "storm"})
    assert SlaVersion.objects.count() == 2
    assert "storm" in ada.get("/targets/").content.decode()
    assert ada.post(f"/targets/{row.pk}/end/").status_code == 302
    assert ada.get(f"/targets/{row.pk}/").status_code == 404


def test_a_promise_shows_what_it_would_do_before_it_is_saved(world: personas.World) -> None:
    ada, row = signed_in(world.ada), talk.conversation(world.channels.northwind_x, world.queues.care)
    page = ada.get("/targets/new/").content.decode()
    assert ">Save<" not in page
    page = ada.post("/targets/new/", {**TERMS, "preview": "1"}).content.decode()
    assert "get a clock" in page
    assert f"/inbox/all/{row.pk}/" in page
    assert not SlaPolicy.objects.exists()
    seen = re.search(r'name="seen" value="(\w+)"', page).group(1)
    again = ada.post("/targets/new/", {**TERMS, "first": "2 h", "seen": seen})  # changed since it was shown
    assert again.status_code == 200
    assert not SlaPolicy.objects.exists()
    assert ada.post("/targets/new/", {**TERMS, "seen": seen}).status_code == 302
    url = f"/targets/{SlaPolicy.objects.get().pk}/"
    settle()
    page = ada.post(url, {**TERMS, "first": "20", "preview": "1"}).content.decode()
    assert "due sooner" in page
    assert SlaVersion.objects.count() == 1
    assert ada.post(url, {**TERMS, "first": "soon", "preview": "1"}).status_code == 422


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"first": "soon"}, "is no length of time"),
        ({"first": "", "first_1": ""}, "Promise at least one thing"),
        ({"on_breach": "move"}, "Say where it goes"),
        ({"name": " "}, "required"),
    ],
)
def test_wrong_words_are_named_at_their_field(world: personas.World, words: dict, sentence: str) -> None:
    answer = signed_in(world.ada).post("/targets/new/", {**TERMS, **words})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not SlaPolicy.objects.exists()


def test_hours_from_nothing_to_a_queue(world: personas.World) -> None:
    ada = signed_in(world.ada)
    assert ada.get("/hours/new/").status_code == 200
    assert ada.post("/hours/new/", {**WEEK, "holidays": "2026-12-25 Christmas Day\n"}).status_code == 302
    row = HoursVersion.objects.get()
    assert row.periods == [[0, 540, 780], [0, 840, 1080], [4, 1320, 1800]]
    assert row.holidays == [{"on": "2026-12-25", "name": "Christmas Day"}]
    page = ada.get(f"/hours/{row.hours_id}/").content.decode()
    assert "22:00–06:00" in page
    assert ada.post(f"/hours/{row.hours_id}/", {**WEEK, "day_1": "24 h"}).status_code == 302
    assert HoursVersion.objects.count() == 2
    assert ada.post(f"/queues/{world.queues.care.pk}/hours/", {"hours": row.hours_id}).status_code == 302
    assert QueueHours.objects.get().queue == world.queues.care
    assert "kept by Care" in ada.get("/hours/").content.decode()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"day_0": "nine to five"}, "is no period"),
        ({"day_0": "09:00–25:00"}, "is no time of a day"),
        ({"day_0": "09:00–12:00, 11:00–13:00"}, "overlap"),
        ({"holidays": "Christmas"}, "is no holiday"),
        ({"zone": "Mars"}, "Select a valid choice"),
    ],
)
def test_wrong_hours_are_named_at_their_field(world: personas.World, words: dict, sentence: str) -> None:
    answer = signed_in(world.ada).post("/hours/new/", {**WEEK, **words})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not HoursVersion.objects.exists()


def test_a_calendar_without_hours_is_warned_of(world: personas.World) -> None:
    closed = office(world, periods=())
    policy(world, hours_id=closed.pk, tell_owner=False)
    for path in ("/targets/", f"/targets/{SlaPolicy.objects.get().pk}/"):
        page = signed_in(world.ada).get(path).content.decode()
        assert "is never open: nothing is ever due by it" in page
        assert "Nobody is told before it is late" in page
    assert "Never open" in signed_in(world.ada).get("/hours/").content.decode()


@pytest.mark.parametrize(("who", "status"), [("ada", 200), ("omar", 200), ("ana", 404), ("zoe", 404)])
def test_who_sees_it(world: personas.World, who: str, status: int) -> None:
    row, hours = policy(world), office(world)
    browser = signed_in(getattr(world, who))
    for path in ("/targets/", "/hours/"):
        assert browser.get(path).status_code == status
    for path in ("/targets/new/", f"/targets/{row.pk}/", "/hours/new/", f"/hours/{hours.pk}/"):
        assert browser.get(path).status_code == (200 if who == "ada" else 404)


def test_twice_as_many_cost_the_same(world: personas.World) -> None:
    browser = signed_in(world.ada)

    def cost(path: str) -> int:
        browser.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    hours = office(world)
    policy(world, hours_id=hours.pk, told_ids=frozenset({world.omar.pk}))
    before = cost("/targets/"), cost("/hours/")
    more = office(world, name="More")
    for name, queue in (("PR", world.queues.pr), ("Care", world.queues.care)):
        policy(world, name, Scope(queue_id=queue.pk), hours_id=more.pk, told_ids=frozenset({world.omar.pk}))
    assert (cost("/targets/"), cost("/hours/")) == before


def test_notices(world: personas.World) -> None:
    row = talk.conversation(world.channels.northwind_x, world.queues.care)
    words = {"person": "Tess", "promise": "First response", "due": "2026-11-22T14:30:00+00:00"}
    for _ in range(2):
        notices.tell([world.ana.pk, world.ben.pk], "sla.warned", row.pk, words)
    ana, ben = signed_in(world.ana), signed_in(world.ben)
    page = ana.get("/notices/").content.decode()
    assert page.count("Tess: First response") == 2
    assert "Tess" not in ben.get("/notices/").content.decode()
    first = Notice.objects.filter(user=world.ana).latest("pk")
    assert ana.post("/notices/reading/", {"notice": first.pk}).status_code == 302
    assert Notice.objects.filter(user=world.ana, read_at=None).count() == 1
    ana.post("/notices/reading/")
    assert not Notice.objects.filter(user=world.ana, read_at=None).exists()
    assert ana.get("/notices/", headers={"HX-Request": "true", "X-Live": "refetch"}).content.startswith(b"<div id")


def test_rows_and_the_head_of_a_thread_show_the_clock(world: personas.World) -> None:
    row = talk.conversation(world.channels.northwind_x, world.queues.care)
    browser = signed_in(world.ana)
    assert b"data-total" not in browser.get("/inbox/care/").content
    policy(world)
    for path in ("/inbox/care/", f"/inbox/care/{row.pk}/"):
        page = browser.get(path).content.decode()
        assert 'data-state="ok" data-left=' in page
        assert "<!--clock-->" not in page
    assert "First response" in browser.get(f"/inbox/care/{row.pk}/head/").content.decode()
