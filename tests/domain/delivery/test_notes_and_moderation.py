"""Notes, and acts on single messages at the network."""

import pytest

from core.errors import ChannelError, Conflict, Forbidden, Invalid, NotFound
from inbox.models.message import Message
from inbox.models.work import ConversationEvent, Note
from inbox.services import delivery, moderation, notes
from tests.domain.delivery.stage import Stage, kinds
from tests.domain.lifecycle.looking import tables_with
from tests.racing import race, split

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_note_is_written_once_and_changes_no_turn(stage: Stage) -> None:
    conversation = stage.asked()
    won, lost = split(
        race(*[lambda: notes.write(conversation.pk, actor=stage.world.ana, text="Look.", client_token="n").note.pk] * 5)
    )
    assert lost == []
    assert len(set(won)) == 1
    assert kinds(conversation) == ["conversation.noted"]
    conversation.refresh_from_db()
    assert (conversation.status, conversation.owner_id) == ("open", None)
    assert conversation.waiting_since is not None
    with pytest.raises(Conflict):
        notes.write(conversation.pk, actor=stage.world.ana, text="Other.", client_token="n")
    with pytest.raises(Invalid):
        notes.write(conversation.pk, actor=stage.world.ana, text=" ", client_token="m")
    with pytest.raises(NotFound):
        notes.write(conversation.pk, actor=stage.world.zoe, text="Look.", client_token="z")


def test_who_is_mentioned_may_read_it(stage: Stage) -> None:
    conversation = stage.asked()
    with pytest.raises(NotFound):
        notes.write(conversation.pk, actor=stage.world.ben, text="Yes?", client_token="b")
    notes.write(conversation.pk, actor=stage.world.ana, text="@Ben?", client_token="a")
    notes.write(conversation.pk, actor=stage.world.ben, text="Yes?", client_token="b")
    assert Note.objects.count() == 2


def answered(stage: Stage) -> Message:
    conversation = stage.asked()
    sent = stage.submit(conversation)
    delivery.send_due()
    sent.refresh_from_db()
    assert sent.message is not None
    return sent.message


def test_our_answer_is_deleted_and_its_text_is_in_the_event_only(stage: Stage) -> None:
    message = answered(stage)
    conversation = message.conversation
    with pytest.raises(Invalid):
        moderation.delete_own(message.pk, actor=stage.world.ana, reason="")
    moderation.delete_own(message.pk, actor=stage.world.ana, reason="Wrong gate")
    assert stage.answers(conversation) == []
    message.refresh_from_db()
    assert message.text == ""
    assert message.deleted_at is not None
    event = ConversationEvent.objects.get(kind="message.own_deleted")
    assert event.data == {"message_id": message.pk, "reason": "Wrong gate", "text": "It is on its way."}
    assert tables_with("It is on its way.") == ["inbox_conversationevent"]
    assert moderation.delete_own(message.pk, actor=stage.world.ana, reason="Again").pk == message.pk
    assert kinds(conversation).count("message.own_deleted") == 1


def test_liking_and_hiding_are_recorded_before_and_after_the_call(stage: Stage) -> None:
    conversation = stage.asked()
    question = stage.question(conversation)
    moderation.like(question.pk, actor=stage.world.ana)
    question.refresh_from_db()
    assert question.liked_at is not None
    assert kinds(conversation) == ["moderation.asked", "message.liked"]
    moderation.like(question.pk, actor=stage.world.ana, liked=False)
    assert stage.sandbox.control("GET", f"posts/{question.external_id}")["likes"] == 0


def test_what_the_network_refuses_is_recorded_and_changes_nothing(stage: Stage) -> None:
    conversation = stage.asked()
    question = stage.question(conversation)
    stage.sandbox.fault("POST /2/users/*/likes", "5xx", times=1)
    with pytest.raises(ChannelError):
        moderation.like(question.pk, actor=stage.world.ana)
    question.refresh_from_db()
    assert question.liked_at is None
    assert kinds(conversation) == ["moderation.asked", "moderation.failed"]


def test_who_may_not(stage: Stage) -> None:
    message = answered(stage)
    question = stage.question(message.conversation)
    with pytest.raises(NotFound):
        moderation.like(question.pk, actor=stage.world.zoe)
    with pytest.raises(Forbidden):
        moderation.delete_own(message.pk, actor=stage.world.ada, reason="No")
    with pytest.raises(Invalid):
        moderation.hide(message.pk, actor=stage.world.ana)
    with pytest.raises(Invalid):
        moderation.delete_own(question.pk, actor=stage.world.ana, reason="Not ours")


def test_two_deletions_at_once_are_one_event(stage: Stage) -> None:
    message = answered(stage)
    race(*[lambda: moderation.delete_own(message.pk, actor=stage.world.ana, reason="Twice")] * 2)
    assert ConversationEvent.objects.filter(kind="message.own_deleted").count() == 1
    assert stage.answers(message.conversation) == []


def test_an_answer_given_by_hand_makes_it_the_contacts_turn(stage: Stage) -> None:
    conversation = stage.asked()
    moderation.record_elsewhere(conversation.pk, actor=stage.world.ana, note="By phone app")
    conversation.refresh_from_db()
    assert (conversation.status, conversation.waiting_since) == ("pending", None)
    assert kinds(conversation)[-1] == "message.answered_elsewhere"


def test_two_likes_at_once_are_one_event(stage: Stage) -> None:
    question = stage.question(stage.asked())
    race(*[lambda: moderation.like(question.pk, actor=stage.world.ana)] * 2)
    assert ConversationEvent.objects.filter(kind="message.liked").count() == 1


def test_two_agents_record_an_answer_at_once_and_one_does(stage: Stage) -> None:
    conversation = stage.asked()
    agents = (stage.world.ana, stage.world.omar)
    won, lost = split(
        race(*(lambda who=who: moderation.record_elsewhere(conversation.pk, actor=who) for who in agents))
    )
    assert (len(won), [type(error) for error in lost]) == (1, [Conflict])
    assert kinds(conversation).count("message.answered_elsewhere") == 1
