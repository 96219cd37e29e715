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
from routing.services import corrections, deciding, handoff, pipeline, right, samples, taking_in
from tests.domain.routing.rules.kit import NEGATIVE, Doing, ask
from tests.domain.triage.stored import judged, messages
from tests.personas import World
from tests.racing import race, split

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


def test_urgency_is_put_right_and_gives_the_priority_of_the_rules(world: World, stored: Message) -> None:
    Doing(world.ada).rule(ask("urgency", ["now"]), name="Danger first", priority=1)
    corrections.correct_all(stored.pk, {"urgency": "now"}, actor=world.ana)
    assert Conversation.objects.get(pk=stored.conversation_id).priority == Conversation.Priority.URGENT
    told = ConversationEvent.objects.get(conversation=stored.conversation_id, kind="triage.corrected")
    assert (told.data["label"], told.data["old"], told.data["new"]) == ("urgency", "none", "Now")
    (shown,) = [one for one in why.reasons(stored.conversation_id)[:6] if one.code == "urgency"]
    assert (shown.value, shown.corrected, set(shown.choices)) == ("now", "", {"none", "soon"})


def test_beside_what_triage_saw_stands_what_was_put_right(world: World, stored: Message) -> None:
    ownership.claim(stored.conversation_id, actor=world.ana)
    corrections.correct_all(stored.pk, MOOD, actor=world.ana)
    moods = [(one.value, one.corrected) for one in why.reasons(stored.conversation_id) if one.code == "sentiment"]
    assert moods == [("negative", ""), ("positive", "Negative")]


def test_what_the_sample_puts_right_is_asked_again_as_well(world: World, stored: Message) -> None:
    samples.draw()
    samples.decide(stored.sample.pk, changed=MOOD, actor=world.ana)
    assert queue_of(stored) == world.queues.pr.pk
    assert dict(stored.corrections.values_list("label", "value")) == MOOD
    assert held(stored) == [""]


def test_what_the_sample_confirms_asks_nobody(world: World, stored: Message) -> None:
    samples.draw()
    assert samples.decide(stored.sample.pk, changed={}, actor=world.ana).state == "confirmed"
    assert (held(stored), stored.corrections.count()) == ([], 0)


def test_the_newest_word_counts_where_the_sample_contradicts_a_correction(world: World, stored: Message) -> None:
    samples.draw()
    corrections.correct_all(stored.pk, KIND, actor=world.ana)
    samples.decide(stored.sample.pk, changed={"kind": "question"}, actor=world.ana)
    assert stored.corrections.get().value == "question"
    assert held(stored) == ["", ""]


def test_who_may_only_read_says_what_is_true_and_moves_nothing(world: World, stored: Message) -> None:
    samples.draw()
    handoff.ask(stored.conversation_id, to=world.queues.marketing, reason="Press", ask="Look", actor=world.ana)
    assert samples.decide(stored.sample.pk, changed=MOOD, actor=world.mia).state == "corrected"
    assert (held(stored), stored.corrections.count()) == ([], 0)


@pytest.fixture
def unseen(world: World) -> Message:
    """A message that waits for triage, which will read it as praise; who is angry belongs to PR."""
    Doing(world.ada).rule(NEGATIVE, name="Angry to PR", queue=world.queues.pr.pk)
    (row,) = messages(world.channels.northwind_x, "what a wonderful way to lose a bag")
    return row


def test_what_was_put_right_before_triage_saw_it_counts_and_is_routed(world: World, unseen: Message) -> None:
    corrections.correct_all(unseen.pk, {**MOOD, "language": "de"}, actor=world.ana)
    assert right.verdicts_now(unseen.pk) is None
    assert pipeline.take_in(taking_in.route) == 1
    assert queue_of(unseen) == world.queues.pr.pk
    decision = Decision.objects.get(message=unseen)
    assert (decision.again, decision.facts["se"], decision.facts["la"]) == (0, "negative", "de")
    assert unseen.triage.get().sentiment == "positive"


def test_a_correction_and_triage_at_the_same_instant(world: World, unseen: Message) -> None:
    """Whoever is first: a person's word stands, and by it the message is routed once."""
    outcomes = race(
        lambda: corrections.correct_all(unseen.pk, MOOD, actor=world.ada),
        lambda: pipeline.take_in(taking_in.route),
    )
    assert split(outcomes)[1] == []
    assert queue_of(unseen) == world.queues.pr.pk
    last = Decision.objects.filter(message=unseen).order_by("-again").first()
    assert last is not None
    assert last.facts["se"] == "negative"
    assert ConversationEvent.objects.filter(conversation=unseen.conversation_id, kind="conversation.moved").count() == 1


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
