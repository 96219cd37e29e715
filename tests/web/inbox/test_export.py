"""A list as CSV: what one sees, nothing that calculates, and a line in the audit."""

import csv
import io

import pytest

from accounts.models import AccountEvent
from accounts.services import people
from inbox.models.message import Message
from tests import personas
from tests.clients import signed_in
from tests.factories.pages import START, connected, person, post, store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> personas.World:
    world = personas.world()
    channel = connected(world.channels.northwind_x)
    names = (channel.external_id,)
    store(
        channel,
        post("n0", by=person("n0", name="=HYPERLINK(1)"), text='+1 "quoted", bag\nlost', mentions=names),
        post("n1", by=person("n1"), text="seat", mentions=names),
        post("big", by=person("big", followers=900_000), mentions=names),
    )
    return world


def _rows(user: object, url: str) -> list[dict[str, str]]:
    client = signed_in(user)
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_it_holds_what_one_sees_and_no_formulas(world: personas.World) -> None:
    rows = {row["Handle"]: row for row in _rows(world.ana, "/inbox/care/export.csv")}
    assert set(rows) == {"hn0", "hn1"}
    assert (rows["hn0"]["Name"], rows["hn0"]["Text"]) == ("'=HYPERLINK(1)", '\'+1 "quoted", bag\nlost')
    assert rows["hn0"]["Queue"] == world.queues.care.name


def test_its_filters_are_those_of_the_list(world: personas.World) -> None:
    assert [row["Handle"] for row in _rows(world.ana, "/inbox/all/export.csv?q=seat")] == ["hn1"]
    assert _rows(world.ana, "/inbox/care/export.csv?status=resolved") == []


def test_deleted_text_does_not_leave(world: personas.World) -> None:
    Message.objects.filter(external_id="n1").update(text="", deleted_at=START)
    assert {row["Text"] for row in _rows(world.ana, "/inbox/care/export.csv") if row["Handle"] == "hn1"} == {""}


def test_who_took_what_stands_in_the_audit(world: personas.World) -> None:
    _rows(world.ana, "/inbox/care/export.csv")
    event = AccountEvent.objects.get(kind="export.made")
    assert (event.actor, event.data["what"]) == (world.ana, "the list “Care”")


def test_what_leaves_and_what_is_audited_is_english_whoever_asks(world: personas.World) -> None:
    people.update_profile(world.ana, language="de")
    rows = _rows(world.ana, "/inbox/all/export.csv")
    assert {(row["Priority"], row["Private"]) for row in rows} == {("Normal", "no")}
    event = AccountEvent.objects.get(kind="export.made")
    assert event.data["what"] == "the list “All conversations”"
    people.update_profile(world.ada, language="de")
    ada = signed_in(world.ada)
    assert "Ana Sandoval hat die Liste „Alle Gespräche“ exportiert" in ada.get("/audit/").content.decode()
    audit = ada.get("/audit/export.csv").getvalue().decode("utf-8-sig")
    assert "Ana Sandoval exported the list “All conversations”" in audit
    assert "hat das Protokoll exportiert" in ada.get("/audit/").content.decode()


def test_other_peoples_lists_are_absent(world: personas.World) -> None:
    client = signed_in(world.ana)
    assert client.get("/inbox/pr/export.csv").status_code == 404
    assert client.post("/inbox/care/export.csv").status_code == 405
    assert _rows(world.zoe, "/inbox/all/export.csv") == []
