"""How quickly desks answer each other: counted by pair of queues, kept within what somebody reads."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inbox.models.conversation import Conversation
from inbox.policies import access_of
from routing.models.content import ContentAsk
from routing.models.handoff import Handoff
from routing.selectors.hops import hops
from routing.services import asks, escalation, handoff
from tests.factories import talk
from tests.personas import World

pytestmark = pytest.mark.django_db(transaction=True)


def handed(world: World, seconds: int | None, state: str = Handoff.State.ACCEPTED) -> Handoff:
    """Care asked PR an hour ago; decided after so many seconds, or not yet."""
    row = handoff.ask(talk_in_care(world).pk, to=world.queues.pr, actor=world.omar, reason="Yours?")
    asked_at = timezone.now() - timedelta(hours=1)
    decided = {} if seconds is None else {"decided_at": asked_at + timedelta(seconds=seconds), "state": state}
    Handoff.objects.filter(pk=row.pk).update(
        created_at=asked_at, decided_by=None if seconds is None else world.ben, **decided
    )
    return row


def talk_in_care(world: World) -> Conversation:
    return talk.conversation(world.channels.northwind_x, world.queues.care)


def test_what_was_decided_is_measured_and_what_was_taken_back_is_not(world: World) -> None:
    for seconds in (10, 20, 30):
        handed(world, seconds)
    handed(world, 40, Handoff.State.DECLINED)
    handed(world, 3000, Handoff.State.WITHDRAWN)
    handed(world, None)

    (hop,) = hops(access_of(world.omar))

    assert (hop.kind, hop.from_queue, hop.to_queue) == ("handoff", world.queues.care.name, world.queues.pr.name)
    assert (hop.asked, hop.open, hop.accepted, hop.declined, hop.withdrawn, hop.answered) == (6, 1, 3, 1, 1, 0)
    assert (hop.acknowledged_s, hop.decided_s, hop.slow_s) == (None, 25, pytest.approx(37))


def test_escalations_and_content_have_lines_of_their_own(world: World) -> None:
    words = {"reason": "Quoted.", "summary": "", "ask": ""}
    row = escalation.escalate(
        talk_in_care(world).pk, to=world.queues.pr, actor=world.omar, within=15, urgency=1, **words
    )
    escalation.acknowledge(row.pk, actor=world.ben)
    Handoff.objects.update(acknowledged_at=Handoff.objects.get().created_at + timedelta(seconds=7))
    asked = asks.ask(talk_in_care(world).pk, to=world.queues.marketing, actor=world.omar, ask="A picture.")
    asks.answer(asked.pk, actor=world.mia, text="Here.")
    ContentAsk.objects.update(decided_at=ContentAsk.objects.get().created_at + timedelta(seconds=90))

    content, urgent = hops(access_of(world.omar))

    assert (content.kind, content.answered, content.decided_s) == ("content", 1, 90)
    assert (urgent.kind, urgent.open, urgent.acknowledged_s, urgent.decided_s) == ("escalation", 1, 7, None)
    assert [hop.kind for hop in hops(access_of(world.mia))] == ["content"]


def test_only_ones_own_queues_brands_and_days_count(world: World) -> None:
    handed(world, 10)
    assert len(hops(access_of(world.ben))) == 1
    assert hops(access_of(world.mia)) == []
    assert hops(access_of(world.zoe)) == []
    world.omar.brands.set([world.brands.lumo])
    assert hops(access_of(world.omar)) == []
    Handoff.objects.update(created_at=timezone.now() - timedelta(days=5))
    assert hops(access_of(world.ben), days=4) == []
    assert len(hops(access_of(world.ben), days=6)) == 1
