"""From the text to exactly one post under the right message, and what each refusal of the network leads to."""

import pytest

from inbox.models.message import Message
from inbox.services import delivery, replies, settlement
from tests.domain.delivery.stage import Stage, kinds

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_answer_stands_once_under_its_message(stage: Stage) -> None:
    conversation = stage.asked()
    sent = stage.submit(conversation)
    assert sent.state == "held"
    assert delivery.send_due() == 1
    sent.refresh_from_db()
    assert sent.state == "sent"
    posts = stage.answers(conversation)
    assert [post["id"] for post in posts] == [sent.external_id]
    assert posts[0]["author"]["id"] == stage.channel.external_id
    message = Message.objects.get(external_id=sent.external_id)
    assert (message.conversation_id, message.direction, message.author_id) == (
        conversation.pk,
        "out",
        stage.world.ana.pk,
    )
    assert message.in_reply_to == stage.question(conversation).external_id


def test_sent_makes_it_the_contacts_turn_and_never_before(stage: Stage) -> None:
    conversation = stage.asked()
    stage.submit(conversation)
    conversation.refresh_from_db()
    assert conversation.status == "open"
    assert conversation.waiting_since is not None
    delivery.send_due()
    conversation.refresh_from_db()
    assert conversation.status == "pending"
    assert conversation.waiting_since is None
    assert conversation.answered_at is not None
    assert conversation.owner_id == stage.world.ana.pk
    assert conversation.cases.get().first_answer_at is not None


def test_with_resolve_the_case_closes_when_it_is_sent(stage: Stage) -> None:
    conversation = stage.asked()
    stage.submit(conversation, resolve_as="answered")
    delivery.send_due()
    conversation.refresh_from_db()
    assert conversation.status == "resolved"
    assert conversation.cases.get().disposition == "answered"


def test_nothing_leaves_during_the_hold(stage: Stage, settings) -> None:
    settings.SEND_HOLD_S = 60
    conversation = stage.asked()
    held = stage.submit(conversation)
    assert delivery.send_due() == 0
    replies.cancel(held.pk, actor=stage.world.ana)
    assert stage.answers(conversation) == []
    assert conversation.drafts.get(user=stage.world.ana, mode="public").text == "It is on its way."


@pytest.mark.parametrize("kind", ["429", "5xx", "timeout", "reset", "truncated", "malformed", "after_effect"])
def test_whatever_the_network_does_one_answer_arrives(stage: Stage, kind: str) -> None:
    """A fault at the call that posts, then a person's resend where the machine must not decide."""
    conversation = stage.asked()
    stage.sandbox.fault("POST /2/tweets", kind, times=1, retry_after=600, seconds=1)
    sent = stage.submit(conversation)
    delivery.send_due()
    sent.refresh_from_db()
    if kind == "429":
        assert (sent.state, sent.error_code) == ("queued", "rate_limited")
        return
    assert sent.state == "unknown"
    conversation.refresh_from_db()
    assert conversation.waiting_since is not None
    settlement.settle_due()
    settlement.settle_due()
    sent.refresh_from_db()
    if sent.state == "needs_human":
        assert kind in ("5xx", "timeout", "reset")
        assert stage.answers(conversation) == []
        replies.resend(sent.pk, actor=stage.world.ana)
        delivery.send_due()
        sent.refresh_from_db()
    assert sent.state == "sent"
    assert [post["id"] for post in stage.answers(conversation)] == [sent.external_id]


def test_a_refusal_fails_with_the_networks_words(stage: Stage) -> None:
    conversation = stage.asked()
    question = stage.question(conversation)
    stage.sandbox.control("DELETE", f"posts/{question.external_id}")
    sent = stage.submit(conversation)
    delivery.send_due()
    sent.refresh_from_db()
    assert sent.state == "failed"
    assert sent.error.startswith("X refused the answer: ")
    conversation.refresh_from_db()
    assert (conversation.status, conversation.waiting_since is not None) == ("open", True)
    assert kinds(conversation)[-1] == "delivery.failed"


def test_a_failure_after_resolving_opens_it_again(stage: Stage) -> None:
    from inbox.services import lifecycle

    conversation = stage.asked()
    stage.sandbox.control("DELETE", f"posts/{stage.question(conversation).external_id}")
    stage.submit(conversation)
    lifecycle.resolve(conversation.pk, actor=stage.world.ana, disposition="answered")
    delivery.send_due()
    conversation.refresh_from_db()
    assert (conversation.status, conversation.waiting_since is not None) == ("open", True)
    assert conversation.cases.get().resolved_at is None
    assert "conversation.reopened" in kinds(conversation)


def test_a_dead_token_waits_for_reconnecting_and_loses_nothing(stage: Stage) -> None:
    conversation = stage.asked()
    stage.sandbox.control("POST", "revoke", {"account": stage.channel.external_id})
    sent = stage.submit(conversation)
    delivery.send_due()
    sent.refresh_from_db()
    stage.channel.refresh_from_db()
    assert (sent.state, stage.channel.status) == ("queued", "needs_reconnect")
    assert delivery.send_due() == 0
    stage.sandbox.control("POST", "reissue", {"account": stage.channel.external_id})
    stage.connect(stage.channel)
    stage.channel.status = "active"
    stage.channel.save()
    assert delivery.send_due() == 1
    sent.refresh_from_db()
    assert sent.state == "sent"
