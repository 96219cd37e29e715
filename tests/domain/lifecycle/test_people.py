"""Muting: the author is heard, and nobody is called."""

from functools import partial

import pytest

from core.errors import Forbidden, NotFound
from inbox.models.conversation import Conversation, Grant
from inbox.models.people import Mute
from inbox.services import people, status
from tests.domain.lifecycle.looking import kinds_of
from tests.factories import talk
from tests.personas import World
from tests.racing import race


def test_nobody_waits_for_a_muted_author_anywhere(world: World, waiting: Conversation) -> None:
    other = talk.conversation(world.channels.northwind_x, world.queues.pr, profile=waiting.profile)
    somebody_else = talk.conversation(world.channels.northwind_x, world.queues.care)

    people.mute(waiting.pk, actor=world.ana)

    mute = Mute.objects.get()
    assert (mute.profile_id, mute.brand_id, mute.muted_by) == (waiting.profile_id, waiting.brand_id, world.ana)
    rows = [Conversation.objects.get(pk=row.pk) for row in (waiting, other, somebody_else)]
    assert [row.needs_reply for row in rows] == [False, False, True]
    assert [row.revision for row in rows] == [2, 2, 1]
    assert kinds_of(waiting) == ["profile.muted"]


def test_unmuting_lets_them_wait_again(world: World, waiting: Conversation) -> None:
    other = talk.conversation(world.channels.northwind_x, world.queues.pr, profile=waiting.profile)
    people.mute(waiting.pk, actor=world.ana)

    people.unmute(waiting.pk, actor=world.ana)

    for row in (waiting, other):
        row.refresh_from_db()
        assert row.waiting_since == row.messages.get().posted_at
    assert kinds_of(waiting) == ["profile.muted", "profile.unmuted"]


@pytest.mark.parametrize("act", [people.mute, people.unmute])
def test_strangers_and_readers_do_not_mute(world: World, waiting: Conversation, act: partial) -> None:
    with pytest.raises(NotFound):
        act(waiting.pk, actor=world.zoe)
    Grant.objects.create(conversation=waiting, user=world.ben, reason=Grant.Reason.MENTIONED)
    with pytest.raises(Forbidden):
        act(waiting.pk, actor=world.ben)


@pytest.mark.parametrize("act", [people.mute, people.unmute])
def test_at_once_is_one_fact(world: World, waiting: Conversation, act: partial) -> None:
    if act is people.unmute:
        people.mute(waiting.pk, actor=world.ana)
    before = len(kinds_of(waiting))
    race(*(partial(act, waiting.pk, actor=who) for who in (world.ana, world.omar)))
    assert len(kinds_of(waiting)) == before + 1


def test_muting_from_two_conversations_at_once_ends(world: World, waiting: Conversation) -> None:
    other = talk.conversation(world.channels.northwind_x, world.queues.care, profile=waiting.profile)

    outcomes = race(*(partial(people.mute, row.pk, actor=world.ana) for row in (waiting, other) for _ in range(3)))

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert sorted(kinds_of(waiting) + kinds_of(other)) == ["profile.muted"]


def test_another_brand_hears_who_is_muted(world: World, waiting: Conversation) -> None:
    other = talk.conversation(world.channels.lumo_x, world.queues.care, profile=waiting.profile)

    people.mute(waiting.pk, actor=world.ana)

    other.refresh_from_db()
    assert other.needs_reply
    assert other.revision == 1
    assert talk.is_muted(waiting)
    assert not talk.is_muted(other)
    assert status.oldest_waiting(other) == other.messages.get().posted_at
    assert status.oldest_waiting(waiting) is None
