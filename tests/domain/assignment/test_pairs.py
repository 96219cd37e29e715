"""A public conversation and the private one that it moved to are given to one person, or wait."""

import random
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import Conflict
from inbox.models.conversation import Conversation, ConversationLink
from inbox.models.work import ConversationEvent
from inbox.services import lifecycle, ownership
from routing.models.staffing import AgentSkill, ConversationSkill, Skill
from routing.services import assignment
from routing.services import next as upcoming
from tests.domain.assignment.staff import colleague, here, moved, owners, pushing, waits
from tests.domain.lifecycle.looking import kinds_of
from tests.personas import World
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

ANA, OMAR = "Ana Sandoval", "Omar Haddad"


def rests(row: Conversation, status: str = "pending") -> None:
    Conversation.objects.filter(pk=row.pk).update(status=status, waiting_since=None, lease_until=None)


@pytest.mark.parametrize("mode", ["least_loaded", "round_robin"])
def test_both_halves_go_to_one_person(world: World, mode: str) -> None:
    pushing(world.queues.care, mode)
    here(world.ana)
    here(world.omar)
    public = waits(world, 9)
    other, private = waits(world, 8), moved(world, public, 1)
    assert assignment.drain() == 3
    first, second = owners(public, other)
    assert first != second
    assert owners(private) == [first]
    assert kinds_of(private) == kinds_of(public) == ["conversation.assigned"]


def test_what_arrives_later_goes_to_who_has_the_first_half(world: World) -> None:
    pushing(world.queues.care)
    here(world.ana)
    here(world.omar)
    public = waits(world)
    ownership.claim(public.pk, actor=world.ana)
    for _ in range(2):
        ownership.claim(waits(world).pk, actor=world.ana)
    private = moved(world, public)
    assert assignment.drain() == 1
    assert owners(private) == [ANA]
    told = ConversationEvent.objects.get(conversation=private, kind="conversation.assigned")
    assert told.data["why"] == "has the other half of it"


@pytest.mark.parametrize("hindered", ["full", "busy", "away"])
def test_it_waits_for_who_works_on_the_other_half(world: World, hindered: str) -> None:
    pushing(world.queues.care)
    here(world.omar)
    public = waits(world)
    ownership.claim(public.pk, actor=world.ana)
    here(world.ana, capacity=1 if hindered == "full" else 9, status="available" if hindered == "full" else hindered)
    private = moved(world, public)
    assert assignment.drain() == 0
    here(world.ana)
    assert assignment.drain() == 1
    assert owners(private) == [ANA]


@pytest.mark.parametrize("status", ["pending", "snoozed"])
def test_who_is_away_keeps_no_half_that_rests(world: World, status: str) -> None:
    pushing(world.queues.care)
    here(world.ana)
    here(world.omar)
    public = waits(world)
    private = moved(world, public)
    ownership.claim(public.pk, actor=world.ana, alone=True)
    if status == "pending":
        rests(public)
    else:
        lifecycle.snooze(public.pk, actor=world.ana, until=timezone.now() + timedelta(hours=1))
    here(world.ana, status="away")
    assert assignment.drain() == 2
    assert owners(public, private) == [OMAR, OMAR]
    back = ConversationEvent.objects.get(conversation=public, kind="conversation.released")
    assert back.data["reason"] == "was theirs, and they cannot take its other half now"
    public.refresh_from_db()
    assert (public.status, public.lease_until) == (status, None)


def test_who_may_never_take_it_is_not_waited_for(world: World) -> None:
    pushing(world.queues.care)
    here(world.ana)
    here(world.omar)
    german = Skill.objects.create(name="German", slug="german", language="de")
    AgentSkill.objects.create(user=world.omar, skill=german, level=3)
    public = waits(world)
    ownership.claim(public.pk, actor=world.ana)
    private = moved(world, public)
    ConversationSkill.objects.create(conversation=private, skill=german, level=3)
    assert assignment.drain() == 1
    assert owners(public, private) == [ANA, OMAR]


def test_one_person_has_what_both_halves_ask_for(world: World) -> None:
    pushing(world.queues.care)
    german, refunds = (Skill.objects.create(name=name, slug=name.lower()) for name in ("German", "Refunds"))
    for person, skills in ((world.ana, [german]), (world.omar, [german, refunds])):
        here(person)
        for skill in skills:
            AgentSkill.objects.create(user=person, skill=skill, level=3)
    ownership.claim(waits(world).pk, actor=world.omar)
    public = waits(world, 5)
    private = moved(world, public)
    ConversationSkill.objects.create(conversation=public, skill=german, level=3)
    ConversationSkill.objects.create(conversation=private, skill=refunds, level=3)
    assert assignment.drain() == 2
    assert owners(public, private) == [OMAR, OMAR]


def test_room_for_both_goes_before_room_for_one(world: World) -> None:
    pushing(world.queues.care)
    here(world.ana, capacity=1)
    here(world.omar, capacity=3)
    ownership.claim(waits(world).pk, actor=world.omar)
    public = waits(world, 5)
    private = moved(world, public)
    assert assignment.drain() == 2
    assert owners(public, private) == [OMAR, OMAR]


