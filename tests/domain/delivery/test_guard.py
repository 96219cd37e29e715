"""The send guard: what changed while somebody wrote is shown once, and nothing else stands in the way."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core.errors import Conflict
from inbox.models.conversation import Conversation
from inbox.models.work import Delivery
from inbox.selectors import conversations
from inbox.services import forgetting, ownership, send_guard, tags
from tests.domain.delivery.stage import Stage
from tests.factories.pages import connected, person, post, store
from tests.racing import race, split

pytestmark = pytest.mark.django_db(transaction=True)


def looked_at(stage: Stage, conversation: Conversation) -> int:
    """What Ana has seen by now."""
    return conversations.newest_event(conversations.get_visible_conversation(stage.world.ana, conversation.pk))


def refusal(stage: Stage, conversation: Conversation, **more: object) -> Conflict:
    with pytest.raises(Conflict) as refused:
        stage.submit(conversation, **more)
    return refused.value


def test_only_what_came_since_is_told(stage: Stage) -> None:
    profile = person("hanne")
    store(connected(stage.channel), post("g1", by=profile, mentions=(stage.channel.external_id,)))
    conversation = Conversation.objects.get(profile__external_id="hanne")
    seen = looked_at(stage, conversation)
    store(
        stage.channel,
        post(
            "g2",
            by=profile,
            minute=1,
            in_reply_to="g1",
            root="g1",
            text="And now?",
            mentions=(stage.channel.external_id,),
        ),
    )
    error = refusal(stage, conversation, seen_event=seen)
    assert error.code == "stale"
    assert [(one["what"], one["by"], one["text"]) for one in error.current["changes"]] == [
        ("message", "Person hanne", "And now?")
    ]
    assert stage.submit(conversation, seen_event=looked_at(stage, conversation)).state == "held"


def test_tags_and_ones_own_acts_ask_nothing(stage: Stage) -> None:
    conversation = stage.local()
    seen = looked_at(stage, conversation)
    tags.change(conversation.pk, actor=stage.world.omar, add=["vip"])
    ownership.claim(conversation.pk, actor=stage.world.ana)
    assert stage.submit(conversation, seen_event=seen).state == "held"


def test_whoever_took_it_meanwhile_is_named_once(stage: Stage) -> None:
    conversation = stage.local()
    seen = looked_at(stage, conversation)
    ownership.claim(conversation.pk, actor=stage.world.omar)
    error = refusal(stage, conversation, seen_event=seen)
    assert [one["text"] for one in error.current["changes"]] == ["Omar claimed it"]
    assert refusal(stage, conversation, seen_event=looked_at(stage, conversation)).code == "not_owner"


def test_a_sent_answer_makes_the_next_one_a_second_one(stage: Stage) -> None:
    conversation = stage.local()
    first = stage.submit(conversation, "First.")
    Delivery.objects.filter(pk=first.pk).update(state="sent", settled_at=first.created_at)
    error = refusal(stage, conversation, text="Second.")
    assert error.code == "already_answered"
    assert error.message == "Ana Sandoval has answered this message already."
    assert stage.submit(conversation, "Second.", second=True).second_answer


def test_the_account_at_the_button_is_the_one_that_sends(stage: Stage) -> None:
    conversation = stage.local()
    error = refusal(stage, conversation, account="1460000000000000099")
    assert (error.code, error.current["handle"]) == ("other_account", stage.channel.handle)
    assert stage.submit(conversation, account=stage.channel.external_id).state == "held"


def test_two_who_looked_at_the_same_time_and_send_at_once_have_one_winner(stage: Stage) -> None:
    for _ in range(5):
        conversation = stage.local()
        seen = looked_at(stage, conversation)
        won, lost = split(
            race(
                lambda row=conversation, at=seen: stage.submit(row, "Ana.", seen_event=at),
                lambda row=conversation, at=seen: stage.submit(row, "Omar.", seen_event=at, actor=stage.world.omar),
            )
        )
        assert len(won) == len(lost) == 1
        assert lost[0].code == "stale"
        assert [one["what"] for one in lost[0].current["changes"]] == ["owner", "answer"]


def test_ten_changes_cost_what_one_costs(stage: Stage) -> None:
    profile = person("many")
    store(connected(stage.channel), post("m0", by=profile, mentions=(stage.channel.external_id,)))
    conversation = Conversation.objects.get(profile__external_id="many")
    seen, costs = looked_at(stage, conversation), []
    for start in (1, 2):
        for minute in range(start, start * 10):
            again = post(f"m{minute}", by=profile, minute=minute, in_reply_to="m0", root="m0")
            store(stage.channel, again)
        with CaptureQueriesContext(connection) as queries:
            assert send_guard.changes(conversation, since=seen, me=stage.world.ana)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 4


def test_what_is_deleted_is_said_to_be_gone(stage: Stage) -> None:
    conversation = stage.local()
    seen = looked_at(stage, conversation)
    with transaction.atomic():
        forgetting.forget(stage.channel, [stage.question(conversation).external_id])
    assert [one["what"] for one in refusal(stage, conversation, seen_event=seen).current["changes"]] == ["deleted"]


def test_what_is_asked_about_goes_out_only_when_it_was_accepted(stage: Stage) -> None:
    conversation = stage.local()
    error = refusal(stage, conversation, text="PIN: 4711, call +47 912 34 567", accepted=["phone"])
    assert (error.code, [one["code"] for one in error.current["findings"]]) == ("check", ["secret"])
    text = "PIN: 4711, call +47 912 34 567"
    assert stage.submit(conversation, text, accepted=["phone", "secret"]).state == "held"
