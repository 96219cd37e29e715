"""Asking for content without giving the conversation away."""

from functools import partial

import pytest

from core.errors import Conflict, Forbidden, Invalid, NotFound
from inbox.models.conversation import Conversation, Grant
from inbox.policies import access_of
from inbox.services import lifecycle, ownership
from routing.models.content import ContentAsk
from routing.models.notice import Notice
from routing.services import asks, handoff
from tests.domain.lifecycle.looking import kinds_of
from tests.factories import people
from tests.personas import World
from tests.racing import race, split


@pytest.fixture
def asked(world: World, waiting: Conversation) -> ContentAsk:
    ownership.claim(waiting.pk, actor=world.ana)
    return asks.ask(waiting.pk, to=world.queues.marketing, actor=world.ana, ask="The picture of the new lounge.")


def sees(person: object, conversation: Conversation) -> bool:
    return Conversation.objects.visible_to(access_of(person)).filter(pk=conversation.pk).exists()  # type: ignore[arg-type]


def test_asking_and_answering_change_neither_queue_nor_owner(
    world: World, waiting: Conversation, asked: ContentAsk
) -> None:
    assert sees(world.mia, waiting)
    with pytest.raises(Forbidden):
        ownership.claim(waiting.pk, actor=world.mia)

    asks.answer(asked.pk, actor=world.mia, text="Our new lounge opens on Monday: https://northwind.example/lounge")

    waiting.refresh_from_db()
    asked.refresh_from_db()
    assert (waiting.queue, waiting.owner) == (world.queues.care, world.ana)
    assert (asked.state, asked.decided_by) == ("answered", world.mia)
    assert kinds_of(waiting)[-2:] == ["content.asked", "content.answered"]
    assert Notice.objects.get(user=world.ana).kind == "content.answered"
    assert not sees(world.mia, waiting)


def test_it_stands_beside_a_hand_over(world: World, waiting: Conversation, asked: ContentAsk) -> None:
    row = handoff.ask(waiting.pk, to=world.queues.marketing, actor=world.ana, reason="Yours.")
    handoff.decline(row.pk, actor=world.mia, reason="No.")
    assert sees(world.mia, waiting)  # the question for content is still open


def test_words_are_needed(world: World, waiting: Conversation, asked: ContentAsk) -> None:
    for act, field in (
        (partial(asks.ask, waiting.pk, to=world.queues.pr, actor=world.ana, ask=" "), "ask"),
        (partial(asks.answer, asked.pk, actor=world.mia, text=""), "text"),
        (partial(asks.decline, asked.pk, actor=world.mia, reason=""), "reason"),
    ):
        with pytest.raises(Invalid) as refusal:
            act()
        assert refusal.value.fields.keys() == {field}


def test_only_who_was_asked_answers_and_only_who_asked_takes_it_back(world: World, asked: ContentAsk) -> None:
    with pytest.raises(Forbidden):
        asks.answer(asked.pk, actor=world.ana, text="Mine.")
    with pytest.raises(Forbidden):
        asks.withdraw(asked.pk, actor=world.mia)
    for person in (world.ben, world.zoe):
        with pytest.raises(NotFound):
            asks.answer(asked.pk, actor=person, text="Mine.")
    asks.withdraw(asked.pk, actor=world.ana)
    with pytest.raises(NotFound):
        asks.decline(asked.pk, actor=world.mia, reason="Late.")


def test_the_same_question_twice_is_one(world: World, waiting: Conversation, asked: ContentAsk) -> None:
    assert asks.ask(waiting.pk, to=world.queues.marketing, actor=world.ana, ask=asked.ask) == asked
    with pytest.raises(Conflict, match="Ana Sandoval has already asked Marketing"):
        asks.ask(waiting.pk, to=world.queues.marketing, actor=world.ana, ask="Something else.")


def test_it_ends_with_its_conversation(world: World, waiting: Conversation, asked: ContentAsk) -> None:
    lifecycle.resolve(waiting.pk, actor=world.ana, disposition="expired")
    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    assert not Grant.objects.filter(reason="content").exists()


def test_answering_at_once_has_one_winner(world: World, waiting: Conversation, asked: ContentAsk) -> None:
    nils = people.person("Nils Berg", teams=[world.teams.marketing], brands=[world.brands.northwind])
    won, lost = split(race(*(partial(asks.answer, asked.pk, actor=who, text="Here.") for who in (world.mia, nils))))
    assert (len(won), len(lost)) == (1, 1)
    assert kinds_of(waiting).count("content.answered") == 1


def test_declining_and_withdrawing_at_once_have_one_winner(
    world: World, waiting: Conversation, asked: ContentAsk
) -> None:
    outcomes = race(
        partial(asks.decline, asked.pk, actor=world.mia, reason="No."),
        partial(asks.withdraw, asked.pk, actor=world.ana),
    )
    assert len(split(outcomes)[0]) == 1
    assert len({"content.declined", "content.withdrawn"} & set(kinds_of(waiting))) == 1


def test_asking_at_once_asks_once(world: World, waiting: Conversation) -> None:
    acts = (
        partial(asks.ask, waiting.pk, to=world.queues.marketing, actor=who, ask="A picture.")
        for who in (world.ana, world.omar)
    )
    won, lost = split(race(*acts))
    assert (len(won), [one.code for one in lost]) == (1, ["ask_open"])
