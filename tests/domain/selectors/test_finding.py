"""Searches with operators, lists by waiting time and reach, and counts up to a thousand."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inbox.models.conversation import Conversation, Grant
from inbox.models.message import Attachment
from inbox.models.work import Note
from inbox.policies import access_of
from inbox.selectors import finding, sifting
from inbox.selectors.conversations import Sort, Wanted
from inbox.services import tags
from routing.models.triage import Correction, MessageTriage
from tests import personas
from tests.factories import talk
from tests.personas import World

pytestmark = pytest.mark.django_db(transaction=True)
ANY = Wanted(status="any")
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return personas.world()


@pytest.fixture
def made(world: World) -> dict[str, Conversation]:
    """One of each sort, in Care unless it says otherwise."""
    x, page, lumo = world.channels.northwind_x, world.channels.northwind_facebook, world.channels.lumo_x
    care, pr = world.queues.care, world.queues.pr
    now = timezone.now()
    hanne = talk.profile(handle="hanne", name="Hanne Ostby", followers=54_000)
    rows = {
        "hanne": talk.conversation(x, care, text="My lost bag, and a <b>bold</b> word", profile=hanne, priority=1),
        "mine": talk.conversation(x, care, text="The bag is lost", owner=world.ana),
        "late": talk.conversation(x, care, text="Still waiting", due_at=now - timedelta(hours=1)),
        "page": talk.conversation(page, care, text="A refund, and a lost bag"),
        "lumo": talk.conversation(lumo, care, text="No signal"),
        "pr": talk.conversation(x, pr, text="lost bag of a reporter"),
        "done": talk.conversation(x, care, text="Thank you", status="resolved", waiting_since=None),
        "old": talk.conversation(x, care, text="An old one", last_message_at=NOVEMBER - timedelta(days=30)),
    }
    rows["old"].messages.update(posted_at=NOVEMBER - timedelta(days=30))
    Attachment.objects.create(message=rows["page"].messages.get(), position=0, kind="image", url="https://x.example/a")
    Attachment.objects.create(message=rows["late"].messages.get(), position=0, kind="link", url="https://x.example/b")
    Note.objects.create(conversation=rows["lumo"], author=world.ana, text="Ask them", client_token="1")
    tags.change(rows["hanne"].pk, actor=world.ana, add=["baggage"])
    _judge(rows["hanne"], sentiment="negative", kind="complaint", language="en")
    _judge(rows["page"], sentiment="negative", kind="question", language="de")
    Correction.objects.create(
        message=rows["page"].messages.get(), label="sentiment", value="neutral", corrected_by=world.ana
    )
    return rows


def _judge(row: Conversation, **said: str) -> None:
    MessageTriage.objects.create(message=row.messages.get(), version="1", said={}, **said)


def _found(world: World, made: dict[str, Conversation], text: str, who: str = "ana") -> set[str]:
    names = {row.pk: name for name, row in made.items()}
    return {names[row.pk] for row in finding.find(access_of(getattr(world, who)), text, ANY).rows}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("lost bag", "hanne mine page"),
        ('"lost bag"', "hanne page"),
        ("lost bag -refund", "hanne mine"),
        ("from:@hanne", "hanne"),
        ("from:@HANNE bag", "hanne"),
        ("from:ost", "hanne"),
        ("-from:@hanne bag", "mine page"),
        ("from:@nobody", ""),
        ("brand:lumo-mobile", "lumo"),
        ("-brand:lumo-mobile lost", "hanne mine page"),
        ("queue:care lost", "hanne mine page"),
        ("is:mine", "mine"),
        ("is:mine bag", "mine"),
        ("-is:mine bag", "hanne page"),
        ("is:unassigned bag", "hanne page"),
        ("is:late", "late"),
        ("is:resolved", "done"),
        ("is:open is:resolved thank", "done"),
        ("-is:open", "done"),
        ("has:media", "page"),
        ("has:media lost", "page"),
        ("-has:media lost", "hanne mine"),
        ("has:link", "late"),
        ("has:note", "lumo"),
        ("has:reply", ""),
        ("priority:urgent", "hanne"),
        ("priority:urgent priority:low", "hanne"),
        ("tag:baggage", "hanne"),
        ("tag:#Baggage -tag:other", "hanne"),
        ("before:2026-11-01", "old"),
        ("before:2026-11-01 one", "old"),
        ("after:2026-11-01 one", ""),
        ("reach:50k", "hanne"),
        ("mood:negative", "hanne"),
        ("mood:neutral", "page"),
        ("kind:complaint bag", "hanne"),
        ("lang:German", "page"),
        ("owner:Ana", ""),
        ('owner:"Ana Sandoval"', "mine"),
        ("to:@northwindair is:late", "late"),
        ("is:private", ""),
    ],
)
def test_operators(world: World, made: dict[str, Conversation], text: str, names: str) -> None:
    if text == "owner:Ana":
        assert "“owner:Ana” is not known" in finding.find(access_of(world.ana), text, ANY).problems[0]
        return
    assert _found(world, made, text) == set(names.split())


def test_waiting_counts_from_the_networks_time(world: World, made: dict[str, Conversation]) -> None:
    Conversation.objects.filter(pk=made["lumo"].pk).update(waiting_since=timezone.now() - timedelta(hours=3))
    assert _found(world, made, "waiting:2h") == {"lumo"}
    assert "lumo" not in _found(world, made, "-waiting:2h")


def test_what_is_not_known_is_named_and_the_rest_is_searched(world: World, made: dict[str, Conversation]) -> None:
    shown = finding.find(access_of(world.ana), "queue:pr kind:rant colour:red lost -refund", ANY)
    assert len(shown.rows) == 2
    assert [problem.split(" is ")[0] for problem in shown.problems] == ["“colour:”", "“queue:pr”", "“kind:rant”"]
    assert "after “queue:” comes care" in shown.problems[1]
    assert "complaint, question" in shown.problems[2]


def test_a_view_that_names_what_one_does_not_read_shows_nothing_of_it(
    world: World, made: dict[str, Conversation]
) -> None:
    ana, ben = access_of(world.ana), access_of(world.ben)
    for text in ("queue:pr lost", "queue:pr"):
        assert finding.find(ana, text, ANY, strict=True).rows == []
        assert [row.pk for row in finding.find(ben, text, ANY, strict=True).rows] == [made["pr"].pk]
    assert finding.count(ana, "queue:pr", ANY, strict=True) == (0, False)


def test_others_see_nothing(world: World, made: dict[str, Conversation]) -> None:
    for text in ("lost", "from:@hanne", "is:late", "has:media", "tag:baggage", "mood:negative"):
        assert finding.find(access_of(world.zoe), text, ANY).rows == []
        assert finding.everything(access_of(world.zoe), text, ANY, 100) == []
        assert finding.count(access_of(world.zoe), text, ANY) == (0, False)


def test_what_one_was_let_into_is_found_too(world: World, made: dict[str, Conversation]) -> None:
    Grant.objects.create(conversation=made["pr"], user=world.ana, reason="follower")
    assert _found(world, made, "lost reporter") == {"pr"}


def test_hits_are_marked_and_nothing_else_is(world: World, made: dict[str, Conversation]) -> None:
    shown = finding.find(access_of(world.ana), "from:@hanne bag", ANY)
    (row,) = shown.rows
    assert row.text == "My lost bag, and a <b>bold</b> word"
    assert shown.marks[row.pk] == (("My lost ", False), ("bag", True), (", and a <b>bold</b> word", False))


@pytest.mark.parametrize(
    ("sort", "first"), [(Sort.DUE, "late"), (Sort.REACH, "hanne"), (Sort.NEWEST, "lumo"), (Sort.WAITING, "page")]
)
def test_orders_go_on_where_the_page_ended(world: World, sort: str, first: str) -> None:
    x, care, now = world.channels.northwind_x, world.queues.care, timezone.now()
    rows = {
        name: talk.conversation(
            x,
            care,
            profile=talk.profile(followers=followers),
            due_at=now + timedelta(hours=due),
            waiting_since=now - timedelta(hours=waits),
            last_message_at=now - timedelta(hours=age),
        )
        for name, followers, due, waits, age in [
            ("late", 5, -1, 2, 3), ("hanne", 900, 1, 1, 4), ("lumo", None, 2, 1, 0), ("page", 5, 3, 9, 2),
        ]
    }  # fmt: skip
    access, wanted = access_of(world.ana), Wanted(sort=sort)
    whole = [row.pk for row in finding.find(access, "", wanted).rows]
    assert whole[0] == rows[first].pk
    assert sorted(whole) == sorted(row.pk for row in rows.values())
    for text in ("", "is:unassigned"):
        seen: list[int] = []
        after: str | None = None
        while len(seen) < 4:
            page = finding.find(access, text, wanted, after=after, limit=1)
            seen, after = seen + [row.pk for row in page.rows], page.next
        assert (seen, after) == (whole, None)


def test_a_page_that_looked_at_too_many_says_so(world: World, made: dict[str, Conversation]) -> None:
    access, wanted = access_of(world.ana), finding.asked(access_of(world.ana), "has:note", ANY).wanted
    assert sifting.sifted_page(access, wanted, most=2).cut
    assert not sifting.sifted_page(access, wanted, most=100).cut


def test_other_counts_end_at_a_thousand(world: World, made: dict[str, Conversation]) -> None:
    access = access_of(world.ana)
    assert finding.count(access, "lost", ANY) == (3, False)
    assert finding.count(access, "has:media", ANY) == (1, False)
    wanted = finding.asked(access, "is:unassigned", ANY).wanted
    assert sifting.count_up_to(access, wanted, 2) == (2, True)


def test_everything_that_matches_is_the_same_as_all_pages(world: World, made: dict[str, Conversation]) -> None:
    access = access_of(world.ana)
    for text in ("lost", "has:media", "from:@hanne", "is:open", ""):
        assert set(finding.everything(access, text, ANY, 100)) == {
            row.pk for row in finding.find(access, text, ANY).rows
        }


@pytest.mark.parametrize(
    "text", ["is:unassigned has:media", "bag mood:negative", "from:@hanne", "reach:1k tag:baggage"]
)
def test_a_search_costs_the_same_whatever_is_stored(world: World, made: dict[str, Conversation], text: str) -> None:
    access = access_of(world.ana)
    with CaptureQueriesContext(connection) as few:
        finding.find(access, text, ANY)
    for n in range(8):
        talk.conversation(world.channels.northwind_x, world.queues.care, text=f"bag {n}")
    with CaptureQueriesContext(connection) as many:
        finding.find(access, text, ANY)
    assert len(few) == len(many)
