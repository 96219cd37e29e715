"""Whose turn it is follows from the stored facts, in whatever order they became known."""

import itertools
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from inbox.models.conversation import Conversation
from inbox.services import events, lifecycle, status
from tests.domain.delivery.stage import Stage
from tests.factories import talk

pytestmark = pytest.mark.django_db(transaction=True)


def fresh(stage: Stage) -> Conversation:
    """A conversation in which nothing has been said."""
    row = stage.local()
    row.messages.all().delete()
    row.waiting_since = None
    row.save(update_fields=["waiting_since"])
    return row


def apply(conversation: Conversation, what: str, at) -> None:
    with transaction.atomic(durable=True):
        row = Conversation.objects.select_related("queue").locked(conversation.pk)
        talk.message(row, what, direction="out" if what == "answer" else "in", posted_at=at)
        now = timezone.now()
        changed = status.answered(row, at, now=now) if what == "answer" else status.received(row, at, now=now)
        events.touch(row, *changed)


def test_every_order_of_arrival_ends_the_same(stage: Stage) -> None:
    start = timezone.now() - timedelta(minutes=30)
    happened = [("question", 0), ("answer", 10), ("question", 15), ("question", 20)]
    ends = set()
    for order in itertools.permutations(happened):
        conversation = fresh(stage)
        for what, minute in order:
            apply(conversation, what, start + timedelta(minutes=minute))
        conversation.refresh_from_db()
        ends.add((conversation.status, conversation.waiting_since, conversation.answered_at))
    assert ends == {("open", start + timedelta(minutes=15), start + timedelta(minutes=10))}


def test_an_answer_after_all_makes_it_pending_in_every_order(stage: Stage) -> None:
    start = timezone.now() - timedelta(minutes=30)
    for order in itertools.permutations([("question", 0), ("question", 5), ("answer", 10)]):
        conversation = fresh(stage)
        for what, minute in order:
            apply(conversation, what, start + timedelta(minutes=minute))
        conversation.refresh_from_db()
        assert (conversation.status, conversation.waiting_since) == ("pending", None)


def test_what_is_stored_after_a_resolution_opens_it_again(stage: Stage) -> None:
    conversation = stage.local()
    lifecycle.resolve(conversation.pk, actor=stage.world.ana, disposition="wont_respond", reason="Trolling")
    at = timezone.now() + timedelta(seconds=1)
    apply(conversation, "question", at)
    conversation.refresh_from_db()
    assert (conversation.status, conversation.waiting_since) == ("open", at)


def test_an_answer_leaves_what_is_snoozed_or_resolved_as_it_is(stage: Stage) -> None:
    snoozed, resolved = stage.local(), stage.local()
    lifecycle.snooze(snoozed.pk, actor=stage.world.ana, until=timezone.now() + timedelta(days=1))
    lifecycle.resolve(resolved.pk, actor=stage.world.ana, disposition="spam")
    for conversation in (snoozed, resolved):
        before = Conversation.objects.get(pk=conversation.pk).status
        apply(conversation, "answer", timezone.now())
        conversation.refresh_from_db()
        assert conversation.status == before
        assert conversation.waiting_since is None
