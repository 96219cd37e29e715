"""Claims end by themselves; owners keep them alive; the disabled lose them."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts import hooks
from accounts.models import User
from inbox.models.conversation import Conversation
from inbox.models.work import ConversationEvent
from inbox.services import leases, ownership
from tests.domain.lifecycle.looking import kinds_of
from tests.factories import talk
from tests.personas import World
from tests.racing import race


def lease_ends(conversation: Conversation, *, in_minutes: float) -> datetime:
    until = timezone.now() + timedelta(minutes=in_minutes)
    Conversation.objects.filter(pk=conversation.pk).update(lease_until=until)
    return until


def test_activity_extends_the_lease_quietly(world: World, waiting: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)
    before = lease_ends(waiting, in_minutes=3)

    assert leases.extend(waiting.pk, actor=world.ana)

    waiting.refresh_from_db()
    assert waiting.lease_until > before + timedelta(minutes=26)
    assert waiting.revision == 2
    assert kinds_of(waiting) == ["conversation.claimed"]


def test_the_lease_is_extended_at_most_once_a_minute(world: World, waiting: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)

    assert not leases.extend(waiting.pk, actor=world.ana)


def test_nobody_extends_what_is_not_theirs_or_over(world: World, waiting: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)
    lease_ends(waiting, in_minutes=3)
    assert not leases.extend(waiting.pk, actor=world.omar)
    assert not leases.extend(waiting.pk, actor=world.zoe)

    lease_ends(waiting, in_minutes=-1)
    assert not leases.extend(waiting.pk, actor=world.ana)


def test_a_lease_that_is_over_gives_it_back(world: World, waiting: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)
    kept = talk.conversation(world.channels.lumo_x, world.queues.care)
    ownership.claim(kept.pk, actor=world.ana)
    lease_ends(waiting, in_minutes=-1)

    assert leases.expire() == 1

    waiting.refresh_from_db()
    kept.refresh_from_db()
    assert (waiting.owner, waiting.lease_until, waiting.status, waiting.revision) == (None, None, "open", 3)
    assert kept.owner == world.ana
    event = ConversationEvent.objects.get(conversation=waiting, kind="conversation.lease_expired")
    assert event.actor is None
    assert event.data == {"queue": "Care", "owner": "Ana Sandoval", "owner_id": world.ana.pk}
    assert leases.expire() == 0


def test_pending_and_snoozed_keep_their_owner(world: World, waiting: Conversation) -> None:
    Conversation.objects.filter(pk=waiting.pk).update(status="pending", waiting_since=None, owner=world.ana)

    assert leases.expire() == 0
    assert Conversation.objects.get(pk=waiting.pk).owner == world.ana


def test_leases_end_in_batches(world: World) -> None:
    for _ in range(5):
        one = talk.conversation(world.channels.northwind_x, world.queues.care)
        ownership.claim(one.pk, actor=world.ana)
        lease_ends(one, in_minutes=-1)

    assert [leases.expire(limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_two_sweepers_end_each_lease_once(world: World) -> None:
    rows = [talk.conversation(world.channels.northwind_x, world.queues.care) for _ in range(20)]
    for row in rows:
        ownership.claim(row.pk, actor=world.ana)
        lease_ends(row, in_minutes=-1)

    assert sum(race(*[leases.expire] * 4)) == 20
    assert ConversationEvent.objects.filter(kind="conversation.lease_expired").count() == 20


def test_a_claim_and_the_sweeper_leave_one_owner(world: World, waiting: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)
    lease_ends(waiting, in_minutes=-1)

    race(leases.expire, partial(ownership.claim, waiting.pk, actor=world.omar))

    assert Conversation.objects.get(pk=waiting.pk).owner == world.omar
    assert kinds_of(waiting) == ["conversation.claimed", "conversation.lease_expired", "conversation.claimed"]


def test_who_is_disabled_lets_go(world: World, waiting: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)
    done = talk.conversation(world.channels.lumo_x, world.queues.care)
    Conversation.objects.filter(pk=done.pk).update(status="resolved", waiting_since=None, owner=world.ana)

    with transaction.atomic():
        hooks.disabled(world.ana, world.ada)

    assert Conversation.objects.get(pk=waiting.pk).owner is None
    assert Conversation.objects.get(pk=done.pk).owner == world.ana
    event = ConversationEvent.objects.get(conversation=waiting, kind="conversation.released")
    assert event.actor == world.ada
    assert event.data == {"reason": leases.DISABLED, "owner_id": world.ana.pk}


def test_what_was_held_while_its_owner_was_disabled_is_found_later(world: World, waiting: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)
    User.objects.filter(pk=world.ana.pk).update(is_active=False)

    assert [leases.release_left_behind() for _ in range(2)] == [1, 0]
    assert Conversation.objects.get(pk=waiting.pk).owner is None
