"""What is put right goes where it belongs, as long as nobody has it; else "Why is this here" says so."""

import pytest
from django.db import transaction

from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.models.work import ConversationEvent
from inbox.services import ownership
from routing.models.decision import Decision
from routing.models.notice import Notice
from routing.selectors import why
from routing.services import corrections, deciding, handoff, right
from tests.domain.routing.rules.kit import NEGATIVE, Doing
from tests.domain.triage.stored import judged
from tests.personas import World
from tests.racing import race

KIND, MOOD = {"kind": "complaint"}, {"sentiment": "negative"}


@pytest.fixture
def stored(world: World) -> Message:
    """A message in Care that triage reads as praise; who is angry belongs to PR."""
    Doing(world.ada).rule(NEGATIVE, name="Angry to PR", queue=world.queues.pr.pk, notify=[world.ben.pk])
    (row,) = judged(world.channels.northwind_x, "what a wonderful way to lose a bag")
    Conversation.objects.filter(pk=row.conversation_id).update(queue=world.queues.care)
    with transaction.atomic():
        deciding.decide_all([row.pk], {row.pk: right.verdicts_of(row.triage.get())})
    assert queue_of(row) == world.queues.care.pk
    return row


def queue_of(row: Message) -> int:
    return Conversation.objects.get(pk=row.conversation_id).queue_id


def held(row: Message) -> list[str]:
    return list(Decision.objects.filter(message=row, again__gt=0).order_by("again").values_list("held", flat=True))


def said(row: Message) -> list[str]:
    return [one.sentence for one in why.reasons(row.conversation_id) if one.kind == "held"]


def test_it_goes_where_it_belongs_and_says_why(world: World, stored: Message) -> None:
    corrections.correct_all(stored.pk, MOOD, actor=world.ana)
    assert queue_of(stored) == world.queues.pr.pk
    decision = Decision.objects.get(message=stored, again=1)
    assert (decision.facts["se"], decision.held) == ("negative", "")
    event = ConversationEvent.objects.get(conversation=stored.conversation_id, kind="conversation.moved")
    assert "put it into PR" in event.data["why"]
    assert any(one.kind == "rule" and one.label == "Angry to PR" for one in why.reasons(stored.conversation_id))


def test_the_same_word_twice_asks_once(world: World, stored: Message) -> None:
    for _ in range(2):
        corrections.correct_all(stored.pk, MOOD, actor=world.ada)
    assert held(stored) == [""]
    assert Notice.objects.filter(kind="rule.notified").count() == 1


def test_each_new_word_asks_again_and_tells_nobody_twice(world: World, stored: Message) -> None:
    for mood in ("negative", "neutral", "negative"):
        corrections.correct_all(stored.pk, {"sentiment": mood}, actor=world.ada)
    assert len(held(stored)) == 3
    assert Notice.objects.filter(kind="rule.notified").count() == 1


def test_two_labels_at_once_ask_once(world: World, stored: Message) -> None:
    corrections.correct_all(stored.pk, {**MOOD, **KIND}, actor=world.ana)
    assert held(stored) == [""]


def test_what_somebody_has_stays(world: World, stored: Message) -> None:
    ownership.claim(stored.conversation_id, actor=world.ana)
    corrections.correct_all(stored.pk, MOOD, actor=world.ana)
    assert (queue_of(stored), held(stored)) == (world.queues.care.pk, ["owned"])
    assert said(stored) == ["By what was put right it would now go to PR; it stays: somebody has it."]


def test_what_was_handed_over_stays(world: World, stored: Message) -> None:
    handoff.ask(stored.conversation_id, to=world.queues.marketing, reason="Press", ask="Look", actor=world.ana)
    corrections.correct_all(stored.pk, MOOD, actor=world.ana)
    assert held(stored) == ["by_hand"]


def test_an_older_message_moves_nothing(world: World, stored: Message) -> None:
    newer = Message.objects.get(pk=stored.pk)
    newer.pk, newer.external_id = None, "9000"
    newer.save(force_insert=True)
    corrections.correct_all(stored.pk, MOOD, actor=world.ana)
    assert (queue_of(stored), held(stored)) == (world.queues.care.pk, [])


def test_before_triage_has_seen_it_nothing_is_asked(world: World, stored: Message) -> None:
    stored.triage.all().delete()
    assert right.verdicts_now(stored.pk) is None
    corrections.correct_all(stored.pk, MOOD, actor=world.ana)
    assert held(stored) == []


def test_a_correction_and_a_claim_at_the_same_instant(world: World, stored: Message) -> None:
    """Either it is hers and stays, or it has gone to PR and nobody has it: never hers in a queue that is not."""
    race(
        lambda: corrections.correct_all(stored.pk, MOOD, actor=world.ada),
        lambda: ownership.claim(stored.conversation_id, actor=world.ana),
    )
    row = Conversation.objects.get(pk=stored.conversation_id)
    stays = (row.queue_id, row.owner_id, held(stored)) == (world.queues.care.pk, world.ana.pk, ["owned"])
    goes = (row.queue_id, row.owner_id, held(stored)) == (world.queues.pr.pk, None, [""])
    assert stays != goes
