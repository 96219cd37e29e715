"""Private answers: into the exchange that exists, and settled by their words."""

from dataclasses import replace
from datetime import datetime

import pytest

from core.errors import Invalid
from inbox.models.conversation import Conversation, ConversationLink
from inbox.models.message import Message
from inbox.services import delivery, outcomes, replies, settlement
from inbox.services.delivery import Attempt, Posted
from tests.domain.delivery.stage import Stage, kinds
from tests.domain.delivery.test_settling import sending
from tests.factories import pages, talk

pytestmark = pytest.mark.django_db(transaction=True)


def whispered(stage: Stage, text: str = "Booking code in private.") -> Conversation:
    """Somebody writes a direct message; the conversation as ingest stores it."""
    post = {"network": "x", "author": {"handle": "tess"}, "text": text, "to": stage.channel.handle, "private": True}
    post_id = stage.sandbox.control("POST", "posts", [post])["posts"][0]["id"]
    made = stage.sandbox.control("GET", f"posts/{post_id}")
    profile = talk.profile(external_id=made["author"]["id"], handle="tess")
    row = talk.conversation(stage.channel, stage.world.queues.care, profile=profile)
    Conversation.objects.filter(pk=row.pk).update(thread=None, thread_key=f"dm:{made['conversation_id']}")
    Message.objects.filter(conversation=row).update(external_id=post_id, visibility="private", thread=None)
    row.refresh_from_db()
    return row


def said(stage: Stage) -> list[str]:
    """Our direct messages in the sandbox."""
    posts = stage.sandbox.control("GET", "posts", network="x", author=stage.channel.external_id)["posts"]
    return [post["text"] for post in posts if post["private"]]


def test_a_direct_message_is_answered_in_its_exchange(stage: Stage) -> None:
    conversation = whispered(stage)
    sent = stage.submit(conversation, "We found it.", visibility="private")
    delivery.send_due()
    sent.refresh_from_db()
    assert sent.state == "sent"
    assert said(stage) == ["We found it."]
    message = Message.objects.get(external_id=sent.external_id)
    assert (message.visibility, message.in_reply_to) == ("private", "")
    conversation.refresh_from_db()
    assert conversation.status == "pending"


def test_a_direct_message_is_never_answered_in_public(stage: Stage) -> None:
    with pytest.raises(Invalid) as refused:
        stage.submit(whispered(stage), visibility="public")
    assert "visibility" in refused.value.fields


@pytest.mark.parametrize("arrived", [True, False])
def test_an_unknown_direct_message_is_found_by_its_words(stage: Stage, arrived: bool) -> None:
    conversation = whispered(stage)
    stage.sandbox.fault("POST /2/dm_conversations/*", "after_effect" if arrived else "reset", times=1)
    sent = stage.submit(conversation, "We found it & keep it <safe>.", visibility="private")
    delivery.send_due()
    for _ in range(2):
        settlement.settle_due()
    sent.refresh_from_db()
    assert sent.state == ("sent" if arrived else "needs_human")
    assert len(said(stage)) == int(arrived)
    if not arrived:
        replies.resend(sent.pk, actor=stage.world.ana)
        delivery.send_due()
        assert len(said(stage)) == 1


def test_our_direct_message_that_comes_in_by_the_stream_is_linked(stage: Stage) -> None:
    conversation = whispered(stage)
    sent, session = sending_private(stage, conversation)
    with session:
        receipt = stage.call(sent)
        person = pages.person(conversation.profile.external_id)
        stands = datetime.fromisoformat(stage.sandbox.control("GET", f"posts/{receipt.external_id}")["created_at"])
        echo = pages.private(
            receipt.external_id, by=pages.account(stage.channel), root=conversation.thread_key[3:], text="We found it."
        )
        stage.store_own(replace(echo, posted_at=stands, recipient=person))
        outcomes.sent(Attempt(sent.pk, 1), receipt)
    (row,) = Message.objects.filter(conversation=conversation, direction="out")
    assert row.delivery.pk == sent.pk
    assert "message.answered_elsewhere" not in kinds(conversation)


def sending_private(stage: Stage, conversation: Conversation):
    return sending(stage, conversation, "We found it.", visibility="private")


def test_a_private_answer_to_a_public_message_begins_a_linked_exchange(stage: Stage) -> None:
    """As Facebook's private replies do; the network names the exchange in its receipt."""
    public = stage.local()
    sent, session = sending(stage, public)
    sent.visibility = "private"
    sent.save(update_fields=["visibility"])
    with session:
        posted = Posted("m_1", None, sent.sending_at, exchange="t_77")
        assert outcomes.sent(Attempt(sent.pk, 1), posted)
    link = ConversationLink.objects.get(public=public)
    assert link.private.thread_key == "dm:t_77"
    assert (link.private.profile_id, link.private.owner_id) == (public.profile_id, stage.world.ana.pk)
    assert Message.objects.get(external_id="m_1").conversation_id == link.private_id
    assert "conversation.linked" in kinds(public)
    public.refresh_from_db()
    assert (public.status, public.waiting_since) == ("pending", None)
    link.private.refresh_from_db()
    assert link.private.last_message is not None
