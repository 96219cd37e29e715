"""Queues, channels with their health, and everything that one channel brought."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.serializers import accounts, outputs
from channels.models import ChannelDay, Stream
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from tests.api.client import Machine
from tests.api.shapes import check
from tests.factories import people, talk
from tests.personas import World

pytestmark = pytest.mark.django_db(transaction=True)
Machines = Callable[[str], Machine]


@pytest.fixture
def read_channel(world: World) -> Stream:
    """Northwind on X was read once, and cost something today."""
    channel = world.channels.northwind_x
    now = timezone.now()
    ChannelDay.objects.create(channel=channel, day=now.date(), calls=7, items=3, usd=Decimal("0.015"))
    return Stream.objects.create(channel=channel, kind="mentions", last_poll_at=now, last_ok_at=now, lag_s=1.5)


def test_channels_with_their_health(world: World, read_channel: Stream, machine: Machines) -> None:
    omar = machine("omar")
    listed = omar.get("channels").json
    check(listed, accounts.ChannelsShape())
    assert [one["brand"]["slug"] for one in listed["results"]] == ["lumo-mobile", "northwind-air", "northwind-air"]
    one = omar.get(f"channels/{world.channels.northwind_x.pk}").json
    assert one in listed["results"]
    health = one["health"]
    assert (health["state"], health["calls_today"], health["usd_today"]) == ("healthy", 7, "0.015000")
    assert [(stream["kind"], stream["lag_s"]) for stream in health["streams"]] == [("mentions", 1.5)]


def test_health_is_for_those_who_supervise(world: World, read_channel: Stream, machine: Machines) -> None:
    path = f"channels/{world.channels.northwind_x.pk}"
    agent, supervisor = machine("ana").get(path).json, machine("omar").get(path).json
    check(agent, accounts.ChannelShape())
    assert agent == {**supervisor, "health": None}
    assert machine("ada").get(path).json == supervisor


def test_a_lost_channel_says_why_and_sends_nothing(world: World, machine: Machines) -> None:
    channel = world.channels.northwind_x
    channel.status, channel.status_reason = "needs_reconnect", "X says 401."
    channel.save(update_fields=["status", "status_reason"])
    one = machine("omar").get(f"channels/{channel.pk}").json
    assert (one["sends"], one["status"], one["health"]["state"]) == (False, "needs_reconnect", "lost")
    assert one["health"]["reason"] == one["status_reason"] == "X says 401."


def test_nothing_of_the_credentials_is_told(world: World, machine: Machines) -> None:
    world.channels.northwind_x.sealed_credentials = b"sealed-and-secret"
    world.channels.northwind_x.save(update_fields=["sealed_credentials"])
    told = str(machine("ada").get("channels").json)
    assert "sealed" not in told
    assert "options" not in told


def test_queues_with_their_counters(world: World, waiting: Conversation, ana: Machine) -> None:
    talk.conversation(world.channels.lumo_x, world.queues.care, waiting_since=None)
    ana.post(f"conversations/{waiting.pk}/assignment", {"agent": "me"})
    answer = ana.get("queues").json
    check(answer, outputs.QueuesShape())
    (care,) = answer["results"]
    assert (care["open"], care["needs_reply"], care["unowned"]) == (2, 1, 1)


def test_what_one_has_in_a_foreign_queue_makes_that_queue_not_theirs(
    world: World, waiting: Conversation, ana: Machine
) -> None:
    Conversation.objects.filter(pk=waiting.pk).update(queue=world.queues.pr, owner=world.ana)
    assert [queue["slug"] for queue in ana.get("queues").json["results"]] == ["care"]


def test_everything_of_a_channel_by_pages(world: World, waiting: Conversation, ana: Machine) -> None:
    path = f"channels/{world.channels.northwind_x.pk}/messages"
    context = talk.message(waiting, "an advertisement", direction="out")
    Message.objects.filter(pk=context.pk).update(conversation=None)
    for place in range(5):
        talk.message(waiting, f"again {place}", in_reply_to=context.external_id)
    found, cursor = [], None
    while cursor != "":
        page = ana.get(path, limit=2, **({"cursor": cursor} if cursor else {})).json
        check(page, outputs.MessagePageShape())
        found += page["results"]
        cursor = page["next"] or ""
    assert [one["id"] for one in found] == list(Message.objects.order_by("pk").values_list("pk", flat=True))
    assert {one["answers"] for one in found[2:]} == {context.pk}
    assert [one["id"] for one in ana.get(path, context="true").json["results"]] == [context.pk]
    assert len(ana.get(path, context="false").json["results"]) == 6
    one = ana.get(path, external_id=context.external_id).json["results"]
    assert [(line["id"], line["conversation"]) for line in one] == [(context.pk, None)]
    assert ana.get(path, external_id="nothing").json == {"results": [], "next": None}


def test_places_cost_the_same_however_many(world: World, ana: Machine, machine: Machines) -> None:
    ada = machine("ada")

    def cost() -> list[int]:
        costs = []
        for path in ("queues", "channels"):
            with CaptureQueriesContext(connection) as queries:
                assert ada.get(path).status == 200
            costs.append(len(queries))
        return costs

    def grow(start: int) -> None:
        for n in range(start, start + 3):
            brand = people.brand(f"Brand {n}", f"brand-{n}")
            channel = people.channel(brand, "x", f"77{n}", f"brand{n}")
            Stream.objects.create(channel=channel, kind="mentions")
            queue = people.queue(world.desks.care, f"Queue {n}", f"queue-{n}", staffed_by=world.teams.care)
            talk.conversation(channel, queue)

    grow(0)
    cost()
    before = cost()
    grow(3)
    assert cost() == before
    assert max(before) <= 10


def test_hand_overs_cost_the_same_however_many(world: World, machine: Machines) -> None:
    ana, ben = machine("ana"), machine("ben")

    def grow() -> None:
        for _ in range(3):
            row = talk.conversation(world.channels.northwind_x, world.queues.care)
            ana.post(f"conversations/{row.pk}/handoffs", {"queue": "pr", "reason": "Press"})

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queries:
            answer = ben.get("handoffs")
        return len(queries), len(answer.json["results"])

    grow()
    cost()
    before, few = cost()
    grow()
    after, many = cost()
    assert (few, many) == (3, 6)
    assert before == after <= 5
