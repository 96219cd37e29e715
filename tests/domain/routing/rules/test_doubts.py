"""Who works on a conversation says that a rule is wrong there; administrators are told, nothing moves."""

import pytest

from core.errors import Forbidden, Invalid, NotFound
from inbox.models.conversation import Conversation
from inbox.models.work import ConversationEvent
from routing.models.notice import Notice
from routing.selectors.notices import sentence
from routing.services import doubts, handoff
from tests.domain.routing.rules.kit import NEGATIVE, Doing, route
from tests.factories import talk
from tests.personas import World
from tests.racing import race, split


@pytest.fixture
def row(world: World) -> Conversation:
    """What a rule has put into PR."""
    found = talk.conversation(world.channels.northwind_x, world.queues.care)
    number = Doing(world.ada).rule(NEGATIVE, name="Angry to PR", queue=world.queues.pr.pk)
    route(found, sentiment="negative")
    found.refresh_from_db()
    assert (found.queue, number) == (world.queues.pr, 3)
    return found


def said(row: Conversation) -> list[str]:
    events = ConversationEvent.objects.filter(conversation=row, kind="rule.doubted").order_by("id")
    return [one.data["reason"] for one in events]


def test_administrators_are_told_and_nothing_moves(world: World, row: Conversation) -> None:
    assert doubts.doubt(row.pk, rule=3, reason=" Irony ", actor=world.ben) == "Angry to PR"
    notice = Notice.objects.get()
    assert notice.user == world.ada
    assert sentence(notice).endswith(f"{world.ben.name} says that “Angry to PR” is wrong here: Irony")
    assert said(row) == ["Irony"]
    row.refresh_from_db()
    assert row.queue == world.queues.pr


def test_the_same_word_twice_is_one_and_another_is_another(world: World, row: Conversation) -> None:
    for reason in ("Irony", "Irony", "It was praise"):
        doubts.doubt(row.pk, rule=3, reason=reason, actor=world.ben)
    assert said(row) == ["Irony", "It was praise"]
    assert Notice.objects.count() == 2


def test_two_clicks_at_the_same_instant_are_one(world: World, row: Conversation) -> None:
    once = [lambda: doubts.doubt(row.pk, rule=3, reason="Irony", actor=world.ben)] * 2
    assert split(race(*once))[1] == []
    assert said(row) == ["Irony"]
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(("rule", "reason", "field"), [(3, " ", "reason"), (1, "No", "rule"), (99, "No", "rule")])
def test_what_is_refused(world: World, row: Conversation, rule: int, reason: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        doubts.doubt(row.pk, rule=rule, reason=reason, actor=world.ben)
    assert refusal.value.fields.keys() == {field}
    assert said(row) == []


def test_who_may_not_act_there(world: World, row: Conversation) -> None:
    with pytest.raises(NotFound):
        doubts.doubt(row.pk, rule=3, reason="No", actor=world.zoe)
    handoff.ask(row.pk, to=world.queues.marketing, reason="Praise", ask="Look", actor=world.ben)
    with pytest.raises(Forbidden):
        doubts.doubt(row.pk, rule=3, reason="No", actor=world.mia)
