"""The live stream as browsers hear it: only what one may hear, nothing left behind, no database connection held."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from accounts.models import Membership
from accounts.services import people
from core import live
from inbox.models.conversation import Conversation
from inbox.services import ownership
from inbox.services.events import lane_topic
from tests import personas
from tests.factories.pages import connected, person, post, store
from tests.live.server import Ear, Web, serving, until
from web.views.live import since_of

pytestmark = pytest.mark.django_db(transaction=True)
OPENED = b"retry:"
Open = Callable[..., Ear]


@pytest.fixture
def world() -> personas.World:
    world = personas.world()
    channel = connected(world.channels.northwind_x)
    names = (channel.external_id,)
    store(channel, post("n0", by=person("n0"), mentions=names))
    store(channel, post("big", by=person("big", followers=900_000), mentions=names))
    return world


@pytest.fixture
def web(tmp_path: Path, world: personas.World) -> Iterator[Web]:
    with serving(tmp_path) as running:
        yield running


@pytest.fixture
def ears(web: Web) -> Iterator[Open]:
    """Opens streams and waits until they hear; all are closed with the test."""
    opened: list[Ear] = []

    def listen(user: object, *topics: str, since: str = "") -> Ear:
        client = Client()
        client.force_login(user)
        ear = Ear(web, client.cookies["session"].value, *topics, since=since)
        opened.append(ear)
        until(lambda: ear.hears(OPENED))
        return ear

    yield listen
    for ear in opened:
        ear.close()


def _lane(world: personas.World, queue: str) -> str:
    return lane_topic(getattr(world.queues, queue).pk, world.brands.northwind.pk)


def _connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def test_a_claim_is_heard_by_who_may_and_by_nobody_else(world: personas.World, ears: Open) -> None:
    lane = _lane(world, "care")
    ana, ben, zoe = ears(world.ana, lane), ears(world.ben, lane), ears(world.zoe, lane)
    end = f"user:{world.ben.pk}"
    ben_himself = ears(world.ben, end)
    ownership.claim(Conversation.objects.get(profile__external_id="n0").pk, actor=world.omar)
    until(lambda: ana.hears(b"conversation.claimed"))
    live.publish({end: {"kind": "marker"}})
    until(lambda: ben_himself.hears(b"marker"))  # later than the claim on the same subscription
    assert not ben.hears(b"claimed")
    assert not zoe.hears(b"claimed")


def test_a_conversation_is_heard_only_by_who_reads_it(world: personas.World, ears: Open) -> None:
    pr = Conversation.objects.get(profile__external_id="big")
    topics = (f"conversation:{pr.pk}", "conversation:999999", "conversation:x", "channels")
    ana = ears(world.ana, *topics, f"user:{world.ana.pk}")
    ben = ears(world.ben, *topics)
    ownership.claim(pr.pk, actor=world.ben)
    until(lambda: ben.hears(b"conversation.claimed"))
    live.publish({f"user:{world.ana.pk}": {"kind": "marker"}})
    until(lambda: ana.hears(b"marker"))
    assert not ana.hears(b"claimed")


def test_what_happened_since_the_page_was_drawn_is_said_again(world: personas.World, ears: Open) -> None:
    lane, drawn = _lane(world, "care"), f"{time.time():.3f}"
    first = ears(world.ana, lane, since=drawn)
    until(lambda: live.client().client_list(_type="pubsub"))
    until(lambda: first.hears(b'"topic":"*"'))  # before it nothing was heard here: look at everything
    drawn = f"{time.time():.3f}"
    live.publish({lane: {"kind": "between"}})
    until(lambda: first.hears(b"between"))
    late, new, old = (ears(world.ana, lane, since=since) for since in (drawn, "", "1000000000"))
    ben = ears(world.ben, lane, since=drawn)
    until(lambda: late.hears(b"between"))
    until(lambda: old.hears(b'"topic":"*"'))
    live.publish({lane: {"kind": "marker"}})
    for ear in (late, new, old):
        until(lambda ear=ear: ear.hears(b"marker"))
    assert not new.hears(b"between")
    assert not late.hears(b'"topic":"*"')
    assert not ben.hears(b"between")


@pytest.mark.parametrize("since", ["", "x", "1e9", "-5", "9" * 40, "١٢٣٤٥٦٧٨٩٠"])
def test_what_is_no_time_is_none(rf: RequestFactory, since: str) -> None:
    assert since_of(rf.get("/live/", {"since": since})) is None
    assert since_of(rf.get("/live/", {"since": "1763800000.123"})) == 1763800000.123


def test_strangers_hear_nothing(web: Web, world: personas.World) -> None:
    ear = Ear(web, "", _lane(world, "care"))
    until(lambda: ear.hears(b"\r\n\r\n"))
    assert ear.status == 403
    ear.close()
    assert web.streams() == 0


def test_headers_of_the_stream(world: personas.World, ears: Open) -> None:
    heard = ears(world.ana, _lane(world, "care")).heard.lower()
    for header in (
        b"cache-control: no-store",
        b"x-accel-buffering: no",
        b"default-src 'none'",
    ):
        assert header in heard


def test_nothing_of_a_browser_that_has_gone_stays_behind(web: Web, world: personas.World, ears: Open) -> None:
    opened = [ears(world.ana, _lane(world, "care")) for _ in range(20)]
    assert web.streams() == 20
    for ear in opened:
        ear.close()
    until(lambda: web.streams() == 0)


def test_an_open_stream_holds_no_database_connection(web: Web, world: personas.World, ears: Open) -> None:
    web.streams()
    before = _connections()  # that of the thread that answers pages
    for _ in range(10):
        ears(world.ana, _lane(world, "care"))
    until(lambda: _connections() <= before)


def test_a_disabled_persons_stream_ends_within_five_seconds(world: personas.World, ears: Open) -> None:
    ear, other = ears(world.ana, _lane(world, "care")), ears(world.omar, _lane(world, "care"))
    people.disable(world.ana.pk, actor=world.ada)
    until(lambda: ear.hears(b"event: over"), 5)
    assert not other.hears(b"event: over")


def test_a_removed_session_is_noticed_without_any_ping(world: personas.World, ears: Open) -> None:
    ear = ears(world.ana, _lane(world, "care"))
    world.ana.sessions.all().delete()
    until(lambda: ear.hears(b"event: over"), 5)


def test_who_leaves_a_team_hears_its_queue_no_longer(world: personas.World, ears: Open) -> None:
    own = f"user:{world.ana.pk}"
    ana = ears(world.ana, _lane(world, "care"), own)
    Membership.objects.filter(user=world.ana).delete()
    until(lambda: ana.hears(b'"topic":"*"'), 6)  # told to look at everything again
    ownership.claim(Conversation.objects.get(profile__external_id="n0").pk, actor=world.omar)
    live.publish({own: {"kind": "marker"}})
    until(lambda: ana.hears(b"marker"))
    assert not ana.hears(b"claimed")


def test_a_lost_subscription_comes_back_and_says_look_again(world: personas.World, ears: Open) -> None:
    lane = _lane(world, "care")
    ear = ears(world.ana, lane)
    until(lambda: live.client().client_list(_type="pubsub"))
    live.client().client_kill_filter(_type="pubsub")
    until(lambda: ear.hears(b'"topic":"*"'))
    live.publish({lane: {"kind": "after"}})
    until(lambda: ear.hears(b"after"))
