import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbox import dispatch
from inbox.dispatch import Arrival
from inbox.models.queue import Desk, Queue
from routing.services import placement
from tests.personas import World


def arrivals(*followers: int | None) -> list[Arrival]:
    return [Arrival(channel_id=1, brand_id=1, private=False, followers=count, verified=False) for count in followers]


def test_inbox_asks_routing_and_gets_a_queue_and_a_reason_each(world: World, settings: object) -> None:
    settings.PR_REACH = 1_000

    placements = dispatch.place(arrivals(10, 1_000, None))

    care, pr = world.queues.care.pk, world.queues.pr.pk
    assert [one.queue_id for one in placements] == [care, pr, care]
    assert all(one.why for one in placements)


def test_a_page_costs_one_query(world: World) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        placement.place(arrivals(*range(500)))

    assert len(queries) == 1


def test_a_renamed_care_is_still_the_first_desk(world: World) -> None:
    Desk.objects.filter(slug="care").update(slug="service")

    assert placement.first_queues().care.queue_id == world.queues.care.pk


@pytest.mark.django_db
def test_without_a_queue_there_is_nowhere_to_go() -> None:
    assert not Queue.objects.exists()

    with pytest.raises(placement.NoQueue):
        placement.place(arrivals(1))
