"""What may be submitted, by whom, once; and what a person may still decide."""

import io
import uuid

import pytest
from PIL import Image

from core.errors import Conflict, Forbidden, Invalid, NotFound
from inbox.models.work import Delivery, Draft
from inbox.services import answering, delivery, drafts, ownership, replies
from inbox.services.uploads import Given
from tests.domain.delivery.stage import Stage, kinds
from tests.factories import talk
from tests.racing import race, split

pytestmark = pytest.mark.django_db(transaction=True)


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 1).save(out, kind, **more)
    return out.getvalue()


def test_the_same_key_gives_the_same_delivery(stage: Stage) -> None:
    conversation = stage.asked()
    first = stage.submit(conversation, client_token="one")
    again = stage.submit(conversation, client_token="one")
    assert again.pk == first.pk
    assert kinds(conversation).count("delivery.held") == 1


def test_the_same_key_with_another_body_is_refused(stage: Stage) -> None:
    conversation, other = stage.asked(), stage.asked()
    stage.submit(conversation, client_token="one")
    with pytest.raises(Conflict) as refused:
        stage.submit(conversation, "Something else.", client_token="one")
    assert refused.value.code == "idempotency_mismatch"
    with pytest.raises(Conflict) as refused:
        stage.submit(other, client_token="one", actor=stage.world.omar)
    assert refused.value.code == "idempotency_mismatch"


def test_twenty_clicks_are_one_answer(stage: Stage) -> None:
    conversation = stage.asked()
    won, lost = split(race(*[lambda: stage.submit(conversation, client_token="one").pk] * 20))
    assert lost == []
    assert len(set(won)) == 1
    assert Delivery.objects.count() == 1


def test_two_agents_answer_at_once_and_the_loser_sees_the_other_text(stage: Stage) -> None:
    for _ in range(10):
        conversation = stage.asked()
        won, lost = split(
            race(
                lambda row=conversation: stage.submit(row, "Ana writes.", actor=stage.world.ana),
                lambda row=conversation: stage.submit(row, "Omar writes.", actor=stage.world.omar),
            )
        )
        assert len(won) == len(lost) == 1
        error = lost[0]
        assert isinstance(error, Conflict)
        assert error.code == "not_owner"
        assert error.current["owner_id"] == won[0].author_id
        assert [answer["text"] for answer in error.current["answers"]] == [won[0].text]


def test_the_owners_own_second_answer_must_be_said_to_be_one(stage: Stage) -> None:
    conversation = stage.asked()
    stage.submit(conversation, "First.")
    with pytest.raises(Conflict) as refused:
        stage.submit(conversation, "Second.")
    assert refused.value.code == "already_answered"
    assert refused.value.current["answers"][0]["text"] == "First."
    assert stage.submit(conversation, "Second.", second=True).second_answer


def test_a_stale_page_is_told_what_changed(stage: Stage) -> None:
    conversation = stage.asked()
    seen = conversation.revision
    ownership.claim(conversation.pk, actor=stage.world.ana)
    talk.message(conversation, "@northwindair Are you there?", names_us=True)
    with pytest.raises(Conflict) as refused:
        stage.submit(conversation, seen=seen)
    assert refused.value.code == "stale"
    assert refused.value.current["messages"][0]["text"] == "@northwindair Are you there?"
    conversation.refresh_from_db()
    assert stage.submit(conversation, seen=conversation.revision).state == "held"


def test_only_the_owner_sends_unless_it_is_taken_over(stage: Stage) -> None:
    conversation = stage.asked()
    ownership.claim(conversation.pk, actor=stage.world.omar)
    with pytest.raises(Conflict) as refused:
        stage.submit(conversation)
    assert refused.value.code == "not_owner"
    assert refused.value.current["owner"] == "Omar Haddad"
    stage.submit(conversation, take_over=True)
    assert "conversation.taken_over" in kinds(conversation)


def test_strangers_and_other_desks(stage: Stage) -> None:
    conversation = stage.asked()
    with pytest.raises(NotFound):
        stage.submit(conversation, actor=stage.world.zoe)
    with pytest.raises((NotFound, Forbidden)):
        stage.submit(conversation, actor=stage.world.ben)
    with pytest.raises(Forbidden):
        stage.submit(conversation, actor=stage.world.ada)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"text": "   "}, "text"),
        ({"text": "a" * 281}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"visibility": "loud"}, "visibility"),
        ({"visibility": "private"}, "visibility"),
        ({"client_token": ""}, "client_token"),
        ({"resolve_as": "gone"}, "resolve_as"),
        ({"in_reply_to": 0}, "in_reply_to"),
        ({"files": [Given(b"no picture")]}, "media"),
        ({"files": [Given(picture())] * 5}, "media"),
    ],
)
def test_wrong_input_names_its_field(stage: Stage, fields: dict, named: str) -> None:
    conversation = stage.asked()
    with pytest.raises(Invalid) as refused:
        stage.submit(conversation, **fields)
    assert named in refused.value.fields
    assert not Delivery.objects.exists()


def test_what_x_does_not_let_us_answer_is_refused_with_the_reason(stage: Stage) -> None:
    conversation = stage.asked()
    question = stage.question(conversation)
    question.names_us = False
    question.save(update_fields=["names_us"])
    with pytest.raises(Invalid) as refused:
        stage.submit(conversation)
    assert refused.value.code == "not_answerable"
    assert "mentioned or quoted" in refused.value.message


