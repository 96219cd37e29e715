"""A text too long for one post goes as several: one after the other, each once, whatever happens in between."""

from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from channels.contracts import InboundMessage
from core.errors import Conflict, Invalid
from inbox.advisory import SenderSession
from inbox.attempts import Attempt
from inbox.models.message import Message
from inbox.models.work import Delivery, Draft
from inbox.policies import access_of
from inbox.selectors.parts import parts_of
from inbox.selectors.stream import stream_of
from inbox.services import (
    answering,
    delivery,
    events,
    moderation,
    outcomes,
    ownership,
    replies,
    sending_queue,
    settlement,
    status,
)
from inbox.services.uploads import Given
from tests.domain.delivery.stage import Stage, died, kinds
from tests.domain.delivery.test_echoes import own
from tests.domain.delivery.test_replies import picture
from tests.factories import talk
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)
SENTENCE = "We are sorry that your bag did not come with you to Oslo; it flies tonight, and lands at 22:40 local time. "
LONG = (SENTENCE * 5).strip()


def submitted(stage: Stage, **more: Any) -> list[Delivery]:
    more.setdefault("conversation", None)
    conversation, text = more.pop("conversation") or stage.asked(), more.pop("text", LONG)
    return parts_of(stage.submit(conversation, text, parts=3, **more))


def states(rows: list[Delivery]) -> list[str]:
    for row in rows:
        row.refresh_from_db()
    return [row.state for row in rows]


def taken_over(stage: Stage, conversation: Any) -> None:
    """A colleague takes it over before the next part leaves, which stops it."""
    ownership.take_over(conversation.pk, actor=stage.world.omar, seen_owner=stage.world.ana.pk)
    all_sent()


def all_sent() -> int:
    """Send until nothing is due, as senders do; how many attempts that took."""
    made = 0
    while attempts := delivery.send_due():
        made += attempts
    return made


def chain(stage: Stage, conversation: Any) -> list[dict[str, Any]]:
    """What stands on the network, from the question down; fails where anything stands twice."""
    found: list[dict[str, Any]] = []
    target = stage.question(conversation).external_id
    while posts := stage.sandbox.control("GET", "posts", network="x", in_reply_to=target)["posts"]:
        (post,) = posts
        found.append(post)
        target = post["id"]
    return found


def test_each_part_answers_the_one_before_and_all_of_it_is_said(stage: Stage) -> None:
    conversation = stage.asked()
    rows = submitted(stage, conversation=conversation, files=[Given(picture())], resolve_as="answered")
    assert [row.files.count() for row in rows] == [1, 0, 0]
    assert kinds(conversation).count("delivery.held") == 1
    assert all_sent() == 3
    assert states(rows) == ["sent"] * 3
    posts = chain(stage, conversation)
    assert [post["id"] for post in posts] == [row.external_id for row in rows]
    assert [post["text"][-3:] for post in posts] == ["1/3", "2/3", "3/3"]
    said = " ".join(post["text"][:-4].removeprefix(f"@{conversation.profile.handle} ") for post in posts)
    assert said.split() == LONG.split()
    messages = Message.objects.filter(conversation=conversation, direction="out").order_by("id")
    assert [one.in_reply_to for one in messages] == [
        stage.question(conversation).external_id,
        *(p["id"] for p in posts[:2]),
    ]
    conversation.refresh_from_db()
    assert conversation.status == "resolved"


def test_too_long_without_being_asked_for_names_the_way_on(stage: Stage) -> None:
    conversation = stage.asked()
    with pytest.raises(Invalid, match=r"too long: X takes 280. It can go as a thread of 3.") as refused:
        stage.submit(conversation, LONG)
    assert (refused.value.code, list(refused.value.fields)) == ("too_long", ["text"])
    assert [post[-3:] for post in refused.value.current["posts"]] == ["1/3", "2/3", "3/3"]
    with pytest.raises(Invalid, match="It takes 3 posts now, not 2.") as refused:
        stage.submit(conversation, LONG, parts=2)
    assert list(refused.value.fields) == ["parts"]
    with pytest.raises(Invalid, match="a thread of 9 does not hold it either. Shorten it"):
        stage.submit(conversation, LONG * 6, parts=9)
    assert stage.submit(conversation, "It fits.", parts=2).parts == 1


def test_the_same_key_gives_the_same_answer_and_another_number_is_another(stage: Stage) -> None:
    conversation = stage.asked()
    (first, *_rest) = submitted(stage, conversation=conversation, client_token="one")
    assert stage.submit(conversation, LONG, parts=3, client_token="one") == first
    with pytest.raises(Conflict, match="another answer"):
        stage.submit(conversation, LONG, parts=2, client_token="one")
    assert Delivery.objects.count() == 3


