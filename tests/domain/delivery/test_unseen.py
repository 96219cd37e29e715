"""What the contact writes while an answer is on its way has no answer: who gave it could not know of it."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from inbox.advisory import SenderSession
from inbox.attempts import Attempt
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.models.work import Delivery
from inbox.policies import access_of
from inbox.selectors.parts import parts_of
from inbox.selectors.stream import stream_of
from inbox.services import delivery, lifecycle, moderation, outcomes, replies, sending_queue, settlement
from routing.services import sla
from tests.domain.delivery.stage import Stage, kinds
from tests.domain.delivery.test_echoes import own
from tests.domain.delivery.test_parts import SENTENCE
from tests.domain.delivery.test_settling import sending
from tests.domain.targets.stage import assert_sound, clock, policy
from tests.factories import pages
from tests.racing import DEADLINE_S, race

pytestmark = pytest.mark.django_db(transaction=True)


def writes(stage: Stage, conversation: Conversation, text: str = "And my pram!", *, at: datetime) -> Message:
    """The contact goes on below the own question, as it is polled now."""
    question = stage.question(conversation)
    by = pages.person(conversation.profile.external_id, handle=conversation.profile.handle)
    fields = {
        "in_reply_to": question.external_id,
        "root": question.external_id,
        "mentions": (stage.channel.external_id,),
    }
    pages.store(stage.channel, replace(pages.post(f"{text}{at}", by=by, text=text, **fields), posted_at=at))
    return Message.objects.get(channel=stage.channel, external_id=f"{text}{at}")


def stands(conversation: Conversation) -> tuple[str, datetime | None]:
    conversation.refresh_from_db()
    return conversation.status, conversation.waiting_since


def posted(sent: Delivery) -> datetime:
    sent.refresh_from_db()
    assert sent.message is not None
    return sent.message.posted_at


def test_what_comes_during_the_hold_waits_though_the_answer_is_younger(stage: Stage) -> None:
    conversation = stage.asked()
    sent = stage.submit(conversation)
    more = writes(stage, conversation, at=timezone.now())
    delivery.send_due()
    assert posted(sent) > more.posted_at
    assert stands(conversation) == ("open", more.posted_at)


def test_what_is_polled_after_the_answer_has_left_opens_it_again(stage: Stage) -> None:
    conversation = stage.asked()
    before = timezone.now()
    sent = stage.submit(conversation)
    delivery.send_due()
    assert stands(conversation) == ("pending", None)
    more = writes(stage, conversation, at=before)
    assert more.posted_at < posted(sent)
    assert stands(conversation) == ("open", before)
    assert kinds(conversation)[-1] == "conversation.reopened"


def test_what_stood_there_when_it_was_submitted_is_answered(stage: Stage) -> None:
    conversation = stage.asked()
    question = stage.question(conversation)
    writes(stage, conversation, at=timezone.now())
    stage.submit(conversation, in_reply_to=question.pk)
    delivery.send_due()
    assert stands(conversation) == ("pending", None)


def test_the_next_answer_answers_it(stage: Stage) -> None:
    conversation = stage.asked()
    question = stage.question(conversation)
    stage.submit(conversation, in_reply_to=question.pk)
    writes(stage, conversation, at=timezone.now())
    delivery.send_due()
    assert stands(conversation)[0] == "open"
    stage.submit(conversation, "The pram, too.", in_reply_to=question.pk, second=True)
    delivery.send_due()
    assert stands(conversation) == ("pending", None)


def test_so_does_one_that_was_given_at_the_network(stage: Stage) -> None:
    conversation = stage.asked()
    stage.submit(conversation)
    writes(stage, conversation, at=timezone.now())
    delivery.send_due()
    assert stands(conversation)[0] == "open"
    moderation.record_elsewhere(conversation.pk, actor=stage.world.ana)
    assert stands(conversation) == ("pending", None)
    conversation.refresh_from_db()
    assert conversation.answer_seen_at is None


def test_so_it_is_when_the_stream_of_our_own_posts_was_first(stage: Stage) -> None:
    conversation = stage.asked()
    sent, session = sending(stage, conversation)
    with session:
        receipt = stage.call(sent)
        more = writes(stage, conversation, at=sent.created_at)
        stage.store_own(own(stage, conversation, receipt.external_id))
        assert outcomes.sent(Attempt(sent.pk, 1), receipt)
    assert stands(conversation) == ("open", more.posted_at)


def test_so_it_is_when_the_stream_brings_a_later_part_first(stage: Stage) -> None:
    conversation = stage.asked()
    first, session = sending(stage, conversation, SENTENCE * 4, parts=2)
    with session:
        assert outcomes.sent(Attempt(first.pk, first.fence), stage.call(first))
    more = writes(stage, conversation, at=timezone.now())
    assert stands(conversation) == ("open", more.posted_at)
    _, second = parts_of(first)
    with SenderSession() as session:
        assert sending_queue.claim(session) == Attempt(second.pk, 1)
        receipt = stage.call(second)
        stage.store_own(own(stage, conversation, receipt.external_id, second.wire_text))
        assert outcomes.sent(Attempt(second.pk, 1), receipt)
    assert posted(first) < more.posted_at < posted(second)
    assert stands(conversation) == ("open", more.posted_at)


def test_what_was_context_comes_in_with_the_page_that_brings_it(stage: Stage) -> None:
    conversation = stage.asked()
    question, at = stage.question(conversation), timezone.now()
    by = pages.person(conversation.profile.external_id, handle=conversation.profile.handle)
    fields = {"in_reply_to": question.external_id, "root": question.external_id}
    item = replace(pages.post("between", by=by, **fields), posted_at=at)
    pages.store(stage.channel, context=(item,))
    assert Message.objects.get(external_id="between").conversation_id is None
    stage.submit(conversation)
    pages.store(stage.channel, replace(item, mentions=(stage.channel.external_id,)))
    delivery.send_due()
    assert stands(conversation) == ("open", at)


def test_who_answered_at_the_network_before_it_arrived_had_seen_it(stage: Stage, settings) -> None:
    conversation = stage.asked()
    stage.submit(conversation)
    writes(stage, conversation, at=timezone.now())
    moderation.record_elsewhere(conversation.pk, actor=stage.world.ana)
    delivery.send_due()
    assert stands(conversation) == ("pending", None)


def test_who_sends_again_has_seen_what_came_meanwhile(stage: Stage) -> None:
    conversation = stage.asked()
    stage.sandbox.fault("POST /2/tweets", "timeout", times=1, seconds=1)
    sent = stage.submit(conversation)
    delivery.send_due()
    writes(stage, conversation, at=timezone.now())
    settlement.settle_due()
    settlement.settle_due()
    replies.resend(sent.pk, actor=stage.world.ana)
    delivery.send_due()
    assert stands(conversation) == ("pending", None)


def test_an_answer_that_was_to_resolve_leaves_it_open(stage: Stage) -> None:
    conversation = stage.asked()
    stage.submit(conversation, resolve_as="answered")
    writes(stage, conversation, at=timezone.now())
    delivery.send_due()
    assert stands(conversation)[0] == "open"


def test_it_waits_again_after_a_snooze_and_after_a_resolution_that_is_taken_back(stage: Stage) -> None:
    conversation = stage.asked()
    stage.submit(conversation)
    more = writes(stage, conversation, at=timezone.now())
    delivery.send_due()
    lifecycle.snooze(conversation.pk, actor=stage.world.ana, until=timezone.now() + timedelta(days=1))
    Conversation.objects.filter(pk=conversation.pk).update(snoozed_until=timezone.now())
    assert lifecycle.wake_due() == 1
    assert stands(conversation) == ("open", more.posted_at)
    lifecycle.resolve(conversation.pk, actor=stage.world.ana, disposition="wont_respond", reason="A joke")
    lifecycle.reopen(conversation.pk, actor=stage.world.ana)
    assert stands(conversation) == ("open", more.posted_at)


def test_a_page_that_waited_for_the_submission_is_stored_after_it(stage: Stage) -> None:
    """Both want the conversation. However early its page began: nobody who held the conversation has seen it."""
    conversation = stage.asked()
    held, moments = threading.Event(), []

    def submits() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            Conversation.objects.locked(conversation.pk)
            held.set()
            while not moments:
                cursor.execute("SELECT clock_timestamp() FROM pg_locks WHERE NOT granted")
                moments.extend(cursor.fetchall())

    def reads() -> None:
        assert held.wait(DEADLINE_S)
        writes(stage, conversation, at=timezone.now())

    assert race(submits, reads) == [None, None]
    more = Message.objects.get(text="And my pram!")
    assert more.ingested_at > moments[0][0]


def test_it_has_a_clock_of_its_own_that_only_a_later_answer_meets(stage: Stage) -> None:
    policy(stage.world)
    conversation = stage.asked()
    sla.refresh([conversation.pk])
    sent = stage.submit(conversation)
    more = writes(stage, conversation, at=timezone.now())
    delivery.send_due()
    assert clock(conversation).met_at == posted(sent)
    again = clock(conversation, "next", 1)
    assert (again.started_at, again.met_at, again.ended_at) == (more.posted_at, None, None)
    stage.submit(conversation, "The pram, too.", in_reply_to=stage.question(conversation).pk, second=True)
    delivery.send_due()
    again.refresh_from_db()
    assert again.met_at == posted(Delivery.objects.latest("id"))
    assert_sound()


def test_resolved_without_another_answer_its_clock_was_not_met(stage: Stage) -> None:
    policy(stage.world)
    conversation = stage.asked()
    sla.refresh([conversation.pk])
    stage.submit(conversation)
    writes(stage, conversation, at=timezone.now())
    delivery.send_due()
    lifecycle.resolve(conversation.pk, actor=stage.world.ana, disposition="wont_respond", reason="A joke")
    again = clock(conversation, "next", 1)
    assert (again.met_at, again.ended_at is None) == (None, False)
    lifecycle.reopen(conversation.pk, actor=stage.world.ana)
    again.refresh_from_db()
    assert again.ended_at is None


def test_the_thread_says_so_as_long_as_it_waits(stage: Stage) -> None:
    conversation = stage.asked()
    stage.submit(conversation)
    more = writes(stage, conversation, at=timezone.now())
    delivery.send_due()

    def marked() -> list[int]:
        conversation.refresh_from_db()
        entries = stream_of(conversation, access_of(stage.world.ana)).entries
        rows = [entry.message for entry in entries if entry.message]
        return [row.pk for row in rows if row.waits_below_answer(conversation)]

    assert marked() == [more.pk]
    moderation.record_elsewhere(conversation.pk, actor=stage.world.ana)
    assert marked() == []
