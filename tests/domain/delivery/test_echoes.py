"""Our own answer also comes in by the own-posts stream: one message in every order, and nobody else's taken for it."""

from dataclasses import replace
from datetime import datetime

import pytest
from django.utils import timezone

from channels.contracts import InboundMessage
from inbox.advisory import SenderSession
from inbox.models.message import Message
from inbox.services import delivery, outcomes, replies, sending_queue, settlement
from inbox.services.delivery import Attempt, Posted
from tests.domain.delivery.stage import Stage, died, kinds
from tests.domain.delivery.test_settling import sending
from tests.racing import race, split

pytestmark = pytest.mark.django_db(transaction=True)


def outbound(conversation) -> list[Message]:
    return list(Message.objects.filter(conversation=conversation, direction="out").order_by("id"))


def own(stage: Stage, conversation, external_id: str, text: str = "It is on its way.") -> InboundMessage:
    """What the own-posts stream brings of a post that stands in the sandbox."""
    stands = datetime.fromisoformat(stage.sandbox.control("GET", f"posts/{external_id}")["created_at"])
    return replace(stage.own_post(conversation, text, external_id), posted_at=stands)


def test_first_the_receipt_then_the_stream(stage: Stage) -> None:
    conversation = stage.asked()
    sent = stage.submit(conversation)
    delivery.send_due()
    sent.refresh_from_db()
    stage.store_own(own(stage, conversation, sent.external_id, "@somebody It is on its way."))
    assert [row.delivery.pk for row in outbound(conversation)] == [sent.pk]
    assert "message.answered_elsewhere" not in kinds(conversation)


def test_first_the_stream_then_the_receipt(stage: Stage) -> None:
    conversation = stage.asked()
    sent, session = sending(stage, conversation)
    with session:
        receipt = stage.call(sent)
        stage.store_own(own(stage, conversation, receipt.external_id, "@somebody It is on its way."))
        assert "message.answered_elsewhere" not in kinds(conversation)
        assert outcomes.sent(Attempt(sent.pk, 1), receipt)
    (row,) = outbound(conversation)
    assert (row.delivery.pk, row.author_id, row.text) == (sent.pk, stage.world.ana.pk, "@somebody It is on its way.")


def test_the_stream_settles_what_was_unknown_before_any_look_up(stage: Stage, settings) -> None:
    settings.SEND_SETTLE_S = 3600
    conversation = stage.asked()
    stage.sandbox.fault("POST /2/tweets", "after_effect", times=1)
    sent = stage.submit(conversation)
    delivery.send_due()
    (post,) = stage.answers(conversation)
    stage.store_own(own(stage, conversation, post["id"]))
    sent.refresh_from_db()
    assert (sent.state, sent.external_id) == ("sent", post["id"])
    conversation.refresh_from_db()
    assert (conversation.status, conversation.waiting_since) == ("pending", None)


def test_stored_while_sending_then_the_outcome_is_unknown(stage: Stage) -> None:
    conversation = stage.asked()
    sent, session = sending(stage, conversation)
    with session:
        receipt = stage.call(sent)
        stage.store_own(own(stage, conversation, receipt.external_id))
        outcomes.unknown(Attempt(sent.pk, 1), code="outcome_unknown", error="It broke off.")
    sent.refresh_from_db()
    assert (sent.state, sent.external_id) == ("sent", receipt.external_id)
    assert "delivery.unknown" not in kinds(conversation)


def test_a_post_that_comes_after_a_person_was_asked_still_links(stage: Stage) -> None:
    conversation = stage.asked()
    sent, session = sending(stage, conversation)
    receipt = stage.call(sent)
    died(session)
    stage.sandbox.control("POST", "settings", {"timeline_lag": 3600})
    for _ in range(3):
        settlement.settle_due()
    sent.refresh_from_db()
    assert sent.state == "needs_human"
    replies.resend(sent.pk, actor=stage.world.ana)
    stage.store_own(own(stage, conversation, receipt.external_id))
    sent.refresh_from_db()
    assert sent.state == "sent"
    assert delivery.send_due() == 0
    assert len(stage.answers(conversation)) == 1


def test_answered_elsewhere_before_sending_asks_instead(stage: Stage, settings) -> None:
    conversation = stage.asked()
    sent = stage.submit(conversation, "From the desk.")
    stage.store_own(stage.own_post(conversation, "From the phone.", minute=10_000_000))
    delivery.send_due()
    sent.refresh_from_db()
    assert (sent.state, sent.error_code) == ("failed", "answered_elsewhere")
    assert stage.answers(conversation) == []
    assert kinds(conversation).count("message.answered_elsewhere") == 1
    replies.resend(sent.pk, actor=stage.world.ana)
    delivery.send_due()
    assert len(stage.answers(conversation)) == 1


def test_an_answer_from_a_phone_during_our_call_is_said_to_be_from_elsewhere(stage: Stage) -> None:
    conversation = stage.asked()
    sent, session = sending(stage, conversation, "From the desk.")
    with session:
        receipt = stage.call(sent)
        phone = stage.own_post(conversation, "From the phone.", minute=10_000_000)
        stage.store_own(phone)
        outcomes.sent(Attempt(sent.pk, 1), receipt)
    assert len(outbound(conversation)) == 2
    assert kinds(conversation).count("message.answered_elsewhere") == 1


def test_a_deleted_question_is_not_answered(stage: Stage) -> None:
    conversation = stage.asked()
    sent = stage.submit(conversation)
    Message.objects.filter(conversation=conversation).update(deleted_at=timezone.now())
    delivery.send_due()
    sent.refresh_from_db()
    assert (sent.state, sent.error_code) == ("failed", "message_deleted")


@pytest.mark.timeout(600)
def test_two_hundred_races_end_as_one_message_each(stage: Stage) -> None:
    """The sender's outcome against the stream that brings the same post, at the same instant."""
    for number in range(200):
        conversation = stage.local()
        sent = stage.submit(conversation, f"Answer {number}.")
        session = SenderSession()
        attempt = sending_queue.claim(session)
        post = stage.own_post(conversation, f"Answer {number}.", str(8_000_000_000 + number), minute=10_000_000)
        outcome = (
            (lambda a=attempt, p=post: outcomes.sent(a, Posted(p.external_id, None, p.posted_at)))
            if number % 2
            else (lambda a=attempt: outcomes.unknown(a, code="outcome_unknown", error="It broke off."))
        )
        _, lost = split(race(outcome, lambda p=post: stage.store_own(p)))
        died(session)
        assert lost == []
        sent.refresh_from_db()
        assert sent.state == "sent", number
        assert [row.delivery.pk for row in outbound(conversation)] == [sent.pk]
        assert "message.answered_elsewhere" not in kinds(conversation)