def test_undo_takes_the_whole_back(stage: Stage, settings) -> None:
    settings.SEND_HOLD_S = 60
    rows = submitted(stage)
    replies.cancel(rows[1].pk, actor=stage.world.ana)
    assert states(rows) == ["cancelled"] * 3
    assert Draft.objects.get().text == LONG
    assert all_sent() == 0


def test_a_part_that_broke_off_after_posting_is_found_and_nothing_stands_twice(stage: Stage) -> None:
    rows = submitted(stage)
    assert delivery.send_due(limit=1) == 1
    stage.sandbox.fault("POST /2/tweets", "after_effect", times=1)
    assert all_sent() == 1
    assert states(rows) == ["sent", "unknown", "held"]
    assert all_sent() == 0
    settlement.settle_due()
    assert all_sent() == 1
    assert states(rows) == ["sent"] * 3
    assert len(chain(stage, rows[0].conversation)) == 3


def test_a_sender_that_died_between_two_parts_is_followed_by_another(stage: Stage) -> None:
    rows = submitted(stage)
    delivery.send_due(limit=1)
    session = SenderSession()
    attempt = sending_queue.claim(session)
    assert attempt is not None
    assert attempt.delivery_id == rows[1].pk
    posted = stage.call(rows[1])
    died(session)
    assert all_sent() == 0
    settlement.settle_due()
    settlement.settle_due()
    assert states(rows)[1] == "sent"
    assert rows[1].external_id == posted.external_id
    all_sent()
    assert len(chain(stage, rows[0].conversation)) == 3


def test_what_failed_stops_the_rest_and_one_click_sends_all_that_is_left(stage: Stage) -> None:
    rows = submitted(stage)
    conversation = rows[0].conversation
    delivery.send_due(limit=1)
    taken_over(stage, conversation)
    assert states(rows) == ["sent", "failed", "failed"]
    assert rows[2].error_code == "part_before"
    conversation.refresh_from_db()
    assert conversation.status == "open"
    race(*[lambda: replies.resend(rows[1].pk, actor=stage.world.ana, take_over=True)] * 2)
    assert kinds(conversation).count("delivery.resent") == 1
    assert all_sent() == 2
    assert states(rows) == ["sent"] * 3
    assert len(chain(stage, conversation)) == 3


def test_what_is_left_can_be_given_up_and_is_in_the_box_again(stage: Stage) -> None:
    rows = submitted(stage)
    delivery.send_due(limit=1)
    taken_over(stage, rows[0].conversation)
    with pytest.raises(Conflict, match="too late"):
        replies.cancel(rows[0].pk, actor=stage.world.ana)
    replies.cancel(rows[1].pk, actor=stage.world.ana)
    assert states(rows) == ["sent", "cancelled", "cancelled"]
    assert [one.text for one in answering.given(stage.question(rows[0].conversation))] == [rows[0].text.strip()]
    assert Draft.objects.get().text == (rows[1].text + rows[2].text).strip()


def test_taking_back_and_sending_have_one_winner(stage: Stage) -> None:
    for number in range(3):
        rows = submitted(stage, text=LONG.replace("Oslo", f"Oslo {number}"))  # X takes no text twice
        race(delivery.send_due, lambda pk=rows[0].pk: replies.cancel(pk, actor=stage.world.ana))
        all_sent()
        assert states(rows) in (["cancelled"] * 3, ["sent"] * 3, ["sent", "cancelled", "cancelled"])
        assert len(chain(stage, rows[0].conversation)) == states(rows).count("sent")


def test_many_senders_send_the_parts_in_order_and_once(stage: Stage) -> None:
    rows = submitted(stage)
    for _ in rows:
        race(*[delivery.send_due] * 3)
    assert states(rows) == ["sent"] * 3
    assert {row.attempt for row in rows} == {1}
    assert len(chain(stage, rows[0].conversation)) == 3


def test_each_part_that_the_own_posts_bring_back_is_its_delivery(stage: Stage) -> None:
    rows = submitted(stage)
    conversation = rows[0].conversation
    delivery.send_due(limit=1)
    stage.sandbox.fault("POST /2/tweets", "after_effect", times=1)
    all_sent()
    second = chain(stage, conversation)[1]
    echo = own(stage, conversation, second["id"], second["text"])
    rows[0].refresh_from_db()
    stage.store_own(own_part(echo, rows[0].external_id))
    assert states(rows) == ["sent", "sent", "held"]
    all_sent()
    third = chain(stage, conversation)[2]
    stage.store_own(own_part(own(stage, conversation, third["id"], third["text"]), rows[1].external_id))
    messages = Message.objects.filter(conversation=conversation, direction="out").order_by("posted_at")
    assert [one.delivery.part for one in messages] == [1, 2, 3]
    assert "message.answered_elsewhere" not in kinds(conversation)


