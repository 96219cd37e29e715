"""Subscribers are told of each event that they want; one that fails keeps nobody else from being told."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from inbox import dispatch
from inbox.dispatch import Recorded
from inbox.models.conversation import Conversation
from inbox.models.work import ConversationEvent, MissedEvent, Tag
from inbox.services import dispatching, ownership
from inbox.tasks import dispatch_events
from tests.factories import talk
from tests.personas import World
from tests.racing import race

CLAIMED, RELEASED = "conversation.claimed", "conversation.released"


@pytest.fixture
def heard(transactional_db: None) -> Iterator[list[Recorded]]:
    """What the only subscriber, that wants claims only, was told."""
    told: list[Recorded] = []
    before = dict(dispatch.subscribers)
    dispatch.subscribers.clear()
    dispatch.subscribe("tests.heard", told.append, kinds={CLAIMED})
    yield told
    dispatch.subscribers.clear()
    dispatch.subscribers.update(before)


def refuse(event: Recorded) -> None:
    Tag.objects.create(name=f"half done {event.id}")
    raise ValueError("not today")


def due_now() -> None:
    MissedEvent.objects.exclude(next_at=None).update(next_at=timezone.now() - timedelta(seconds=1))


def test_a_subscriber_is_told_once_what_it_wants(world: World, waiting: Conversation, heard: list[Recorded]) -> None:
    ownership.claim(waiting.pk, actor=world.ana)
    ownership.release(waiting.pk, actor=world.ana)

    assert dispatch_events() == 1
    assert dispatch_events() == 0

    (event,) = heard
    assert (event.kind, event.conversation_id, event.actor_id) == (CLAIMED, waiting.pk, world.ana.pk)
    assert event.data["lease_until"]
    assert not ConversationEvent.objects.filter(dispatched_at=None).exists()


def test_what_nobody_wants_is_not_looked_at(world: World, waiting: Conversation, heard: list[Recorded]) -> None:
    ownership.claim(waiting.pk, actor=world.ana)
    ownership.release(waiting.pk, actor=world.ana)

    assert list(ConversationEvent.objects.filter(dispatched_at=None).values_list("kind", flat=True)) == [CLAIMED]


def test_two_dispatchers_tell_each_once(world: World, heard: list[Recorded]) -> None:
    for _ in range(30):
        ownership.claim(talk.conversation(world.channels.northwind_x, world.queues.care).pk, actor=world.ana)

    assert sum(race(*[lambda: sum(dispatching.dispatch_events(limit=4) for _ in range(10))] * 3)) == 30
    assert sorted(event.id for event in heard) == sorted(ConversationEvent.objects.values_list("pk", flat=True))


def test_one_that_fails_leaves_nothing_behind_and_keeps_nobody_from_being_told(
    world: World, waiting: Conversation, heard: list[Recorded]
) -> None:
    dispatch.subscribe("tests.a_refusal", refuse, kinds={CLAIMED, RELEASED})
    ownership.claim(waiting.pk, actor=world.ana)
    ownership.release(waiting.pk, actor=world.ana)

    assert dispatch_events() == 2

    assert len(heard) == 1
    assert not Tag.objects.exists()
    missed = MissedEvent.objects.order_by("event_id")
    assert [(row.subscriber, row.attempts, row.error) for row in missed] == [("tests.a_refusal", 1, "ValueError")] * 2
    assert dispatching.tell_again() == 0, "not before its time"


def test_what_was_missed_is_told_again(world: World, waiting: Conversation, heard: list[Recorded]) -> None:
    dispatch.subscribe("tests.a_refusal", refuse, kinds={CLAIMED})
    ownership.claim(waiting.pk, actor=world.ana)
    dispatch_events()
    later: list[Recorded] = []
    dispatch.subscribe("tests.a_refusal", later.append, kinds={CLAIMED})
    due_now()

    assert dispatching.tell_again() == 1

    assert (len(later), len(heard)) == (1, 1)
    assert not MissedEvent.objects.exists()


def test_after_six_attempts_people_have_to_look(world: World, waiting: Conversation, heard: list[Recorded]) -> None:
    dispatch.subscribe("tests.a_refusal", refuse, kinds={CLAIMED})
    ownership.claim(waiting.pk, actor=world.ana)
    dispatch_events()
    for _ in range(7):
        due_now()
        dispatching.tell_again()

    missed = MissedEvent.objects.get()
    assert (missed.attempts, missed.next_at) == (6, None)
