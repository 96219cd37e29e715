"""A hand-over must be accepted: success, refusal, stranger, conflict, and one winner of two."""

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from channels.models import BrandAccess
from core.errors import Conflict, Forbidden, Invalid, NotFound
from inbox.models.conversation import Conversation, Grant
from inbox.models.work import ConversationEvent
from inbox.policies import access_of
from inbox.services import lifecycle, ownership
from routing.models.handoff import Handoff
from routing.selectors import handoffs
from routing.services import handoff
from tests.domain.lifecycle.looking import kinds_of
from tests.factories import people, talk
from tests.personas import World
from tests.racing import race, split

WORDS = {"reason": "Press is quoting it.", "summary": "Two answers so far.", "ask": "A line for all of us."}


@pytest.fixture
def asked(world: World, waiting: Conversation) -> Handoff:
    """Ana has it and has asked PR to take it."""
    ownership.claim(waiting.pk, actor=world.ana)
    return handoff.ask(waiting.pk, to=world.queues.pr, actor=world.ana, **WORDS)


@pytest.fixture
def bea(world: World) -> User:
    """A second agent of PR."""
    return people.person("Bea Okoro", teams=[world.teams.pr], brands=[world.brands.northwind])


def sees(person: User, conversation: Conversation) -> bool:
    return Conversation.objects.visible_to(access_of(person)).filter(pk=conversation.pk).exists()


def test_asking_changes_neither_queue_nor_owner_and_lets_the_receivers_read(
    world: World, waiting: Conversation
) -> None:
    ownership.claim(waiting.pk, actor=world.ana)
    assert not sees(world.ben, waiting)

    row = handoff.ask(waiting.pk, to=world.queues.pr, actor=world.ana, **WORDS)

    waiting.refresh_from_db()
    assert (waiting.queue, waiting.owner, waiting.revision) == (world.queues.care, world.ana, 3)
    assert sees(world.ben, waiting)
    assert not sees(world.mia, waiting)
    event = ConversationEvent.objects.get(conversation=waiting, kind="handoff.asked")
    assert event.data == {"handoff_id": row.pk, "to": "PR", "to_id": world.queues.pr.pk, **WORDS}


def test_the_receivers_read_and_do_not_act(world: World, waiting: Conversation, asked: Handoff) -> None:
    with pytest.raises(Forbidden):
        ownership.take_over(waiting.pk, actor=world.ben, seen_owner=world.ana.pk)


def test_accepting_moves_queue_and_owner_together(world: World, waiting: Conversation, asked: Handoff) -> None:
    handoff.accept(asked.pk, actor=world.ben)

    waiting.refresh_from_db()
    asked.refresh_from_db()
    assert (waiting.queue, waiting.owner, waiting.revision) == (world.queues.pr, world.ben, 4)
    assert waiting.lease_until is not None
    assert (asked.state, asked.decided_by) == ("accepted", world.ben)
    assert kinds_of(waiting)[-2:] == ["handoff.accepted", "conversation.moved"]
    moved = ConversationEvent.objects.get(conversation=waiting, kind="conversation.moved")
    assert (moved.data["old"], moved.data["new"]) == ("Care", "PR")
    assert not Grant.objects.filter(reason="handoff").exists()
    assert sees(world.ana, waiting)  # a past owner
    assert not sees(world.omar, waiting)


def test_declining_changes_nothing_but_the_question(world: World, waiting: Conversation, asked: Handoff) -> None:
    handoff.decline(asked.pk, actor=world.ben, reason=" Not for the press. ")

    waiting.refresh_from_db()
    asked.refresh_from_db()
    assert (waiting.queue, waiting.owner) == (world.queues.care, world.ana)
    assert (asked.state, asked.decline_reason) == ("declined", "Not for the press.")
    assert not sees(world.ben, waiting)
    assert kinds_of(waiting)[-1] == "handoff.declined"


def test_declining_needs_a_reason(world: World, asked: Handoff) -> None:
    with pytest.raises(Invalid) as refusal:
        handoff.decline(asked.pk, actor=world.ben, reason=" ")
    assert refusal.value.fields.keys() == {"reason"}


@pytest.mark.parametrize("who", ["ana", "omar", "ada"])
def test_who_asked_and_who_supervises_take_it_back(
    world: World, waiting: Conversation, asked: Handoff, who: str
) -> None:
    handoff.withdraw(asked.pk, actor=getattr(world, who))

    waiting.refresh_from_db()
    assert (waiting.queue, waiting.owner) == (world.queues.care, world.ana)
    assert Handoff.objects.get().state == "withdrawn"
    assert not sees(world.ben, waiting)