def test_a_closed_channel_says_why(stage: Stage) -> None:
    conversation = stage.asked()
    stage.channel.status, stage.channel.status_reason = "needs_reconnect", "The keys were revoked."
    stage.channel.save()
    with pytest.raises(Invalid, match="The keys were revoked"):
        stage.submit(conversation)


def test_pictures_leave_without_their_metadata(stage: Stage) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    conversation = stage.asked()
    sent = stage.submit(conversation, files=[Given(picture("JPEG", exif=exif), "A teal square")])
    stored = sent.files.get()
    assert (stored.content_type, stored.alt) == ("image/jpeg", "A teal square")
    assert b"Secret camera" not in bytes(stored.content)
    delivery.send_due()
    assert len(stage.answers(conversation)[0]["media"]) == 1


def test_a_picture_with_too_many_pixels_is_refused(stage: Stage) -> None:
    with pytest.raises(Invalid) as refused:
        stage.submit(stage.asked(), files=[Given(picture(size=(9000, 9000), mode="1"))])
    assert "pixels" in refused.value.fields["media"]


def test_undo_and_send_at_once_have_one_winner(stage: Stage) -> None:
    for number in range(10):
        conversation = stage.asked()
        held = stage.submit(conversation, f"Answer {number}.")  # X refuses the same text twice
        outcomes = race(lambda pk=held.pk: replies.cancel(pk, actor=stage.world.ana), delivery.send_due)
        held.refresh_from_db()
        posts = stage.answers(conversation)
        if isinstance(outcomes[0], Conflict):
            assert (held.state, len(posts)) == ("sent", 1)
        else:
            assert (held.state, len(posts)) == ("cancelled", 0)


def test_two_resends_are_one(stage: Stage) -> None:
    conversation = stage.asked()
    failed = stage.submit(conversation)
    Delivery.objects.filter(pk=failed.pk).update(state="needs_human")
    won, lost = split(race(*[lambda: replies.resend(failed.pk, actor=stage.world.ana)] * 4))
    assert lost == []
    assert len(won) == 4
    assert kinds(conversation).count("delivery.resent") == 1


def test_what_was_sent_cannot_be_taken_back(stage: Stage) -> None:
    sent = stage.submit(stage.asked())
    delivery.send_due()
    for act in (replies.cancel, replies.resend):
        with pytest.raises(Conflict) as refused:
            act(sent.pk, actor=stage.world.ana)
        assert refused.value.code == "too_late"
    with pytest.raises(NotFound):
        replies.cancel(sent.pk, actor=stage.world.zoe)


def test_the_same_post_answered_at_another_brand_asks_first(stage: Stage) -> None:
    lumo = stage.connect(stage.world.channels.lumo_x)
    conversation = stage.asked("@lumomobile My bag did not arrive.")
    question = stage.question(conversation)
    there = talk.conversation(lumo, stage.world.queues.care, profile=conversation.profile)
    talk.message(there, question.text, external_id=question.external_id)
    talk.message(there, "We look.", direction="out", in_reply_to=question.external_id)
    with pytest.raises(Conflict, match="at Lumo Mobile"):
        stage.submit(conversation)
    stage.world.ana.brand_access.filter(brand=lumo.brand).delete()
    with pytest.raises(Conflict, match="at another brand") as refused:
        stage.submit(conversation)
    assert "We look." not in str(refused.value.current)
    assert stage.submit(conversation, second=True).state == "held"


def test_the_draft_is_kept_on_conflict_and_gone_when_submitted(stage: Stage) -> None:
    conversation = stage.asked()
    drafts.save(conversation.pk, actor=stage.world.ana, mode="public", text="Half a thought")
    with pytest.raises(Conflict):
        stage.submit(conversation, seen=conversation.revision + 7)
    assert Draft.objects.get().text == "Half a thought"
    facts = answering.composer(conversation, None, stage.world.ana, [stage.world.brands.northwind.pk])
    assert facts.drafts == {"public": "Half a thought"}
    stage.submit(conversation)
    assert not Draft.objects.exists()
    drafts.save(conversation.pk, actor=stage.world.ana, mode="note", text="x")
    drafts.clear(conversation.pk, actor=stage.world.ana, mode="note")
    assert not Draft.objects.exists()
    with pytest.raises(NotFound):
        drafts.save(conversation.pk, actor=stage.world.zoe, mode="note", text="x")


def test_the_composer_costs_the_same_however_long_the_conversation(stage: Stage, django_assert_max_num_queries) -> None:
    conversation = stage.asked()
    for number in range(20):
        talk.message(conversation, f"Message {number}")
    with django_assert_max_num_queries(14):
        facts = answering.composer(conversation, None, stage.world.ana, [stage.world.brands.northwind.pk])
    assert facts.account == "@northwindair"
    assert facts.closed == ""


def test_key_of_another_person_is_no_way_to_their_answer(stage: Stage) -> None:
    conversation = stage.asked()
    token = uuid.uuid4().hex
    stage.submit(conversation, client_token=token)
    with pytest.raises(Conflict):
        stage.submit(conversation, client_token=token, actor=stage.world.omar)
