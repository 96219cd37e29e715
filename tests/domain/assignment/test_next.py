"""“My next”: the best one first, skipping with a reason that is counted, one winner."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import Conflict, Invalid, NotFound
from inbox.models.conversation import Conversation
from inbox.services import ownership
from routing.models.staffing import ConversationSkill, Skill, Skip
from routing.services import next as upcoming
from tests.domain.assignment.staff import colleague, here, owners, waits
from tests.domain.lifecycle.looking import kinds_of
from tests.factories import talk
from tests.personas import World
from tests.racing import race, split

pytestmark = pytest.mark.django_db(transaction=True)


def test_next_is_what_is_due_first_then_what_matters_most(world: World) -> None:
    due = timezone.now() + timedelta(minutes=9)
    never, low = waits(world, 500), waits(world, 400, due_at=due)
    high, soon = waits(world, 1, due_at=due, priority=2), waits(world, due_in=3, priority=4)
    order = [upcoming.next_for(world.ana).pk for _ in range(4)]
    assert order == [soon.pk, high.pk, low.pk, never.pk]
    assert kinds_of(soon) == ["conversation.claimed"]
    with pytest.raises(Conflict) as refusal:
        upcoming.next_for(world.ana)
    assert refusal.value.code == "nothing_waits"


def test_next_gives_nothing_of_others(world: World) -> None:
    talk.conversation(world.channels.northwind_x, world.queues.pr)
    mine = waits(world)
    ownership.claim(mine.pk, actor=world.omar)
    for person in (world.ana, world.zoe):
        with pytest.raises(Conflict):
            upcoming.next_for(person)


def test_next_counts_skills_and_capacity(world: World) -> None:
    here(world.ana, capacity=1, status="offline")
    rare = Skill.objects.create(name="Elvish", slug="elvish")
    hard, easy, more = waits(world, 9), waits(world, 5), waits(world, 1)
    ConversationSkill.objects.create(conversation=hard, skill=rare, level=1)
    assert upcoming.next_for(world.ana).pk == easy.pk
    with pytest.raises(Conflict) as refusal:
        upcoming.next_for(world.ana)
    assert refusal.value.code == "full"
    assert owners(hard, more) == [None, None]


def test_skipping_asks_for_a_reason_is_counted_and_does_not_come_back(world: World) -> None:
    first, second = waits(world, 9), waits(world, 3)
    given = upcoming.next_for(world.ana)
    assert given.pk == first.pk
    with pytest.raises(Invalid) as refusal:
        upcoming.skip(first.pk, actor=world.ana, reason=" ")
    assert refusal.value.fields.keys() == {"reason"}

    upcoming.skip(first.pk, actor=world.ana, reason="Needs a native speaker.")

    assert owners(first) == [None]
    assert Skip.objects.get().queue == world.queues.care
    assert kinds_of(first)[-2:] == ["conversation.skipped", "conversation.released"]
    assert upcoming.next_for(world.ana).pk == second.pk
    with pytest.raises(Conflict):
        upcoming.next_for(world.ana)
    assert upcoming.next_for(world.omar).pk == first.pk


def test_what_was_skipped_comes_back_when_the_contact_writes_again(world: World) -> None:
    first = waits(world)
    upcoming.next_for(world.ana)
    upcoming.skip(first.pk, actor=world.ana, reason="Later.")
    Conversation.objects.filter(pk=first.pk).update(last_message_at=timezone.now() + timedelta(minutes=1))
    assert upcoming.next_for(world.ana).pk == first.pk


def test_only_who_has_it_skips_it(world: World) -> None:
    row = waits(world)
    with pytest.raises(Conflict, match="You do not have it"):
        upcoming.skip(row.pk, actor=world.ana, reason="No.")
    ownership.claim(row.pk, actor=world.omar)
    with pytest.raises(Conflict, match="Omar Haddad has it"):
        upcoming.skip(row.pk, actor=world.ana, reason="No.")
    with pytest.raises(NotFound):
        upcoming.skip(row.pk, actor=world.zoe, reason="No.")


def test_two_people_at_once_get_two_different_ones(world: World) -> None:
    waits(world, 9), waits(world, 3)
    given, lost = split(race(*(partial(upcoming.next_for, who) for who in (world.ana, world.omar))))
    assert not lost
    assert len({row.pk for row in given}) == 2


def test_two_people_at_once_and_one_conversation_have_one_winner(world: World) -> None:
    row = waits(world)
    given, lost = split(race(*(partial(upcoming.next_for, who) for who in (world.ana, world.omar))))
    assert (len(given), [getattr(one, "code", "") for one in lost]) == (1, ["nothing_waits"])
    assert kinds_of(row) == ["conversation.claimed"]


def test_pressed_twice_at_once_it_never_goes_above_the_capacity(world: World) -> None:
    here(world.ana, capacity=1)
    waits(world, 9), waits(world, 3)
    given, lost = split(race(*(partial(upcoming.next_for, world.ana) for _ in range(2))))
    assert (len(given), [getattr(one, "code", "") for one in lost]) == (1, ["full"])


def test_skipping_twice_at_once_counts_once(world: World) -> None:
    row = upcoming_given(world)
    outcomes = race(*(partial(upcoming.skip, row.pk, actor=world.ana, reason="No.") for _ in range(2)))
    assert len(split(outcomes)[0]) == 1
    assert Skip.objects.count() == 1


def upcoming_given(world: World) -> Conversation:
    waits(world)
    return upcoming.next_for(world.ana)


def test_it_costs_the_same_however_many_wait(world: World) -> None:
    people = [colleague(world, name) for name in ("Cleo Brandt", "Dov Epstein")]

    def queries(person: object) -> int:
        with CaptureQueriesContext(connection) as captured:
            upcoming.next_for(person)  # type: ignore[arg-type]
        return len(captured)

    waits(world, 9)
    waits(world, 3)
    few = queries(people[0])
    for n in range(10):
        waits(world, n)
    assert queries(people[1]) == few
