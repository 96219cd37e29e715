"""Dead senders, look-ups, and when a person is asked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inbox.advisory import SenderSession
from inbox.models.message import Message
from inbox.models.work import Delivery
from inbox.services import delivery, outcomes, replies, sending_queue, settlement
from tests.domain.delivery.stage import Stage, died, kinds
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


def sending(
    stage: Stage, conversation, text: str = "It is on its way.", **more: object
) -> tuple[Delivery, SenderSession]:
    """A sender that has claimed and not called yet, alive."""
    sent = stage.submit(conversation, text, **more)
    session = SenderSession()
    attempt = sending_queue.claim(session)
    assert attempt is not None
    assert attempt.delivery_id == sent.pk
    sent.refresh_from_db()
    return sent, session


def test_the_claim_is_committed_with_account_fence_and_time(stage: Stage) -> None:
    sent, session = sending(stage, stage.asked())
    with session:
        assert (sent.state, sent.attempt, sent.fence) == ("sending", 1, 1)
        assert sent.account_external_id == stage.channel.external_id
        assert sent.sending_at is not None
        assert len(sent.body_hash) == 64


def test_a_living_sender_is_left_alone_however_long_it_takes(stage: Stage) -> None:
    sent, session = sending(stage, stage.asked())
    with session:
        Delivery.objects.filter(pk=sent.pk).update(sending_at=timezone.now() - timedelta(hours=3))
        assert settlement.settle_due() == 0
        sent.refresh_from_db()
        assert sent.state == "sending"


def test_the_clock_runs_from_finding_the_sender_dead_and_not_from_the_claim(stage: Stage, settings) -> None:
    settings.SEND_SETTLE_S = 3600
    sent, session = sending(stage, stage.asked())
    Delivery.objects.filter(pk=sent.pk).update(sending_at=timezone.now() - timedelta(hours=3))
    died(session)
    before = timezone.now()
    settlement.settle_due()
    sent.refresh_from_db()
    assert sent.state == "unknown"
    assert sent.settle_from is not None
    assert sent.settle_from >= before - timedelta(seconds=1)
    stage.sandbox.control("DELETE", "calls")
    settlement.settle_due()
    sent.refresh_from_db()
    assert (sent.state, sent.reads) == ("unknown", 0)
    assert stage.sandbox.control("GET", "calls")["total"] == 0


def test_a_restart_of_postgresql_begins_the_settle_time_anew(stage: Stage, settings) -> None:
    """All locks are free then, and a sender may still be on its way: here the server started a moment ago."""
    sent, session = sending(stage, stage.asked())
    died(session)
    settlement.settle_due()
    settings.SEND_SETTLE_S = 1800
    old = timezone.now() - timedelta(hours=3)
    Delivery.objects.filter(pk=sent.pk).update(settle_from=old, send_at=old, reads=0, state="unknown")
    settlement.settle_due()
    sent.refresh_from_db()
    assert (sent.state, sent.reads) == ("unknown", 0)


def test_absent_twice_asks_a_person_who_resends_with_one_click(stage: Stage) -> None:
    conversation = stage.asked()
    sent, session = sending(stage, conversation)
    died(session)
    settlement.settle_due()
    sent.refresh_from_db()
    assert sent.state in ("unknown", "needs_human")
    settlement.settle_due()
    settlement.settle_due()
    sent.refresh_from_db()
    assert (sent.state, sent.reads) == ("needs_human", 2)
    conversation.refresh_from_db()
    assert conversation.waiting_since is not None
    assert "delivery.needs_human" in kinds(conversation)
    replies.resend(sent.pk, actor=stage.world.ana)
    delivery.send_due()
    sent.refresh_from_db()
    assert (sent.state, sent.fence) == ("sent", 2)
    assert len(stage.answers(conversation)) == 1


def test_the_second_look_up_waits_for_the_gap(stage: Stage, settings) -> None:
    settings.SEND_READ_GAP_S = 3600
    sent, session = sending(stage, stage.asked())
    died(session)
    for _ in range(4):
        settlement.settle_due()
    sent.refresh_from_db()
    assert (sent.state, sent.reads) == ("unknown", 1)


@pytest.mark.parametrize("kind", ["429", "5xx", "reset", "truncated", "malformed"])
def test_a_look_up_that_fails_is_none(stage: Stage, kind: str) -> None:
    sent, session = sending(stage, stage.asked())
    died(session)
    stage.sandbox.fault("GET /2/users/*/tweets", kind, rate=1.0)
    for _ in range(4):
        Delivery.objects.filter(pk=sent.pk).update(send_at=timezone.now() - timedelta(seconds=1))
        settlement.settle_due()
    sent.refresh_from_db()
    assert (sent.state, sent.reads) == ("unknown", 0)
    assert stage.sandbox.control("GET", "faults")["fired"][kind] >= 2


def test_lag_of_the_own_timeline_is_waited_for(stage: Stage) -> None:
    """The post is there and the timeline does not show it: the first look-up misses it, the second does not."""
    conversation = stage.asked()
    stage.sandbox.control("POST", "settings", {"timeline_lag": 3600})
    stage.sandbox.fault("POST /2/tweets", "after_effect", times=1)
    sent = stage.submit(conversation)
    delivery.send_due()
    settlement.settle_due()
    sent.refresh_from_db()
    assert (sent.state, sent.reads) == ("unknown", 1)
    stage.sandbox.control("POST", "settings", {"timeline_lag": 0})
    settlement.settle_due()
    sent.refresh_from_db()
    assert sent.state == "sent"
    assert sent.external_id == stage.answers(conversation)[0]["id"]


def test_another_answer_of_ours_is_not_mistaken_for_the_lost_one(stage: Stage) -> None:
    conversation = stage.asked()
    first = stage.submit(conversation, "First.")
    delivery.send_due()
    lost, session = sending(stage, conversation, "Second.", second=True)
    died(session)
    for _ in range(3):
        settlement.settle_due()
    lost.refresh_from_db()
    first.refresh_from_db()
    assert (first.state, lost.state) == ("sent", "needs_human")


def test_settlers_and_a_late_receipt_have_one_winner(stage: Stage) -> None:
    """The sender's session broke while its call went through: its receipt is still believed, once."""
    for number in range(5):
        conversation = stage.asked()
        sent, session = sending(stage, conversation, f"Answer {number}.")
        receipt = stage.call(sent)
        died(session)
        settlement.settle_due()
        race(
            settlement.settle_due,
            settlement.settle_due,
            lambda pk=sent.pk, posted=receipt: outcomes.sent(delivery.Attempt(pk, 1), posted),
        )
        sent.refresh_from_db()
        assert sent.state == "sent"
        assert kinds(conversation).count("delivery.sent") == 1
        assert Message.objects.filter(conversation=conversation, direction="out").count() == 1


def test_a_zombie_writes_nothing_over_a_later_attempt(stage: Stage) -> None:
    sent, session = sending(stage, stage.asked())
    died(session)
    for _ in range(3):
        settlement.settle_due()
    replies.resend(sent.pk, actor=stage.world.ana)
    delivery.send_due()
    assert not outcomes.failed(delivery.Attempt(sent.pk, 1), code="late", error="Late.")
    assert not outcomes.unknown(delivery.Attempt(sent.pk, 1), code="late", error="Late.")
    sent.refresh_from_db()
    assert (sent.state, sent.fence) == ("sent", 2)


def test_many_senders_claim_each_answer_once(stage: Stage) -> None:
    conversations = [stage.asked() for _ in range(12)]
    for number, conversation in enumerate(conversations):
        stage.submit(conversation, f"Answer {number}.")
    made = race(*[delivery.send_due] * 4)
    assert sum(n for n in made if isinstance(n, int)) == 12
    assert all(len(stage.answers(conversation)) == 1 for conversation in conversations)
    assert set(Delivery.objects.values_list("state", "attempt")) == {("sent", 1)}
