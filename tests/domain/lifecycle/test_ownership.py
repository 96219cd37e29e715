"""Claim, release, assign and take over: success, refusal, stranger, conflict, and two threads with one winner."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from accounts.models import User
from channels.models import BrandAccess
from core.errors import Conflict, Forbidden, Invalid, NotFound
from inbox.models.conversation import Conversation, Grant
from inbox.models.work import ConversationEvent
from inbox.policies import access_of
from inbox.services import ownership
from tests.domain.lifecycle.looking import kinds_of
from tests.factories import people
from tests.personas import World
from tests.racing import race, split


@pytest.fixture
def cleo(world: World) -> User:
    """A second agent of Care."""
    brands = [world.brands.northwind, world.brands.lumo]
    return people.person("Cleo Brandt", teams=[world.teams.care], brands=brands)


def test_a_claim_makes_the_owner_starts_the_lease_and_tells(world: World, waiting: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)

    waiting.refresh_from_db()
    assert (waiting.owner, waiting.revision) == (world.ana, 2)
    assert timedelta(minutes=29) < waiting.lease_until - timezone.now() <= timedelta(minutes=30)
    event = ConversationEvent.objects.get(conversation=waiting)
    assert (event.kind, event.actor) == ("conversation.claimed", world.ana)
    assert event.data == {"lease_until": waiting.lease_until.isoformat()}


def test_a_queue_may_have_no_leases(world: World, waiting: Conversation) -> None:
    world.queues.care.lease_minutes = None
    world.queues.care.save()

    ownership.claim(waiting.pk, actor=world.ana)

    waiting.refresh_from_db()
    assert (waiting.owner, waiting.lease_until) == (world.ana, None)


def test_the_owners_second_claim_only_extends_the_lease(world: World, waiting: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)
    nearly_over = timezone.now() + timedelta(minutes=1)
    Conversation.objects.filter(pk=waiting.pk).update(lease_until=nearly_over)

    ownership.claim(waiting.pk, actor=world.ana)

    waiting.refresh_from_db()
    assert waiting.lease_until > nearly_over + timedelta(minutes=20)
    assert waiting.revision == 2
    assert kinds_of(waiting) == ["conversation.claimed"]


def test_who_claims_second_is_told_who_won(world: World, waiting: Conversation, cleo: User) -> None:
    ownership.claim(waiting.pk, actor=world.ana)

    with pytest.raises(Conflict) as refusal:
        ownership.claim(waiting.pk, actor=cleo)

    claimed = ConversationEvent.objects.get(conversation=waiting)
    assert refusal.value.message == "Ana Sandoval has it."
    assert refusal.value.current == {
        "owner": "Ana Sandoval",
        "owner_id": world.ana.pk,
        "at": claimed.occurred_at.isoformat(),
        "status": "open",
        "revision": 2,
    }


def test_a_claim_that_ran_out_stands_in_nobodys_way(world: World, waiting: Conversation, cleo: User) -> None:
    ownership.claim(waiting.pk, actor=world.ana)
    Conversation.objects.filter(pk=waiting.pk).update(lease_until=timezone.now() - timedelta(seconds=1))

    ownership.claim(waiting.pk, actor=cleo)

    waiting.refresh_from_db()
    assert waiting.owner == cleo
    assert kinds_of(waiting) == ["conversation.claimed", "conversation.lease_expired", "conversation.claimed"]


def test_what_waits_for_the_contact_is_owned_without_a_lease(world: World, waiting: Conversation) -> None:
    Conversation.objects.filter(pk=waiting.pk).update(status="pending", waiting_since=None)

    ownership.claim(waiting.pk, actor=world.ana)

    waiting.refresh_from_db()
    assert (waiting.owner, waiting.lease_until) == (world.ana, None)


def test_what_is_resolved_is_not_claimed(world: World, waiting: Conversation) -> None:
    Conversation.objects.filter(pk=waiting.pk).update(status="resolved", waiting_since=None)

    with pytest.raises(Conflict, match="Reopen it first"):
        ownership.claim(waiting.pk, actor=world.ana)


@pytest.mark.parametrize("act", ["claim", "release", "assign", "take_over"])
def test_a_stranger_learns_nothing(world: World, waiting: Conversation, act: str) -> None:
    extra = {"assign": {"to": world.zoe}, "take_over": {"seen_owner": None}}.get(act, {})

    with pytest.raises(NotFound) as hidden:
        getattr(ownership, act)(waiting.pk, actor=world.zoe, **extra)
    with pytest.raises(NotFound) as absent:
        getattr(ownership, act)(waiting.pk + 1_000_000, actor=world.zoe, **extra)

    assert hidden.value.message == absent.value.message
    assert hidden.value.current == absent.value.current == {}


def test_without_the_brand_a_queue_shows_nothing(world: World, waiting: Conversation) -> None:
    BrandAccess.objects.filter(user=world.ana, brand=world.brands.northwind).delete()

    with pytest.raises(NotFound):
        ownership.claim(waiting.pk, actor=world.ana)


def test_the_administrator_reads_but_does_not_claim(world: World, waiting: Conversation) -> None:
    with pytest.raises(Forbidden):
        ownership.claim(waiting.pk, actor=world.ada)


def test_a_reader_from_elsewhere_does_not_claim(world: World, waiting: Conversation) -> None:
    Grant.objects.create(conversation=waiting, user=world.ben, reason=Grant.Reason.MENTIONED)

    with pytest.raises(Forbidden):
        ownership.claim(waiting.pk, actor=world.ben)


def test_claiming_at_once_has_one_winner(world: World, waiting: Conversation, cleo: User) -> None:
    winners, losers = split(race(*(partial(ownership.claim, waiting.pk, actor=who) for who in (world.ana, cleo))))

    assert len(winners) == 1
    assert [type(loser) for loser in losers] == [Conflict]
    assert losers[0].current["owner_id"] == winners[0].owner_id == Conversation.objects.get(pk=waiting.pk).owner_id
    assert kinds_of(waiting) == ["conversation.claimed"]


def test_release_gives_it_back_with_the_reason(world: World, waiting: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)

    ownership.release(waiting.pk, actor=world.ana, reason=" Needs somebody who reads Dutch. ")

    waiting.refresh_from_db()
    assert (waiting.owner, waiting.lease_until, waiting.revision) == (None, None, 3)
    event = ConversationEvent.objects.get(conversation=waiting, kind="conversation.released")
    assert event.data == {"reason": "Needs somebody who reads Dutch.", "owner_id": world.ana.pk}


def test_only_the_owner_releases(world: World, waiting: Conversation, cleo: User) -> None:
    with pytest.raises(Conflict, match="Nobody has it"):
        ownership.release(waiting.pk, actor=cleo)
    ownership.claim(waiting.pk, actor=world.ana)
    with pytest.raises(Conflict, match="Ana Sandoval has it"):
        ownership.release(waiting.pk, actor=cleo)


def test_a_reason_has_an_end(world: World, waiting: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)

    with pytest.raises(Invalid) as refusal:
        ownership.release(waiting.pk, actor=world.ana, reason="x" * 301)

    assert refusal.value.fields.keys() == {"reason"}


def test_releasing_at_once_has_one_winner(world: World, waiting: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)

    winners, losers = split(race(*[partial(ownership.release, waiting.pk, actor=world.ana)] * 2))

    assert len(winners) == 1
    assert [loser.code for loser in losers] == ["unowned"]
    assert kinds_of(waiting) == ["conversation.claimed", "conversation.released"]


def test_past_owners_may_read_what_has_left_their_queue(world: World, waiting: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)
    ownership.release(waiting.pk, actor=world.ana)
    Conversation.objects.filter(pk=waiting.pk).update(queue=world.queues.pr)

    assert Conversation.objects.visible_to(access_of(world.ana)).filter(pk=waiting.pk).exists()


def test_a_supervisor_assigns(world: World, waiting: Conversation, cleo: User) -> None:
    ownership.assign(waiting.pk, to=cleo, actor=world.omar)

    waiting.refresh_from_db()
    assert waiting.owner == cleo
    assert waiting.lease_until is not None
    event = ConversationEvent.objects.get(conversation=waiting)
    assert event.kind == "conversation.assigned"
    assert event.data == {"to": "Cleo Brandt", "to_id": cleo.pk, "from_id": None}


def test_assigning_twice_is_one_fact(world: World, waiting: Conversation, cleo: User) -> None:
    ownership.assign(waiting.pk, to=cleo, actor=world.omar)
    ownership.assign(waiting.pk, to=cleo, actor=world.omar)

    assert kinds_of(waiting) == ["conversation.assigned"]


def test_assigning_to_nobody_gives_it_back(world: World, waiting: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)

    ownership.assign(waiting.pk, to=None, actor=world.omar, reason="Ana went home.")

    assert Conversation.objects.get(pk=waiting.pk).owner is None
    assert kinds_of(waiting) == ["conversation.claimed", "conversation.released"]


def test_the_administrator_assigns(world: World, waiting: Conversation) -> None:
    ownership.assign(waiting.pk, to=world.ana, actor=world.ada)

    assert Conversation.objects.get(pk=waiting.pk).owner == world.ana


@pytest.mark.parametrize("who", ["ben", "zoe", "ada"])
def test_nobody_gets_what_they_could_not_work_on(world: World, waiting: Conversation, who: str) -> None:
    with pytest.raises(Invalid) as refusal:
        ownership.assign(waiting.pk, to=getattr(world, who), actor=world.omar)

    assert refusal.value.fields.keys() == {"to"}


def test_the_disabled_get_nothing(world: World, waiting: Conversation, cleo: User) -> None:
    User.objects.filter(pk=cleo.pk).update(is_active=False)

    with pytest.raises(Invalid):
        ownership.assign(waiting.pk, to=cleo, actor=world.omar)


def test_a_reader_does_not_assign(world: World, waiting: Conversation) -> None:
    Grant.objects.create(conversation=waiting, user=world.ben, reason=Grant.Reason.FOLLOWER)

    with pytest.raises(Forbidden):
        ownership.assign(waiting.pk, to=world.ana, actor=world.ben)


def test_assigning_at_once_has_one_winner(world: World, waiting: Conversation, cleo: User) -> None:
    acts = [
        partial(ownership.assign, waiting.pk, to=who, actor=world.omar, seen_owner=None) for who in (world.ana, cleo)
    ]

    winners, losers = split(race(*acts))

    assert len(winners) == 1
    assert losers[0].current["owner_id"] == winners[0].owner_id
    assert kinds_of(waiting) == ["conversation.assigned"]


def test_taking_over_names_the_previous_owner(world: World, waiting: Conversation, cleo: User) -> None:
    ownership.claim(waiting.pk, actor=world.ana)

    ownership.take_over(waiting.pk, actor=cleo, seen_owner=world.ana.pk)

    assert Conversation.objects.get(pk=waiting.pk).owner == cleo
    event = ConversationEvent.objects.get(conversation=waiting, kind="conversation.taken_over")
    assert event.data == {"owner": "Ana Sandoval", "owner_id": world.ana.pk}


def test_taking_over_from_somebody_else_than_was_seen_is_refused(
    world: World, waiting: Conversation, cleo: User
) -> None:
    ownership.claim(waiting.pk, actor=world.ana)
    ownership.take_over(waiting.pk, actor=cleo, seen_owner=world.ana.pk)

    with pytest.raises(Conflict, match="Cleo Brandt has it"):
        ownership.take_over(waiting.pk, actor=world.omar, seen_owner=world.ana.pk)


def test_taking_over_what_was_given_back_meanwhile_is_refused(world: World, waiting: Conversation) -> None:
    with pytest.raises(Conflict, match="Nobody has it"):
        ownership.take_over(waiting.pk, actor=world.ana, seen_owner=world.omar.pk)


def test_taking_over_from_nobody_is_a_claim(world: World, waiting: Conversation) -> None:
    ownership.take_over(waiting.pk, actor=world.ana, seen_owner=None)

    assert kinds_of(waiting) == ["conversation.claimed"]


def test_a_reader_does_not_take_over(world: World, waiting: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)

    with pytest.raises(Forbidden):
        ownership.take_over(waiting.pk, actor=world.ada, seen_owner=world.ana.pk)


def test_taking_over_at_once_has_one_winner(world: World, waiting: Conversation, cleo: User) -> None:
    ownership.claim(waiting.pk, actor=world.ana)
    acts = [partial(ownership.take_over, waiting.pk, actor=who, seen_owner=world.ana.pk) for who in (world.omar, cleo)]

    winners, losers = split(race(*acts))

    assert len(winners) == 1
    assert losers[0].current["owner_id"] == winners[0].owner_id
    assert kinds_of(waiting) == ["conversation.claimed", "conversation.taken_over"]
