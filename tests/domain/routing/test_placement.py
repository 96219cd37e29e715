import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from inbox import dispatch
from inbox.dispatch import Arrival
from inbox.models.queue import Desk, Queue
from routing.models.rule import RuleSet
from routing.services import placement, rules
from tests.domain.routing.rules.kit import NEGATIVE, Doing
from tests.personas import World
from tests.racing import race


def arrivals(*followers: int | None) -> list[Arrival]:
    return [Arrival(channel_id=1, brand_id=1, private=False, followers=count, verified=False) for count in followers]


def test_inbox_asks_routing_and_gets_a_queue_and_a_reason_each(world: World, settings: object) -> None:
    settings.PR_REACH = 1_000

    placements = dispatch.place(arrivals(10, 1_000, None))

    care, pr = world.queues.care.pk, world.queues.pr.pk
    assert [one.queue_id for one in placements] == [care, pr, care]
    assert all(one.why for one in placements)


def test_a_page_costs_two_queries(world: World) -> None:
    placement.place(arrivals(1))  # the rules are stored and compiled once

    with CaptureQueriesContext(connection) as queries:
        placement.place(arrivals(*range(500)))

    assert len(queries) == 2


def test_a_renamed_care_is_still_the_first_desk(world: World) -> None:
    Desk.objects.filter(slug="care").update(slug="service")

    assert placement.place(arrivals(1))[0].queue_id == world.queues.care.pk


def test_rules_that_need_nothing_of_triage_speak_at_once(world: World) -> None:
    lumo = {"field": "brand", "op": "is", "value": [world.brands.lumo.pk]}
    Doing(world.ada).rule(NEGATIVE, queue=world.queues.pr.pk)
    Doing(world.ada).rule(lumo, queue=world.queues.marketing.pk)
    at_lumo = Arrival(channel_id=1, brand_id=world.brands.lumo.pk, private=False, followers=3, verified=False)

    placed = placement.place([*arrivals(3), at_lumo])

    assert [one.queue_id for one in placed] == [world.queues.care.pk, world.queues.marketing.pk]
    assert placed[1].why == "When a message is for Lumo Mobile, put it into Marketing."


def test_of_two_first_pages_at_once_one_stores_the_rules(world: World) -> None:
    def run() -> int:
        with transaction.atomic():
            return placement.place(arrivals(1))[0].queue_id

    assert race(run, run) == [world.queues.care.pk] * 2
    assert RuleSet.objects.count() == 1


@pytest.mark.django_db
def test_without_a_queue_there_is_nowhere_to_go() -> None:
    assert not Queue.objects.exists()

    with pytest.raises(rules.NoQueue):
        placement.place(arrivals(1))
