"""Push queues find their people: in due order, fairly, never to somebody who may not or cannot."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Presence
from accounts.services import people, presence
from channels.models import BrandAccess
from channels.services import access
from inbox.models.conversation import Conversation, Grant
from inbox.models.work import ConversationEvent
from inbox.policies import access_of
from inbox.services import lifecycle, ownership
from routing.assignment import Hindrance
from routing.models.staffing import AgentSkill, ConversationSkill, QueueSkill, Skill, WorkingPeriod
from routing.services import assignment
from tests.domain.assignment.staff import colleague, here, owners, pushing, waits
from tests.domain.lifecycle.looking import kinds_of
from tests.factories import talk
from tests.personas import World
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


def test_waiting_work_goes_to_somebody_who_is_there(world: World) -> None:
    pushing(world.queues.care)
    here(world.ana)
    row = waits(world)

    assert assignment.drain() == 1

    row.refresh_from_db()
    assert (row.owner, row.revision) == (world.ana, 2)
    assert row.lease_until is not None
    event = ConversationEvent.objects.get(conversation=row, kind="conversation.assigned")
    assert event.actor is None
    assert event.data["to"] == "Ana Sandoval"
    assert event.data["why"] == "furthest below their share, of 1"
    assert Grant.objects.filter(conversation=row, user=world.ana, reason="owner").exists()
    assert access_of(world.ana).can_act(row)
    assert assignment.drain() == 0


def test_a_queue_that_is_pulled_is_left_alone(world: World) -> None:
    here(world.ana)
    row = waits(world)
    assert assignment.drain() == 0
    pushing(world.queues.care, "pull")
    assert assignment.drain() == 0
    assert owners(row) == [None]


def test_what_is_due_first_goes_first(world: World) -> None:
    pushing(world.queues.care)
    here(world.ana, capacity=3)
    later, first, never, second = (
        waits(world, 90, due_in=60),
        waits(world, due_in=5),
        waits(world, 200),
        waits(world, due_in=9),
    )
    assert assignment.drain() == 3
    assert owners(first, second, later, never) == ["Ana Sandoval"] * 3 + [None]


def test_nobody_is_given_more_than_their_capacity(world: World) -> None:
    pushing(world.queues.care)
    here(world.ana, capacity=2)
    here(world.omar, capacity=1)
    rows = [waits(world, n) for n in range(5)]
    assert assignment.drain() == 3
    assert sorted(filter(None, owners(*rows))) == ["Ana Sandoval", "Ana Sandoval", "Omar Haddad"]


@pytest.mark.parametrize("status", ["busy", "away", "offline"])
def test_who_is_not_available_gets_nothing(world: World, status: str) -> None:
    pushing(world.queues.care)
    here(world.ana, status=status)
    row = waits(world)
    assert assignment.drain() == 0
    assert [why for _, why in assignment.eligible(row)] == [Hindrance.ABSENT, Hindrance.ABSENT]


def test_who_does_not_see_the_brand_gets_nothing(world: World) -> None:
    pushing(world.queues.care)
    here(world.ana)
    BrandAccess.objects.filter(user=world.ana).delete()
    waits(world)
    assert assignment.drain() == 0


def test_the_disabled_get_nothing(world: World) -> None:
    pushing(world.queues.care)
    here(world.ana)
    people.disable(world.ana.pk, actor=world.ada)
    waits(world)
    Presence.objects.filter(user=world.ana).update(status="available")
    assert assignment.drain() == 0


def test_outside_of_their_hours_nobody_gets_work(world: World) -> None:
    pushing(world.queues.care)
    here(world.ana)
    row = waits(world)
    tomorrow = (timezone.now() + timedelta(days=1)).weekday()
    period = WorkingPeriod.objects.create(user=world.ana, weekday=(tomorrow + 1) % 7, starts=0, ends=60)
    assert assignment.drain() == 0
    assert {one.name: why for one, why in assignment.eligible(row)}["Ana Sandoval"] == Hindrance.OFF_HOURS
    period.delete()
    for weekday in range(7):
        WorkingPeriod.objects.create(user=world.ana, weekday=weekday, starts=0, ends=1440)
    assert assignment.drain() == 1


def test_skills_and_languages_are_asked_for_with_their_level(world: World) -> None:
    staffing = pushing(world.queues.care)
    german = Skill.objects.create(name="German", slug="german", language="de")
    refunds = Skill.objects.create(name="Refunds", slug="refunds")
    here(world.ana)
    here(world.omar)
    AgentSkill.objects.create(user=world.ana, skill=german, level=2)
    AgentSkill.objects.create(user=world.omar, skill=german, level=4)
    row = waits(world)
    ConversationSkill.objects.create(conversation=row, skill=german, level=3)
    assert assignment.drain() == 1
    assert owners(row) == ["Omar Haddad"]

    QueueSkill.objects.create(staffing=staffing, skill=refunds, level=1)
    other = waits(world)
    assert assignment.drain() == 0
    assert {why for _, why in assignment.eligible(other)} == {Hindrance.LACKS_SKILL}


def test_what_nobody_can_take_does_not_stand_in_the_way(world: World) -> None:
    """More of it than one page, and due before what can be taken."""
    pushing(world.queues.care)
    here(world.ana)
    rare = Skill.objects.create(name="Elvish", slug="elvish")
    for n in range(5):
        ConversationSkill.objects.create(conversation=waits(world, 60 + n), skill=rare, level=1)
    row = waits(world)
    assert assignment.drain(limit=2) == 1
    assert owners(row) == ["Ana Sandoval"]


def test_in_turn_goes_round_and_remembers(world: World) -> None:
    pushing(world.queues.care, "round_robin")
    here(world.ana)
    here(world.omar)
    colleague(world, "Cleo Brandt")
    given = []
    for _ in range(6):
        row = waits(world)
        assert assignment.drain() == 1
        given += owners(row)
    assert given == given[:3] * 2
    assert len(set(given)) == 3


def test_who_answered_before_is_preferred_for_as_many_days_as_the_queue_says(world: World) -> None:
    pushing(world.queues.care, same_agent_days=7)
    here(world.ana)
    here(world.omar)
    first, second, _third = waits(world), waits(world), waits(world)
    talk.message(first, "On it.", direction="out", author=world.omar)
    talk.message(second, "On it.", direction="out", author=world.omar, posted_at=timezone.now() - timedelta(days=8))
    assert assignment.drain() == 3
    assert owners(first, second) == ["Omar Haddad", "Ana Sandoval"]
    event = ConversationEvent.objects.get(conversation=first, kind="conversation.assigned")
    assert event.data["why"] == "answered them before"


@pytest.mark.parametrize("free", ["resolve", "release", "presence"])
def test_who_becomes_free_is_given_what_waits(world: World, free: str, settings: Any) -> None:
    """By a hint after the commit, which is run at once here."""
    settings.TASKS_INLINE = True
    pushing(world.queues.care)
    here(world.ana, capacity=1)
    first, second = waits(world, 9), waits(world, 3)
    assert assignment.drain() == 1
    assert owners(first, second) == ["Ana Sandoval", None]
    if free == "resolve":
        lifecycle.resolve(first.pk, actor=world.ana, disposition="expired")
    elif free == "release":
        Presence.objects.filter(user=world.ana).update(capacity=2)
        lifecycle.set_priority(first.pk, actor=world.ana, priority=1)
        ownership.release(first.pk, actor=world.ana)
    else:
        presence.set_status(world.ana, "available", capacity=2)
    assert owners(second) == ["Ana Sandoval"]


def test_two_workers_at_once_give_each_conversation_once(world: World) -> None:
    pushing(world.queues.care)
    here(world.ana, capacity=5)
    here(world.omar, capacity=5)
    rows = [waits(world, n) for n in range(8)]
    given = race(assignment.drain, assignment.drain, assignment.drain)
    assert sum(n for n in given if isinstance(n, int)) == 8
    assert [kinds_of(row).count("conversation.assigned") for row in rows] == [1] * 8
    assert sorted(owners(*rows)) == ["Ana Sandoval"] * 4 + ["Omar Haddad"] * 4


def test_two_queues_at_once_keep_the_capacity_of_their_common_people(world: World) -> None:
    pushing(world.queues.care)
    pushing(world.queues.pr)
    Membership.objects.create(user=world.ana, team=world.teams.pr)
    here(world.ana, capacity=3)
    for _ in range(3):
        waits(world)
        talk.conversation(world.channels.northwind_x, world.queues.pr)
    race(*(partial(assignment.drain, [queue.pk]) for queue in (world.queues.care, world.queues.pr)))
    assert Conversation.objects.filter(owner=world.ana).count() == 3


def test_draining_and_claiming_at_once_have_one_winner(world: World) -> None:
    pushing(world.queues.care)
    here(world.ana)
    row = waits(world)
    race(assignment.drain, partial(ownership.claim, row.pk, actor=world.omar))
    assert len([kind for kind in kinds_of(row) if kind in ("conversation.assigned", "conversation.claimed")]) == 1


def test_nothing_is_given_to_somebody_who_loses_the_right_at_that_moment(world: World) -> None:
    """Either it was given before, and then it is theirs; or the right was gone, and then it is not."""
    pushing(world.queues.care)
    here(world.ana)
    row = waits(world)
    race(assignment.drain, partial(access.set_brands, world.ana.pk, [], actor=world.ada))
    row.refresh_from_db()
    given = ConversationEvent.objects.filter(conversation=row, kind="conversation.assigned").first()
    assert (row.owner is None) == (given is None)
    assert assignment.drain() == 0


def test_going_away_while_work_is_given_is_before_or_after_it(world: World) -> None:
    pushing(world.queues.care)
    here(world.ana, capacity=50)
    for _ in range(4):
        waits(world)
    outcomes = race(assignment.drain, partial(presence.set_status, world.ana, "away", reason="Lunch"))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert Conversation.objects.filter(owner=world.ana).count() in (0, 4)
    assert assignment.drain() == 0


def test_it_costs_the_same_however_many_wait(world: World) -> None:
    pushing(world.queues.care, same_agent_days=7)
    here(world.ana, capacity=100)

    def queries(n: int) -> int:
        for _ in range(n):
            waits(world)
        with CaptureQueriesContext(connection) as captured:
            assert assignment.drain() == n
        return len(captured)

    assert queries(2) == queries(8)
