"""Tags: words in one spelling, few, and each change one fact."""

from functools import partial

import pytest

from core.errors import Forbidden, Invalid, NotFound
from inbox.models.conversation import Conversation, Grant
from inbox.models.work import ConversationEvent, Tag
from inbox.services import tags
from tests.domain.lifecycle.looking import kinds_of
from tests.factories import talk
from tests.personas import World
from tests.racing import race


def test_tags_are_added_and_removed_in_one_fact(world: World, waiting: Conversation) -> None:
    tags.change(waiting.pk, actor=world.ana, add=["Lost  Luggage", "#refund"])
    tags.change(waiting.pk, actor=world.ana, add=["gold member"], remove=["REFUND"])

    assert tags.names_of(waiting) == ["gold member", "lost luggage"]
    last = ConversationEvent.objects.filter(conversation=waiting).latest("id")
    assert last.data == {"added": ["gold member"], "removed": ["refund"]}


def test_what_is_there_is_not_added_again(world: World, waiting: Conversation) -> None:
    tags.change(waiting.pk, actor=world.ana, add=["refund"])
    tags.change(waiting.pk, actor=world.ana, add=["Refund"], remove=["never was"])
    assert kinds_of(waiting) == ["conversation.tagged"]
    assert Tag.objects.count() == 1


@pytest.mark.parametrize("name", ["", " ", "#", "\u0000", "x" * 41])
def test_a_tag_has_1_to_40_characters(world: World, waiting: Conversation, name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        tags.change(waiting.pk, actor=world.ana, add=[name])
    assert refusal.value.fields.keys() == {"tags"}


def test_20_tags_are_enough(world: World, waiting: Conversation) -> None:
    tags.change(waiting.pk, actor=world.ana, add=[f"tag {n}" for n in range(20)])
    with pytest.raises(Invalid):
        tags.change(waiting.pk, actor=world.ana, add=["one more"])
    tags.change(waiting.pk, actor=world.ana, add=["one more"], remove=["tag 0"])
    assert len(tags.names_of(waiting)) == 20


def test_strangers_and_readers_do_not_tag(world: World, waiting: Conversation) -> None:
    with pytest.raises(NotFound):
        tags.change(waiting.pk, actor=world.zoe, add=["spam"])
    Grant.objects.create(conversation=waiting, user=world.ben, reason=Grant.Reason.MENTIONED)
    with pytest.raises(Forbidden):
        tags.change(waiting.pk, actor=world.ben, add=["spam"])


def test_tagging_at_once_is_one_fact(world: World, waiting: Conversation) -> None:
    race(*(partial(tags.change, waiting.pk, actor=who, add=["refund"]) for who in (world.ana, world.omar)))
    assert kinds_of(waiting) == ["conversation.tagged"]


def test_a_new_tag_on_two_conversations_at_once_is_one_tag(world: World, waiting: Conversation) -> None:
    other = talk.conversation(world.channels.northwind_x, world.queues.care)
    outcomes = race(*(partial(tags.change, row.pk, actor=world.ana, add=["refund"]) for row in (waiting, other)))
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert [tags.names_of(row) for row in (waiting, other)] == [["refund"], ["refund"]]
