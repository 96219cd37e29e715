"""A public conversation and the private one that it moved to are claimed, given and handed over together."""

import pytest

from inbox.models.conversation import Conversation, ConversationLink
from inbox.policies import access_of
from inbox.services import lifecycle, ownership
from routing.services import handoff
from tests.domain.lifecycle.looking import kinds_of
from tests.factories import talk
from tests.personas import World


@pytest.fixture
def private(world: World, waiting: Conversation) -> Conversation:
    row = talk.conversation(waiting.channel, waiting.queue, profile=waiting.profile)
    Conversation.objects.filter(pk=row.pk).update(thread=None, thread_key="dm:1")
    ConversationLink.objects.create(public=waiting, private=row, created_by=world.ana)
    row.refresh_from_db()
    return row


def owner_of(conversation: Conversation) -> object:
    return Conversation.objects.get(pk=conversation.pk).owner


@pytest.mark.parametrize("begin_with", ["public", "private"])
def test_both_are_claimed_given_and_released_together(
    world: World, waiting: Conversation, private: Conversation, begin_with: str
) -> None:
    pk = waiting.pk if begin_with == "public" else private.pk
    ownership.claim(pk, actor=world.ana)
    assert (owner_of(waiting), owner_of(private)) == (world.ana, world.ana)
    ownership.take_over(pk, actor=world.omar, seen_owner=world.ana.pk)
    assert (owner_of(waiting), owner_of(private)) == (world.omar, world.omar)
    ownership.assign(pk, to=world.ana, actor=world.omar)
    assert (owner_of(waiting), owner_of(private)) == (world.ana, world.ana)
    ownership.release(pk, actor=world.ana)
    assert (owner_of(waiting), owner_of(private)) == (None, None)
    kinds = [f"conversation.{what}" for what in ("claimed", "taken_over", "assigned", "released")]
    assert kinds_of(waiting) == kinds_of(private) == kinds


def test_unticked_it_is_claimed_alone(world: World, waiting: Conversation, private: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana, alone=True)
    assert (owner_of(waiting), owner_of(private)) == (world.ana, None)


def test_what_is_in_other_hands_elsewhere_or_resolved_goes_its_own_way(
    world: World, waiting: Conversation, private: Conversation
) -> None:
    ownership.claim(private.pk, actor=world.omar, alone=True)
    ownership.claim(waiting.pk, actor=world.ana)
    assert (owner_of(waiting), owner_of(private)) == (world.ana, world.omar)

    ownership.release(waiting.pk, actor=world.ana)
    ownership.release(private.pk, actor=world.omar)
    Conversation.objects.filter(pk=private.pk).update(queue=world.queues.pr)
    ownership.claim(waiting.pk, actor=world.ana)
    assert owner_of(private) is None

    ownership.release(waiting.pk, actor=world.ana)
    Conversation.objects.filter(pk=private.pk).update(queue=world.queues.care)
    lifecycle.resolve(private.pk, actor=world.ana, disposition="expired")
    ownership.claim(waiting.pk, actor=world.ana)
    assert owner_of(private) is None


def test_both_are_handed_over_together(world: World, waiting: Conversation, private: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)
    seen = Conversation.objects.filter(pk__in=[waiting.pk, private.pk])
    first = handoff.ask(waiting.pk, to=world.queues.pr, actor=world.ana, reason="Press.")
    assert seen.visible_to(access_of(world.ben)).count() == 2
    handoff.decline(first.pk, actor=world.ben, reason="No.")
    assert seen.visible_to(access_of(world.ben)).count() == 0

    second = handoff.ask(waiting.pk, to=world.queues.pr, actor=world.ana, reason="Press, really.")
    handoff.accept(second.pk, actor=world.ben)

    assert set(seen.values_list("queue", "owner")) == {(world.queues.pr.pk, world.ben.pk)}
    assert kinds_of(private)[-1] == "conversation.moved"