def test_where_there_is_room_for_one_the_other_waits_for_the_same_person(world: World) -> None:
    pushing(world.queues.care)
    here(world.ana, capacity=1)
    public = waits(world, 5)
    private = moved(world, public)
    assert assignment.drain() == 1
    here(world.omar)
    assert assignment.drain() == 0
    assert owners(public, private) == [ANA, None]
    lifecycle.resolve(public.pk, actor=world.ana, disposition="expired")
    assert assignment.drain() == 1


def test_two_posts_that_moved_to_one_exchange_stay_together(world: World) -> None:
    pushing(world.queues.care)
    here(world.ana)
    here(world.omar)
    first = waits(world, 9)
    private = moved(world, first)
    second = waits(world, 5, profile=first.profile)
    ConversationLink.objects.create(public=second, private=private, created_by=world.ana)
    assert assignment.drain() == 3
    assert len(set(owners(first, private, second))) == 1


def test_a_half_elsewhere_goes_its_own_way(world: World) -> None:
    pushing(world.queues.care)
    here(world.omar)
    public = waits(world)
    private = moved(world, public)
    Conversation.objects.filter(pk=public.pk).update(queue=world.queues.pr, owner=world.ben)
    assert assignment.drain() == 1
    assert owners(public, private) == ["Ben Achterberg", OMAR]


def test_next_takes_both_halves(world: World) -> None:
    public = waits(world, 9)
    private = moved(world, public)
    assert upcoming.next_for(world.ana) == public
    assert owners(public, private) == [ANA, ANA]


def test_next_gives_no_half_of_what_a_colleague_has(world: World) -> None:
    for person in (world.ana, world.omar):
        here(person)
    public, other = waits(world, 9), waits(world, 1)
    ownership.claim(public.pk, actor=world.ana)
    private = moved(world, public, 8)
    assert upcoming.next_for(world.omar) == other
    with pytest.raises(Conflict):
        upcoming.next_for(world.omar)
    assert upcoming.next_for(world.ana) == private


def test_next_takes_along_what_rests_with_somebody_who_is_away(world: World) -> None:
    here(world.ana, status="offline")
    public = waits(world, 9)
    private = moved(world, public, 8)
    ownership.claim(public.pk, actor=world.ana, alone=True)
    rests(public)
    assert upcoming.next_for(world.omar) == private
    assert owners(public, private) == [OMAR, OMAR]


def test_claiming_one_half_while_the_other_is_given_ends_in_one_pair_of_hands(world: World) -> None:
    pushing(world.queues.care)
    here(world.omar)
    public = waits(world)
    private = moved(world, public)
    race(assignment.drain, partial(ownership.claim, private.pk, actor=world.ana))
    assignment.drain()
    assert len(set(owners(public, private))) == 1


def test_it_costs_the_same_however_many_are_linked(world: World) -> None:
    pushing(world.queues.care)
    here(world.ana, capacity=100)

    def queries(n: int) -> int:
        for _ in range(n):
            moved(world, waits(world))
        with CaptureQueriesContext(connection) as captured:
            assert assignment.drain() == 2 * n
        return len(captured)

    assert queries(2) == queries(6)


class Story:
    """Dice: people come and go, halves arrive, are answered and resolved."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.dice = world, random.Random(seed)
        self.staff = [world.ana, world.omar, colleague(world, "Cleo Brandt")]
        self.capacities = {person.pk: self.dice.randint(1, 5) for person in self.staff}
        self.pairs: list[tuple[Conversation, Conversation]] = []
        for person in self.staff:
            here(person, capacity=self.capacities[person.pk])

    def step(self) -> None:
        self.dice.choice([self.arrive, self.arrive, self.answer, self.resolve, self.come_or_go])()
        assignment.drain()

    def arrive(self) -> None:
        public = waits(self.world, self.dice.randint(0, 90))
        self.pairs.append((public, moved(self.world, public, self.dice.randint(0, 90))))

    def come_or_go(self) -> None:
        person = self.dice.choice(self.staff)
        status = self.dice.choice(["available", "available", "busy", "away"])
        here(person, capacity=self.capacities[person.pk], status=status)

    def answer(self) -> None:
        for row in self.some_owned():
            rests(row)

    def resolve(self) -> None:
        for row in self.some_owned():
            lifecycle.resolve(row.pk, actor=row.owner, disposition="expired")

    def some_owned(self) -> list[Conversation]:
        rows = Conversation.objects.filter(owner__isnull=False, status="open").select_related("owner").order_by("pk")
        return self.dice.sample(list(rows), 1) if rows else []

    def the_rules_hold(self) -> None:
        for person in self.staff:
            assert Conversation.objects.filter(owner=person, status="open").count() <= self.capacities[person.pk]
        for pair in self.pairs:
            rows = Conversation.objects.filter(pk__in=[one.pk for one in pair]).exclude(status="resolved")
            assert len({row.owner_id for row in rows if row.owner_id}) <= 1


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("mode", ["least_loaded", "round_robin"])
def test_whatever_happens_assignment_parts_no_pair(world: World, mode: str, seed: int) -> None:
    pushing(world.queues.care, mode)
    story = Story(world, seed)
    for _ in range(25):
        story.step()
        story.the_rules_hold()
    assert Conversation.objects.filter(owner__isnull=False).count() > 2
