"""Escalating: urgent, with a deadline to acknowledge it, chased until somebody does; answering and returning."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from accounts.models import Membership, Role, User
from core.errors import Conflict, Forbidden, Invalid, NotFound
from inbox.models.conversation import Conversation, Grant
from inbox.models.work import ConversationEvent
from inbox.policies import access_of
from inbox.services import lifecycle, ownership
from routing.models.handoff import Handoff
from routing.models.notice import Notice
from routing.selectors import handoffs as selectors
from routing.services import escalation, handoff
from tests.domain.lifecycle.looking import kinds_of
from tests.factories import people, talk
from tests.personas import World
from tests.racing import race, split

WORDS = {"reason": "A newspaper quotes it.", "summary": "Two answers so far.", "ask": "Take it."}


@pytest.fixture
def escalated(world: World, waiting: Conversation) -> Handoff:
    ownership.claim(waiting.pk, actor=world.ana)
    return escalation.escalate(waiting.pk, to=world.queues.pr, actor=world.ana, within=15, urgency=1, **WORDS)


@pytest.fixture
def lea(world: World) -> User:
    """Who supervises PR, in a team of another queue of that desk."""
    team = people.team("PR leads", "pr-leads")
    people.queue(world.desks.pr, "Crises", "crises", staffed_by=team)
    return people.person("Lea Okafor", teams=[team], brands=[world.brands.northwind], team_role=Role.SUPERVISOR)


def overdue(row: Handoff) -> None:
    Handoff.objects.filter(pk=row.pk).update(chase_at=timezone.now() - timedelta(seconds=1))


def test_escalating_keeps_queue_and_owner_and_has_a_deadline(
    world: World, waiting: Conversation, escalated: Handoff
) -> None:
    waiting.refresh_from_db()
    assert (waiting.queue, waiting.owner) == (world.queues.care, world.ana)
    assert (escalated.kind, escalated.urgency) == ("escalation", 1)
    assert escalated.respond_by is not None
    assert timedelta(minutes=14) < escalated.respond_by - timezone.now() <= timedelta(minutes=15)
    event = ConversationEvent.objects.get(conversation=waiting, kind="handoff.escalated")
    assert (event.data["urgency"], event.data["to"]) == ("urgent", "PR")
    again = escalation.escalate(waiting.pk, to=world.queues.pr, actor=world.ana, within=15, urgency=1, **WORDS)
    assert again == escalated


@pytest.mark.parametrize(
    ("given", "field"),
    [({"within": 0}, "within"), ({"within": 1441}, "within"), ({"urgency": 3}, "urgency"), ({"reason": ""}, "reason")],
)
def test_what_is_missing_is_named(world: World, waiting: Conversation, given: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        escalation.escalate(waiting.pk, to=world.queues.pr, actor=world.ana, **(WORDS | given))  # type: ignore[arg-type]
    assert refusal.value.fields.keys() == {field}


def test_acknowledging_ends_the_chase_and_moves_nothing(
    world: World, waiting: Conversation, escalated: Handoff
) -> None:
    escalation.acknowledge(escalated.pk, actor=world.ben)
    escalation.acknowledge(escalated.pk, actor=world.ben)

    escalated.refresh_from_db()
    waiting.refresh_from_db()
    assert (escalated.state, escalated.acknowledged_by, escalated.chase_at) == ("open", world.ben, None)
    assert (waiting.queue, waiting.owner) == (world.queues.care, world.ana)
    assert kinds_of(waiting).count("handoff.acknowledged") == 1
    assert escalation.chase() == 0


def test_only_who_was_asked_acknowledges_and_only_an_escalation(
    world: World, waiting: Conversation, escalated: Handoff
) -> None:
    with pytest.raises(Forbidden):
        escalation.acknowledge(escalated.pk, actor=world.omar)
    with pytest.raises(NotFound):
        escalation.acknowledge(escalated.pk, actor=world.mia)
    handoff.withdraw(escalated.pk, actor=world.ana)
    plain = handoff.ask(waiting.pk, to=world.queues.pr, actor=world.ana, **WORDS)
    with pytest.raises(Invalid):
        escalation.acknowledge(plain.pk, actor=world.ben)


def test_overdue_climbs_to_the_supervisor_and_again_to_administrators(
    world: World, waiting: Conversation, escalated: Handoff, lea: User
) -> None:
    assert escalation.chase() == 0
    overdue(escalated)
    assert escalation.chase() == 1
    assert escalation.chase() == 0  # not before the next time

    event = ConversationEvent.objects.get(conversation=waiting, kind="handoff.overdue")
    assert (event.data["level"], event.data["told"]) == (1, "Lea Okafor")
    assert set(Notice.objects.values_list("user__name", flat=True)) == {"Lea Okafor", "Ana Sandoval"}
    assert selectors.asks_for(access_of(lea)) == [escalated]

    overdue(escalated)
    assert escalation.chase() == 1
    assert set(Notice.objects.filter(user=world.ada).values_list("kind", flat=True)) == {"handoff.overdue"}
    escalated.refresh_from_db()
    assert escalated.chased == 2
    assert timedelta(minutes=14) < escalated.chase_at - timezone.now() <= timedelta(minutes=15)


def test_who_was_told_may_take_it(world: World, waiting: Conversation, escalated: Handoff, lea: User) -> None:
    with pytest.raises(NotFound):
        handoff.accept(escalated.pk, actor=lea)
    overdue(escalated)
    escalation.chase()
    handoff.accept(escalated.pk, actor=lea)
    waiting.refresh_from_db()
    assert (waiting.queue, waiting.owner) == (world.queues.pr, lea)
    assert access_of(lea).can_act(waiting)
    escalated.refresh_from_db()
    assert escalated.acknowledged_by == lea
    assert not Grant.objects.filter(reason="handoff").exists()


def test_without_a_supervisor_it_climbs_to_the_administrators(world: World, escalated: Handoff) -> None:
    overdue(escalated)
    escalation.chase()
    assert Notice.objects.filter(user=world.ada).exists()


def test_a_supervisor_without_the_brand_is_not_told(world: World, escalated: Handoff) -> None:
    other = people.person("Ola Strand", brands=[world.brands.lumo])
    Membership.objects.create(user=other, team=world.teams.pr, role=Role.SUPERVISOR)
    overdue(escalated)
    escalation.chase()
    assert not Notice.objects.filter(user=other).exists()


def test_what_is_decided_is_not_chased(world: World, waiting: Conversation, escalated: Handoff) -> None:
    overdue(escalated)
    lifecycle.resolve(waiting.pk, actor=world.ana, disposition="expired")
    assert escalation.chase() == 0


def test_escalations_come_first_among_the_asks(world: World, waiting: Conversation, escalated: Handoff) -> None:
    from_before = Conversation.objects.get(pk=waiting.pk)
    later = people_conversation(world)
    plain = handoff.ask(later.pk, to=world.queues.pr, actor=world.ana, **WORDS)
    Handoff.objects.filter(pk=plain.pk).update(created_at=from_before.created_at - timedelta(days=1))
    assert selectors.asks_for(access_of(world.ben)) == [escalated, plain]


def people_conversation(world: World) -> Conversation:
    return talk.conversation(world.channels.northwind_x, world.queues.care)


def test_answering_returns_it_and_keeps_the_words(world: World, waiting: Conversation, escalated: Handoff) -> None:
    with pytest.raises(Invalid) as refusal:
        handoff.answer(escalated.pk, actor=world.ben, text="  ")
    assert refusal.value.fields.keys() == {"text"}
    with pytest.raises(Forbidden):
        handoff.answer(escalated.pk, actor=world.ana, text="Mine.")

    handoff.answer(escalated.pk, actor=world.ben, text="We are looking into it with the airport.")

    escalated.refresh_from_db()
    waiting.refresh_from_db()
    assert (escalated.state, escalated.answer) == ("answered", "We are looking into it with the airport.")
    assert (waiting.queue, waiting.owner) == (world.queues.care, world.ana)
    assert kinds_of(waiting)[-1] == "handoff.answered"
    assert Notice.objects.get(user=world.ana).kind == "handoff.answered"
    assert not Conversation.objects.visible_to(access_of(world.ben)).exists()


def test_every_hop_is_measured(world: World, escalated: Handoff) -> None:
    escalation.acknowledge(escalated.pk, actor=world.ben)
    handoff.accept(escalated.pk, actor=world.ben)
    escalated.refresh_from_db()
    assert escalated.created_at < escalated.acknowledged_at < escalated.decided_at


def test_acknowledging_at_once_has_one_winner(world: World, waiting: Conversation, escalated: Handoff) -> None:
    bea = people.person("Bea Okoro", teams=[world.teams.pr], brands=[world.brands.northwind])
    acts = (partial(escalation.acknowledge, escalated.pk, actor=who) for who in (world.ben, bea))
    won, lost = split(race(*acts))
    assert (len(won), [one.code for one in lost]) == (1, ["acknowledged"])
    assert kinds_of(waiting).count("handoff.acknowledged") == 1


def test_answering_and_accepting_at_once_have_one_winner(
    world: World, waiting: Conversation, escalated: Handoff
) -> None:
    bea = people.person("Bea Okoro", teams=[world.teams.pr], brands=[world.brands.northwind])
    won, lost = split(
        race(
            partial(handoff.accept, escalated.pk, actor=world.ben),
            partial(handoff.answer, escalated.pk, actor=bea, text="Say sorry."),
        )
    )
    assert (len(won), len(lost)) == (1, 1)
    waiting.refresh_from_db()
    escalated.refresh_from_db()
    assert (escalated.state, waiting.queue.name) in {("accepted", "PR"), ("answered", "Care")}


def test_escalating_at_once_has_one_winner(world: World, waiting: Conversation) -> None:
    acts = (
        partial(escalation.escalate, waiting.pk, to=queue, actor=world.ana, **WORDS)
        for queue in (world.queues.pr, world.queues.marketing)
    )
    won, lost = split(race(*acts))
    assert (len(won), [one.code for one in lost]) == (1, ["handoff_open"])


def test_two_workers_chase_once(world: World, waiting: Conversation, escalated: Handoff) -> None:
    overdue(escalated)
    assert sum(n for n in race(escalation.chase, escalation.chase) if isinstance(n, int)) == 1
    assert kinds_of(waiting).count("handoff.overdue") == 1


def test_chasing_and_acknowledging_at_once_leave_nothing_to_chase(
    world: World, waiting: Conversation, escalated: Handoff
) -> None:
    overdue(escalated)
    outcomes = race(escalation.chase, partial(escalation.acknowledge, escalated.pk, actor=world.ben))
    assert not split(outcomes)[1]
    escalated.refresh_from_db()
    assert escalated.acknowledged_by == world.ben
    assert escalated.chase_at is None


def test_the_other_half_has_a_conflict_after_the_decision(world: World, escalated: Handoff) -> None:
    handoff.accept(escalated.pk, actor=world.ben)
    bea = people.person("Bea Okoro", teams=[world.teams.pr], brands=[world.brands.northwind])
    with pytest.raises(Conflict):
        escalation.acknowledge(escalated.pk, actor=bea)