def own_part(post: InboundMessage, parent: str) -> InboundMessage:
    return replace(post, in_reply_to=parent)


def test_a_thread_is_one_answer_to_whoever_answers_next(stage: Stage, settings) -> None:
    settings.SEND_HOLD_S = 60
    rows = submitted(stage)
    conversation = rows[0].conversation
    with pytest.raises(Conflict) as refused:
        stage.submit(conversation, "Once more.")
    assert (refused.value.code, [one["text"] for one in refused.value.current["answers"]]) == (
        "already_answered",
        [LONG],
    )
    seen = answering.given(stage.question(conversation))
    assert [(one.text, one.state) for one in seen] == [(LONG, "held")]
    with pytest.raises(Conflict) as refused:
        stage.submit(conversation, "Mine.", seen_event=0, second=True, actor=stage.world.omar, take_over=True)
    assert [one["text"] for one in refused.value.current["changes"] if one["what"] == "answer"] == [LONG]


def test_a_part_that_did_not_arrive_and_nothing_else_stands_in_nobodys_way(stage: Stage) -> None:
    rows = submitted(stage)
    stage.sandbox.control("DELETE", f"posts/{stage.question(rows[0].conversation).external_id}")
    all_sent()
    assert states(rows) == ["failed"] * 3
    assert stage.submit(rows[0].conversation, "Then this.").state == "held"
    with pytest.raises(Conflict, match="on its way"):
        replies.resend(rows[0].pk, actor=stage.world.ana)


def test_what_waits_stands_below_what_is_there(stage: Stage) -> None:
    rows = submitted(stage)
    delivery.send_due(limit=1)
    entries = stream_of(rows[0].conversation, access_of(stage.world.ana)).entries
    shown = [one.delivery.part if one.delivery else one.message.delivery.part for one in entries if ours(one)]
    assert shown == [1, 2, 3]


def ours(entry: Any) -> bool:
    return bool(entry.delivery or (entry.message and entry.message.direction == "out"))


def given_up() -> Attempt:
    """The attempt of a sender that died, when nobody has found what became of it."""
    session = SenderSession()
    attempt = sending_queue.claim(session)
    assert attempt is not None
    died(session)
    for _ in range(3):
        settlement.settle_due()
    return attempt


def test_a_receipt_that_comes_late_is_believed_and_the_rest_waits_for_a_person(stage: Stage) -> None:
    rows = submitted(stage)
    attempt = given_up()
    assert states(rows) == ["needs_human", "failed", "failed"]
    posted = stage.call(rows[0])
    assert outcomes.sent(attempt, posted)
    assert all_sent() == 0
    replies.resend(rows[1].pk, actor=stage.world.ana)
    all_sent()
    assert states(rows) == ["sent"] * 3


def test_who_writes_between_two_parts_goes_on_waiting(stage: Stage) -> None:
    rows = submitted(stage, resolve_as="answered")
    conversation = rows[0].conversation
    delivery.send_due(limit=1)
    again = talk.message(conversation, text="And my second bag?", posted_at=timezone.now())
    conversation.refresh_from_db()
    events.touch(conversation, *status.received(conversation, again.posted_at, now=again.posted_at))
    all_sent()
    assert states(rows) == ["sent"] * 3
    conversation.refresh_from_db()
    assert (conversation.status, conversation.waiting_since) == ("open", again.posted_at)


def test_a_beginning_of_which_one_hears_late_leaves_it_open_for_the_rest(stage: Stage) -> None:
    rows = submitted(stage)
    conversation = rows[0].conversation
    attempt = given_up()
    assert outcomes.sent(attempt, stage.call(rows[0]))
    assert states(rows) == ["sent", "failed", "failed"]
    conversation.refresh_from_db()
    assert conversation.status == "open"
    replies.resend(rows[1].pk, actor=stage.world.ana)
    all_sent()
    conversation.refresh_from_db()
    assert conversation.status == "pending"


def test_nothing_goes_on_from_a_part_that_was_deleted(stage: Stage) -> None:
    rows = submitted(stage)
    delivery.send_due(limit=1)
    delivery.send_due(limit=1)
    assert states(rows) == ["sent", "sent", "held"]
    assert rows[0].message is not None
    moderation.delete_own(rows[0].message.pk, actor=stage.world.ana, reason="Wrong gate")
    all_sent()
    assert states(rows) == ["sent", "sent", "failed"]
    assert rows[2].error_code == "part_deleted"
    rows[0].conversation.refresh_from_db()
    assert rows[0].conversation.status == "open"
