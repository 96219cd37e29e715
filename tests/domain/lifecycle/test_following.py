"""Following: an eye on it without owning it."""

from functools import partial

import pytest

from core.errors import NotFound
from inbox.models.conversation import Conversation, Grant
from inbox.policies import access_of
from inbox.services.following import follow, is_following
from tests.domain.lifecycle.looking import kinds_of
from tests.factories import talk
from tests.personas import World
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_follower_reads_it_wherever_it_goes(world: World, waiting: Conversation) -> None:
    follow(waiting.pk, actor=world.ana, following=True)

    Conversation.objects.filter(pk=waiting.pk).update(queue=world.queues.pr)

    assert Conversation.objects.visible_to(access_of(world.ana)).filter(pk=waiting.pk).exists()
    follow(waiting.pk, actor=world.ana, following=False)
    assert not Conversation.objects.visible_to(access_of(world.ana)).filter(pk=waiting.pk).exists()
    assert kinds_of(waiting) == ["conversation.followed", "conversation.unfollowed"]


def test_it_takes_nothing_else_away(world: World, waiting: Conversation) -> None:
    Grant.objects.create(conversation=waiting, user=world.ben, reason=Grant.Reason.MENTIONED)
    follow(waiting.pk, actor=world.ben, following=True)

    follow(waiting.pk, actor=world.ben, following=False)

    assert list(Grant.objects.filter(user=world.ben).values_list("reason", flat=True)) == ["mentioned"]


def test_a_stranger_cannot_follow_what_is_not_there_for_them(world: World, waiting: Conversation) -> None:
    with pytest.raises(NotFound):
        follow(waiting.pk, actor=world.zoe, following=True)
    assert not is_following(waiting, world.zoe)


@pytest.mark.parametrize("following", [True, False])
def test_twice_at_once_is_one_fact(world: World, following: bool) -> None:
    talking = talk.conversation(world.channels.northwind_x, world.queues.care)
    if not following:
        follow(talking.pk, actor=world.ana, following=True)
    before = len(kinds_of(talking))
    race(*(partial(follow, talking.pk, actor=world.ana, following=following) for _ in range(2)))
    assert len(kinds_of(talking)) == before + 1
    assert is_following(talking, world.ana) == following
