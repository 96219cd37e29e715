"""The same road on a Facebook page: comments, private replies to them, hiding."""

import uuid
from typing import Any

import pytest

from channels.contracts import StreamKind
from core.errors import Invalid
from inbox.models.conversation import Conversation, ConversationLink
from inbox.models.message import Message
from inbox.services import delivery, moderation, replies, settlement
from tests.domain.channels import kit
from tests.domain.delivery.stage import Stage, kinds
from tests.factories import pages, talk
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(stage: Stage, settings: Any) -> Any:
    """Northwind's page, connected."""
    settings.FACEBOOK_GRAPH_URL = f"{stage.sandbox.base_url}/graph"
    channel = stage.world.channels.northwind_facebook
    given = stage.sandbox.brand("northwindair", "facebook", id=channel.external_id)["credentials"]
    return kit.give_keys(channel, {key: given[key] for key in ("page_access_token", "app_id", "app_secret")})


def commented(stage: Stage, page: Any) -> Conversation:
    """Somebody comments under a post of the page; the conversation as ingest stores it."""
    say = {"network": "facebook", "to": page.handle}
    post = {**say, "author": {"id": page.external_id}, "text": "New routes!"}
    root = stage.sandbox.control("POST", "posts", [post])["posts"][0]["id"]
    comment = {**say, "author": {"handle": f"p{uuid.uuid4().hex[:8]}"}, "text": "My bag?", "in_reply_to": root}
    made = stage.sandbox.control("GET", f"posts/{stage.sandbox.control('POST', 'posts', [comment])['posts'][0]['id']}")
    profile = talk.profile("facebook", external_id=made["author"]["id"], id_scope=page.external_id)
    row = talk.conversation(page, stage.world.queues.care, profile=profile)
    Conversation.objects.filter(pk=row.pk).update(thread_key=f"post:{root}")
    Message.objects.filter(conversation=row).update(external_id=made["id"], in_reply_to=root)
    row.refresh_from_db()
    return row


def answers(stage: Stage, conversation: Conversation) -> list[dict[str, Any]]:
    target = stage.question(conversation).external_id
    return stage.sandbox.control("GET", "posts", network="facebook", in_reply_to=target)["posts"]


@pytest.mark.parametrize("fault", ["", "after_effect", "reset"])
def test_a_comment_is_answered_once(stage: Stage, page: Any, fault: str) -> None:
    conversation = commented(stage, page)
    if fault:
        stage.sandbox.fault("POST /graph/*/comments", fault, times=1)
    sent = stage.submit(conversation)
    delivery.send_due()
    for _ in range(2):
        settlement.settle_due()
    sent.refresh_from_db()
    if fault == "reset":
        assert sent.state == "needs_human"
        replies.resend(sent.pk, actor=stage.world.ana)
        delivery.send_due()
        sent.refresh_from_db()
    assert sent.state == "sent"
    assert [post["id"] for post in answers(stage, conversation)] == [sent.external_id]


def test_a_comment_is_answered_in_private_once(stage: Stage, page: Any) -> None:
    conversation = commented(stage, page)
    sent = stage.submit(conversation, "Tell us your booking code.", visibility="private")
    delivery.send_due()
    sent.refresh_from_db()
    assert sent.state == "sent"
    assert answers(stage, conversation) == []
    with pytest.raises(Invalid) as refused:
        stage.submit(conversation, "And your name.", visibility="private")
    assert "one private answer" in refused.value.message


def test_the_exchange_that_a_private_answer_begins_is_linked_when_the_person_writes(stage: Stage, page: Any) -> None:
    conversation = commented(stage, page)
    sent = stage.submit(conversation, "Tell us your booking code.", visibility="private")
    delivery.send_due()
    person = pages.person(conversation.profile.external_id, scope=page.external_id)
    reply = pages.private("m_9", by=person, root="t_9", text="It is X7.", minute=10_000_000)
    pages.store(page, reply, stream=StreamKind.PAGE_MESSAGES)
    private = ConversationLink.objects.get(public=conversation).private
    assert private.thread_key == "dm:t_9"
    sent.refresh_from_db()
    assert sent.message is not None
    assert sent.message.conversation_id == private.pk
    assert list(private.messages.order_by("posted_at").values_list("direction", flat=True)) == ["out", "in"]
    assert "conversation.linked" in kinds(conversation)


def test_two_who_hide_a_comment_at_once_are_one_event(stage: Stage, page: Any) -> None:
    question = stage.question(commented(stage, page))
    race(*[lambda: moderation.hide(question.pk, actor=stage.world.ana)] * 2)
    assert kinds(question.conversation).count("message.hidden") == 1


def test_a_comment_is_hidden_and_shown_again(stage: Stage, page: Any) -> None:
    question = stage.question(commented(stage, page))
    moderation.hide(question.pk, actor=stage.world.ana)
    assert stage.sandbox.control("GET", f"posts/{question.external_id}")["hidden"]
    moderation.hide(question.pk, actor=stage.world.ana, hidden=False)
    assert not stage.sandbox.control("GET", f"posts/{question.external_id}")["hidden"]
    question.refresh_from_db()
    assert question.hidden_at is None