def test_the_receivers_do_not_withdraw_and_the_askers_do_not_accept(world: World, asked: Handoff) -> None:
    with pytest.raises(Forbidden):
        handoff.withdraw(asked.pk, actor=world.ben)
    with pytest.raises(Forbidden):
        handoff.accept(asked.pk, actor=world.ana)
    with pytest.raises(Forbidden):
        handoff.decline(asked.pk, actor=world.omar, reason="No.")


@pytest.mark.parametrize("act", [handoff.accept, handoff.withdraw, partial(handoff.decline, reason="No.")])
def test_a_stranger_learns_nothing(world: World, asked: Handoff, act: partial) -> None:
    for person in (world.zoe, world.mia):
        with pytest.raises(NotFound) as hidden:
            act(asked.pk, actor=person)
        with pytest.raises(NotFound) as absent:
            act(asked.pk + 1_000_000, actor=person)
        assert str(hidden.value) == str(absent.value)


def test_a_stranger_asks_nothing(world: World, waiting: Conversation) -> None:
    with pytest.raises(NotFound):
        handoff.ask(waiting.pk, to=world.queues.pr, actor=world.zoe, **WORDS)


def test_a_receiver_without_the_brand_sees_nothing(world: World, waiting: Conversation, asked: Handoff) -> None:
    BrandAccess.objects.filter(user=world.ben, brand=world.brands.northwind).delete()
    with pytest.raises(NotFound):
        handoff.accept(asked.pk, actor=world.ben)
    assert handoffs.asks_for(access_of(world.ben)) == []


def test_a_reader_does_not_ask(world: World, waiting: Conversation) -> None:
    Grant.objects.create(conversation=waiting, user=world.ben, reason=Grant.Reason.MENTIONED)
    with pytest.raises(Forbidden):
        handoff.ask(waiting.pk, to=world.queues.pr, actor=world.ben, **WORDS)


def test_what_a_colleague_has_is_handed_over_by_them_or_their_supervisor(world: World, waiting: Conversation) -> None:
    cleo = people.person("Cleo Brandt", teams=[world.teams.care], brands=[world.brands.northwind])
    ownership.claim(waiting.pk, actor=world.ana)
    with pytest.raises(Conflict, match="Ana Sandoval has it"):
        handoff.ask(waiting.pk, to=world.queues.pr, actor=cleo, **WORDS)
    assert handoff.ask(waiting.pk, to=world.queues.pr, actor=world.omar, **WORDS).asked_by == world.omar


def test_it_is_not_handed_to_where_it_is(world: World, waiting: Conversation) -> None:
    with pytest.raises(Invalid) as refusal:
        handoff.ask(waiting.pk, to=world.queues.care, actor=world.ana, **WORDS)
    assert refusal.value.fields.keys() == {"queue"}


def test_it_is_not_handed_to_where_nobody_sees_the_brand(world: World, waiting: Conversation) -> None:
    BrandAccess.objects.filter(user=world.mia).delete()
    with pytest.raises(Invalid, match="Nobody in Marketing"):
        handoff.ask(waiting.pk, to=world.queues.marketing, actor=world.ana, **WORDS)


