"""The influencer lane: the first refusal for some minutes, always with an end."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from core.errors import Conflict, Forbidden
from inbox.models.conversation import Case, Conversation
from inbox.services import lifecycle, ownership
from routing.models.staffing import Lane, QueueStaffing
from routing.services import handoff, lane
from tests.domain.assignment.staff import waits
from tests.domain.lifecycle.looking import kinds_of
from tests.factories import talk
from tests.personas import World
from tests.racing import race, split

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staffing(world: World) -> QueueStaffing:
    """Care has a lane to PR: 10,000 followers, or 3 messages an hour; 15 minutes."""
    return QueueStaffing.objects.create(
        queue=world.queues.care, lane_queue=world.queues.pr, lane_followers=10_000, lane_per_hour=3, lane_minutes=15
    )


def famous(world: World, followers: int = 50_000) -> Conversation:
    return waits(world, profile=talk.profile(followers=followers))


def offered(*rows: Conversation) -> int:
    with transaction.atomic():
        return lane.offer([row.pk for row in rows], now=timezone.now())


def overdue(world: World) -> None:
    Lane.objects.update(until=timezone.now() - timedelta(seconds=1))


def queue_of(row: Conversation) -> str:
    return Conversation.objects.values_list("queue__name", flat=True).get(pk=row.pk)


def test_reach_leads_to_the_lane(world: World, staffing: QueueStaffing) -> None:
    big, small = famous(world), famous(world, 9_999)
    assert offered(big, small) == 1
    assert (queue_of(big), queue_of(small)) == ("PR", "Care")
    row = Lane.objects.get()
    assert row.why == "50,000 followers"
    assert kinds_of(big) == ["conversation.moved", "lane.offered"]
    assert offered(big, small) == 0


def test_speed_leads_to_the_lane_by_itself(world: World, staffing: QueueStaffing) -> None:
    row = waits(world)
    assert lane.look() == 0
    for _ in range(2):
        talk.message(row, "Me too!")
    assert lane.look() == 1
    assert Lane.objects.get().why == "3 messages in an hour"


def test_nobody_took_it_so_it_comes_back(world: World, staffing: QueueStaffing) -> None:
    row = famous(world)
    offered(row)
    assert lane.return_due() == 0
    overdue(world)
    assert lane.return_due() == 1
    assert queue_of(row) == "Care"
    assert Lane.objects.get().state == "returned"
    assert kinds_of(row)[-2:] == ["conversation.moved", "lane.ended"]
    assert lane.look() == lane.return_due() == 0  # once for each case


def test_what_was_taken_stays(world: World, staffing: QueueStaffing) -> None:
    row = famous(world)
    offered(row)
    ownership.claim(row.pk, actor=world.ben)
    overdue(world)
    assert lane.return_due() == 1
    assert (queue_of(row), Lane.objects.get().state) == ("PR", "taken")


def test_who_has_it_first_hands_it_back(world: World, staffing: QueueStaffing) -> None:
    row = famous(world)
    with pytest.raises(Conflict):
        lane.give_back(row.pk, actor=world.ana)
    offered(row)
    with pytest.raises(Forbidden):  # sees it, and does not staff PR
        lane.give_back(row.pk, actor=world.ada)
    ownership.claim(row.pk, actor=world.ben)
    lane.give_back(row.pk, actor=world.ben)
    row.refresh_from_db()
    assert (row.queue, row.owner) == (world.queues.care, None)


def test_resolving_ends_it(world: World, staffing: QueueStaffing) -> None:
    row = famous(world)
    offered(row)
    lifecycle.resolve(row.pk, actor=world.ben, disposition="expired")
    assert Lane.objects.get().state == "taken"


def test_a_new_case_may_have_a_lane_again(world: World, staffing: QueueStaffing) -> None:
    row = famous(world)
    offered(row)
    overdue(world)
    lane.return_due()
    Case.objects.filter(conversation=row).update(resolved_at=timezone.now(), disposition="expired", number=1)
    Case.objects.create(conversation=row, number=2)
    assert offered(row) == 1


def test_what_somebody_has_or_asks_for_is_left_alone(world: World, staffing: QueueStaffing) -> None:
    mine, asked = famous(world), famous(world)
    ownership.claim(mine.pk, actor=world.ana)
    handoff.ask(asked.pk, to=world.queues.marketing, actor=world.ana, reason="Yours.")
    assert offered(mine, asked) == 0


def test_two_workers_offer_once(world: World, staffing: QueueStaffing) -> None:
    row = famous(world)
    outcomes = race(lane.look, lane.look)
    assert not split(outcomes)[1]
    assert kinds_of(row).count("lane.offered") == 1


def test_claiming_and_coming_back_at_once_end_in_one_of_both(world: World, staffing: QueueStaffing) -> None:
    row = famous(world)
    offered(row)
    overdue(world)
    race(lane.return_due, partial(ownership.claim, row.pk, actor=world.ben))
    lane.return_due()
    found = Conversation.objects.get(pk=row.pk)
    assert (found.queue.name, found.owner) in {("PR", world.ben), ("Care", None)}
    assert Lane.objects.get().state == ("taken" if found.owner else "returned")


def test_handing_back_twice_at_once_is_once(world: World, staffing: QueueStaffing) -> None:
    row = famous(world)
    offered(row)
    outcomes = race(*(partial(lane.give_back, row.pk, actor=world.ben) for _ in range(2)))
    assert len(split(outcomes)[0]) == 1
    assert kinds_of(row).count("lane.ended") == 1
