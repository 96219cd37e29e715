"""Lists and search: everything that is yours, nothing else, in order, at a fixed number of queries."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Invalid, NotFound
from inbox.models.conversation import Conversation, Grant
from inbox.policies import access_of
from inbox.selectors import conversations, search
from inbox.selectors.conversations import Owned, Wanted, list_page
from tests import personas
from tests.factories.pages import START, account, connected, person, post, store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> personas.World:
    world = personas.world()
    for channel in (world.channels.northwind_x, world.channels.lumo_x):
        connected(channel)
    store(world.channels.northwind_x, *(post(f"n{i}", by=person(f"n{i}"), minute=i, text=f"bag {i}") for i in range(7)))
    store(world.channels.lumo_x, *(post(f"l{i}", by=person(f"l{i}"), minute=i, text=f"signal {i}") for i in range(5)))
    store(world.channels.lumo_x, post("big", by=person("big", followers=900_000), text="bag and signal"))
    return world


def _pages(access, wanted, limit):
    after, found = None, []
    while True:
        page = list_page(access, wanted, after=after, limit=limit)
        found += page.rows
        after = page.next
        if after is None:
            return found


@pytest.mark.parametrize("status", ["open", "needs_reply", "", "pending"])
def test_pages_join_without_gap_or_repeat(world: personas.World, status: str) -> None:
    if status == "pending":
        Conversation.objects.filter(queue=world.queues.care).update(status="pending", waiting_since=None)
    access = access_of(world.ana)
    small, large = _pages(access, Wanted(status=status), 2), _pages(access, Wanted(status=status), 100)
    assert len(large) == 12
    assert small == large


def test_who_waits_longest_comes_first_and_a_due_time_before_that(world: personas.World) -> None:
    Conversation.objects.filter(profile__external_id="n6").update(due_at=START)
    rows = list_page(access_of(world.ana), Wanted(queue_ids=frozenset([world.queues.care.pk]))).rows
    assert rows[0].profile_handle == "hn6"
    assert [row.waiting_since for row in rows[1:]] == sorted(row.waiting_since for row in rows[1:])


def test_everybody_sees_their_own_only(world: personas.World) -> None:
    seen = {
        who: len(_pages(access_of(getattr(world, who)), Wanted(), 50)) for who in ("ana", "ben", "mia", "zoe", "ada")
    }
    assert seen == {"ana": 12, "ben": 1, "mia": 0, "zoe": 0, "ada": 13}


def test_a_grant_opens_one_conversation(world: personas.World) -> None:
    pr = Conversation.objects.get(profile__external_id="big")
    with pytest.raises(NotFound):
        conversations.get_visible_conversation(world.ana, pr.pk)
    Grant.objects.create(conversation=pr, user=world.ana, reason="follower")
    assert conversations.get_visible_conversation(world.ana, pr.pk) == pr
    rows = list_page(access_of(world.ana), Wanted(granted=("follower",))).rows
    assert [row.pk for row in rows] == [pr.pk]


def test_mine_and_nobodys(world: personas.World) -> None:
    one = Conversation.objects.get(profile__external_id="n3")
    one.owner = world.ana
    one.save(update_fields=["owner"])
    access = access_of(world.ana)
    assert [row.pk for row in list_page(access, Wanted(owned=Owned.ME)).rows] == [one.pk]
    assert len(list_page(access, Wanted(owned=Owned.NOBODY)).rows) == 11


def test_a_list_costs_the_same_whatever_its_length(world: personas.World) -> None:
    access = access_of(world.ana)
    with CaptureQueriesContext(connection) as few:
        list_page(access, Wanted(), limit=3)
    with CaptureQueriesContext(connection) as many:
        list_page(access, Wanted(), limit=12)
    assert len(few) == len(many) == 2


@pytest.mark.parametrize("cursor", ["", "x", "WyJ0dXJuIl0:1:2"])
def test_a_foreign_cursor_is_refused(world: personas.World, cursor: str) -> None:
    if cursor:
        with pytest.raises(Invalid):
            list_page(access_of(world.ana), Wanted(), after=cursor)
    assert list_page(access_of(world.ana), Wanted(), after=None).rows


def test_words_find_messages_newest_first(world: personas.World) -> None:
    access = access_of(world.ana)
    found = search.search(access, "bag", Wanted(status=""), limit=3)
    rest = search.search(access, "bag", Wanted(status=""), after=found.next, limit=30)
    assert [row.text for row in found.rows + rest.rows] == [f"bag {i}" for i in range(6, -1, -1)]
    assert (rest.next, rest.cut) == (None, False)


def test_accents_and_case_do_not_matter(world: personas.World) -> None:
    store(world.channels.northwind_x, post("ü", text="Größte Verspätung"))
    assert len(search.search(access_of(world.ana), "VERSPATUNG", Wanted(status="")).rows) == 1


def test_people_are_found_by_part_of_handle_or_name(world: personas.World) -> None:
    assert [row.profile_handle for row in search.search(access_of(world.ana), "@HN3", Wanted(status="")).rows] == [
        "hn3"
    ]
    assert len(search.search(access_of(world.ana), "erson l", Wanted(status="")).rows) == 5


def test_search_shows_nothing_of_others(world: personas.World) -> None:
    assert search.search(access_of(world.zoe), "bag", Wanted(status="")).rows == []
    assert [row.text for row in search.search(access_of(world.ben), "bag", Wanted(status="")).rows] == [
        "bag and signal"
    ]


def test_a_common_word_is_walked_in_slices(world: personas.World) -> None:
    access, depth = access_of(world.ana), search.Depth(few=0, first=2, pages=0)
    found = search.search(access, "bag", Wanted(status=""), limit=3, depth=depth)
    rest = search.search(access, "bag", Wanted(status=""), after=found.next, limit=30, depth=depth)
    assert [row.text for row in found.rows + rest.rows] == [f"bag {i}" for i in range(6, -1, -1)]
    assert search.search(access, "bag", Wanted(status=""), limit=3, depth=replace(depth, most=2)).cut


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("cafe", ["s1", "s2"]),
        ("CAFÉ noir", ["s1"]),
        ('"noir cafe"', []),
        ("noir or kiosk", ["s1", "s3"]),
        ("cafe -noir", ["s2"]),
        ('"cafe"-noir', ["s2"]),
        ("cafe (-noir", ["s2"]),
        ('"kiosk"or noir', ["s1", "s3"]),
        ("afe", []),
        ("100%", ["s2"]),
        ("straße", ["s3"]),
        ("STRASSE", ["s3"]),
        ("www.bistro.example/a_b", ["s4"]),
    ],
)
def test_slices_find_what_the_index_finds(world: personas.World, query: str, hits: list[str]) -> None:
    texts = {
        "s1": "Café noir, s'il vous plaît",
        "s2": "CAFE at 100 % or 100%",
        "s3": "Kiosk, Straße 7",
        "s4": "www.bistro.example/a_b",
    }
    store(
        world.channels.northwind_x,
        *(post(key, minute=30 + i, text=text) for i, (key, text) in enumerate(texts.items())),
    )
    for depth in (search.Depth(), search.Depth(few=0)):
        found = search.search(access_of(world.ana), query, Wanted(status=""), depth=depth)
        assert sorted(row.text for row in found.rows) == sorted(texts[key] for key in hits)


def test_our_words_are_found_too_and_a_conversation_comes_once(world: personas.World) -> None:
    channel = world.channels.northwind_x
    store(
        channel,
        *(post(f"a{i}", by=account(channel), in_reply_to="n1", minute=20 + i, text="voucher") for i in range(3)),
    )
    assert len(search.search(access_of(world.ana), "voucher", Wanted(status="")).rows) == 1


@pytest.mark.parametrize("query", ["", "   ", "x" * 201])
def test_an_empty_or_endless_query_is_refused(world: personas.World, query: str) -> None:
    with pytest.raises(Invalid):
        search.search(access_of(world.ana), query, Wanted())


@pytest.mark.parametrize("query", ["'", '"', "\\", "%_", "a & | ! b", "-", "\0", "(((", "or or", "💥"])
def test_odd_queries_do_not_break(world: personas.World, query: str) -> None:
    if query.replace("\0", "").strip():
        search.search(access_of(world.ana), query, Wanted(status=""))