@pytest.mark.parametrize(
    ("words", "field"), [({"reason": " "}, "reason"), ({"reason": "x", "summary": "x" * 2001}, "summary")]
)
def test_the_words_are_checked(world: World, waiting: Conversation, words: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        handoff.ask(waiting.pk, to=world.queues.pr, actor=world.ana, **words)
    assert refusal.value.fields.keys() == {field}


def test_the_same_question_twice_is_one(world: World, waiting: Conversation, asked: Handoff) -> None:
    again = handoff.ask(waiting.pk, to=world.queues.pr, actor=world.ana, **WORDS)
    assert again == asked
    assert kinds_of(waiting).count("handoff.asked") == 1


def test_another_question_waits_for_the_first(world: World, waiting: Conversation, asked: Handoff) -> None:
    with pytest.raises(Conflict, match="Ana Sandoval has already asked PR") as refusal:
        handoff.ask(waiting.pk, to=world.queues.marketing, actor=world.ana, **WORDS)
    assert refusal.value.current["handoff"] == asked.pk


def test_what_is_resolved_is_neither_asked_for_nor_accepted(
    world: World, waiting: Conversation, asked: Handoff
) -> None:
    lifecycle.resolve(waiting.pk, actor=world.ana, disposition="expired")
    assert handoffs.asks_for(access_of(world.ben)) == []
    assert kinds_of(waiting)[-2:] == ["handoff.withdrawn", "conversation.resolved"]
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == ("withdrawn", world.ana)
    with pytest.raises(NotFound):  # they were let in by the question alone
        handoff.accept(asked.pk, actor=world.ben)
    with pytest.raises(Conflict, match="resolved"):
        handoff.ask(waiting.pk, to=world.queues.pr, actor=world.ana, **WORDS)


def test_deciding_twice_alike_is_harmless_and_otherwise_told(
    world: World, waiting: Conversation, asked: Handoff, bea: User
) -> None:
    handoff.accept(asked.pk, actor=world.ben)
    handoff.accept(asked.pk, actor=world.ben)
    with pytest.raises(Conflict, match="Ben Achterberg has accepted it") as refusal:
        handoff.accept(asked.pk, actor=bea)
    assert refusal.value.current["decided_by"] == "Ben Achterberg"
    assert kinds_of(waiting).count("handoff.accepted") == 1


def test_accepting_at_once_has_one_winner(world: World, waiting: Conversation, asked: Handoff, bea: User) -> None:
    winners, losers = split(race(*(partial(handoff.accept, asked.pk, actor=who) for who in (world.ben, bea))))
    assert (len(winners), [loser.code for loser in losers]) == (1, ["decided"])
    assert Conversation.objects.get(pk=waiting.pk).owner == winners[0].decided_by


def test_accepting_against_withdrawing_has_one_winner(world: World, waiting: Conversation, asked: Handoff) -> None:
    winners, losers = split(
        race(partial(handoff.accept, asked.pk, actor=world.ben), partial(handoff.withdraw, asked.pk, actor=world.ana))
    )
    assert (len(winners), len(losers)) == (1, 1)
    # When it was withdrawn first, it was gone from Ben's sight.
    assert getattr(losers[0], "code", "") in {"decided", "not_found"}
    asked.refresh_from_db()
    waiting.refresh_from_db()
    assert waiting.queue == (world.queues.pr if asked.state == "accepted" else world.queues.care)


def test_declining_at_once_has_one_winner(world: World, waiting: Conversation, asked: Handoff, bea: User) -> None:
    acts = (partial(handoff.decline, asked.pk, actor=who, reason="No.") for who in (world.ben, bea))
    winners, losers = split(race(*acts))
    assert (len(winners), len(losers)) == (1, 1)
    assert kinds_of(waiting).count("handoff.declined") == 1


def test_asking_at_once_has_one_winner(world: World, waiting: Conversation) -> None:
    acts = (
        partial(handoff.ask, waiting.pk, to=queue, actor=who, **WORDS)
        for queue, who in ((world.queues.pr, world.ana), (world.queues.marketing, world.omar))
    )
    winners, losers = split(race(*acts))
    assert (len(winners), [loser.code for loser in losers]) == (1, ["handoff_open"])
    assert Handoff.objects.filter(state="open").count() == 1


def test_each_side_finds_what_is_open(world: World, waiting: Conversation, asked: Handoff) -> None:
    assert handoffs.asks_for(access_of(world.ben)) == [asked]
    assert handoffs.asks_for(access_of(world.ana)) == []
    assert handoffs.asked_by(access_of(world.ana)) == [asked]
    assert handoffs.open_of([waiting.pk], access_of(world.ana)) == {waiting.pk: asked}
    assert handoffs.open_of([waiting.pk], access_of(world.mia)) == {}


def test_the_list_of_asks_costs_the_same_however_long(world: World, asked: Handoff) -> None:
    access = access_of(world.ben)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            for row in handoffs.asks_for(access):
                assert row.from_queue.desk.name and row.asked_by.name and row.conversation.profile.name  # noqa: PT018
        return len(captured)

    before = queries()
    for _ in range(4):
        more = talk.conversation(world.channels.northwind_x, world.queues.care)
        handoff.ask(more.pk, to=world.queues.pr, actor=world.ana, **WORDS)
    assert queries() == before == 1


def test_what_is_reopened_asks_nobody_until_somebody_asks_again(
    world: World, waiting: Conversation, asked: Handoff
) -> None:
    lifecycle.resolve(waiting.pk, actor=world.ana, disposition="expired")
    lifecycle.reopen(waiting.pk, actor=world.ana)
    assert handoffs.asks_for(access_of(world.ben)) == []
    handoff.ask(waiting.pk, to=world.queues.pr, actor=world.ana, **WORDS)
    assert len(handoffs.asks_for(access_of(world.ben))) == 1


def test_accepting_and_resolving_at_once_have_one_winner(world: World, waiting: Conversation, asked: Handoff) -> None:
    outcomes = race(
        partial(handoff.accept, asked.pk, actor=world.ben),
        partial(lifecycle.resolve, waiting.pk, actor=world.ana, disposition="expired"),
    )
    won, _ = split(outcomes)
    assert len(won) == 1
    asked.refresh_from_db()
    waiting.refresh_from_db()
    assert (asked.state, waiting.status) in {("accepted", "open"), ("withdrawn", "resolved")}
