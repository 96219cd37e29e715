"""What machines do: claims, answers, hand-overs, turns; success, refusal and conflict, and what is told then."""

import base64
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from api.serializers import outputs
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.models.work import ConversationEvent, Delivery, OutgoingFile
from routing.models.handoff import Handoff
from routing.models.staffing import Lane
from tests.api.client import Answer, Machine
from tests.api.shapes import check
from tests.factories import talk
from tests.personas import World
from tests.racing import race, split

pytestmark = pytest.mark.django_db(transaction=True)
Machines = Callable[[str], Machine]


@pytest.fixture
def asked(waiting: Conversation) -> str:
    """The address of a conversation that can be answered."""
    Message.objects.filter(conversation=waiting).update(names_us=True)
    return f"conversations/{waiting.pk}"


def refused(answer: Answer, code: str) -> Any:
    """What is true by now."""
    assert (answer.status, answer.json["code"]) == (409, code), answer
    return answer.json["current"]


def test_claim_and_release(world: World, asked: str, machine: Machines) -> None:
    ana, omar = machine("ana"), machine("omar")
    claimed = ana.post(f"{asked}/assignment", {"agent": "me"})
    check(claimed.json, outputs.ConversationDetailShape())
    assert claimed.json["owner"]["id"] == world.ana.pk
    lost = refused(omar.post(f"{asked}/assignment", {"agent": "me"}), "owned")
    assert (lost["owner"], lost["owner_id"]) == ("Ana Sandoval", world.ana.pk)
    assert lost["at"]
    refused(omar.post(f"{asked}/assignment", {"agent": None}), "owned")
    released = ana.post(f"{asked}/assignment", {"agent": None, "reason": "Lunch"})
    assert released.json["owner"] is None


def test_of_two_that_claim_at_once_one_wins(world: World, asked: str, machine: Machines) -> None:
    machines = [machine("ana"), machine("omar")]
    for _ in range(10):
        answers, failed = split(race(*[lambda m=m: m.post(f"{asked}/assignment", {"agent": "me"}) for m in machines]))
        assert failed == []
        assert sorted(answer.status for answer in answers) == [200, 409]
        winner = next(answer.json["owner"] for answer in answers if answer.status == 200)
        loser = next(answer for answer in answers if answer.status == 409)
        assert refused(loser, "owned")["owner_id"] == winner["id"]
        Conversation.objects.update(owner=None, lease_until=None)


def test_take_over_and_assign_obey_what_was_seen(world: World, asked: str, machine: Machines) -> None:
    ana, omar = machine("ana"), machine("omar")
    before = omar.get(asked).json["revision"]
    claimed = ana.post(f"{asked}/assignment", {"agent": "me"}).json
    stale = omar.post(f"{asked}/assignment", {"agent": "me", "take_over": True, "seen": before})
    assert refused(stale, "stale")["owner_id"] == world.ana.pk
    seen = {"seen": claimed["revision"]}
    assert omar.post(f"{asked}/assignment", {"agent": "me", "take_over": True, **seen}).json["owner"]["name"] == (
        "Omar Haddad"
    )
    refused(omar.post(f"{asked}/assignment", {"agent": world.ana.pk, **seen}), "stale")
    given = omar.post(f"{asked}/assignment", {"agent": world.ana.pk}).json
    assert given["owner"]["id"] == world.ana.pk
    freed = omar.post(f"{asked}/assignment", {"agent": None, "seen": given["revision"]})
    assert freed.json["owner"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "agent"),
        ({"agent": "you"}, "agent"),
        ({"agent": True}, "agent"),
        ({"agent": 1.5}, "agent"),
        ({"agent": 10**30}, "agent"),
        ({"agent": 10**17}, "agent"),
        ({"agent": "ben"}, "agent"),
        ({"agent": None, "take_over": True}, "take_over"),
        ({"agent": "me", "reason": "x"}, "reason"),
        ({"agent": "me", "seen": 10**12}, "seen"),
    ],
)
def test_wrong_assignments(world: World, asked: str, ana: Machine, body: dict[str, Any], field: str) -> None:
    if body.get("agent") == "ben":  # who does not work in this queue
        body = {"agent": world.ben.pk}
    answer = ana.post(f"{asked}/assignment", body)
    assert (answer.status, answer.json["fields"].keys()) == (422, {field}), answer


def test_an_answer_is_accepted_and_can_be_taken_back(asked: str, ana: Machine) -> None:
    made = ana.post(f"{asked}/replies", {"text": "It is on its way.", "client_token": "one"})
    check(made.json, outputs.DeliveryShape())
    assert (made.status, made.json["state"]) == (202, "held")
    path = f"deliveries/{made.json['id']}"
    assert ana.get(path).json == made.json
    assert ana.post(f"{path}/cancel").json["state"] == "cancelled"
    refused(ana.post(f"{path}/resend"), "too_late")


def test_the_header_beats_the_field_and_one_key_is_one_answer(asked: str, ana: Machine) -> None:
    first = ana.post(f"{asked}/replies", {"text": "Soon.", "client_token": "a"}, key="k")
    assert ana.post(f"{asked}/replies", {"text": "Soon.", "client_token": "b"}, key="k").json["id"] == first.json["id"]
    assert ana.post(f"{asked}/replies", {"text": "Soon.", "client_token": "k"}).json["id"] == first.json["id"]
    for body in ({"text": "Now."}, {"text": "Soon.", "visibility": "private"}):
        assert ana.post(f"{asked}/replies", body, key="k").json["code"] == "idempotency_mismatch"
    assert Delivery.objects.count() == 1


def test_a_repeat_while_the_first_is_still_on_its_way_is_one_answer(asked: str, ana: Machine) -> None:
    answers, failed = split(race(*[lambda: ana.post(f"{asked}/replies", {"text": "Soon."}, key="k")] * 8))
    assert failed == []
    assert {(answer.status, answer.json["id"]) for answer in answers} == {(202, answers[0].json["id"])}


def test_a_repeat_is_answered_though_the_conversation_has_gone_on(asked: str, ana: Machine) -> None:
    body = {"text": "Soon.", "seen": ana.get(asked).json["revision"]}
    first = ana.post(f"{asked}/replies", body, key="k")
    assert first.status == 202
    assert ana.post(f"{asked}/replies", body, key="k").json["id"] == first.json["id"]


def test_a_stale_answer_is_told_what_changed(waiting: Conversation, asked: str, ana: Machine) -> None:
    seen = ana.get(asked).json["revision"]
    ana.post(f"{asked}/assignment", {"agent": "me"})
    talk.message(waiting, "Are you there?", names_us=True)
    facts = refused(ana.post(f"{asked}/replies", {"text": "Soon.", "seen": seen}, key="k"), "stale")
    assert facts["revision"] > seen
    assert facts["messages"][0]["text"] == "Are you there?"


def test_a_second_answer_must_be_said_to_be_one(asked: str, ana: Machine) -> None:
    ana.post(f"{asked}/replies", {"text": "First."}, key="1")
    facts = refused(ana.post(f"{asked}/replies", {"text": "Second."}, key="2"), "already_answered")
    assert facts["answers"][0]["text"] == "First."
    assert ana.post(f"{asked}/replies", {"text": "Second.", "second": True}, key="2").status == 202


def test_a_long_text_goes_as_the_posts_that_the_checks_told_of(asked: str, ana: Machine) -> None:
    body = {"text": ("The bag flies tonight. " * 25).strip()}
    told = ana.post(f"{asked}/checks", body)
    check(told.json, outputs.CheckShape())
    assert (len(told.json["posts"]), told.json["price"]) == (3, "0.040")
    assert all(post.endswith(f" {at}/3") for at, post in enumerate(told.json["posts"], start=1))
    refusal = ana.post(f"{asked}/replies", body, key="k").json
    assert (refusal["code"], refusal["current"]["posts"]) == ("too_long", told.json["posts"])
    wrong = ana.post(f"{asked}/replies", {**body, "parts": 2}, key="k").json
    assert (wrong["code"], list(wrong["fields"])) == ("parts_changed", ["parts"])
    made = ana.post(f"{asked}/replies", {**body, "parts": 3}, key="k")
    check(made.json, outputs.DeliveryShape())
    assert (made.status, made.json["part"], made.json["parts"], made.json["price"]) == (202, 1, 3, "0.010")
    whole = [ana.get(f"deliveries/{one['id']}").json for one in made.json["all_parts"]]
    assert [one["text"] for one in whole] == told.json["posts"]
    assert [one["price"] for one in whole] == ["0.010", "0.015", "0.015"]
    assert ana.post(f"{asked}/replies", {**body, "parts": 3}, key="k").json["id"] == made.json["id"]
    ana.post(f"deliveries/{made.json['id']}/cancel")
    assert {one["state"] for one in ana.get(f"deliveries/{made.json['id']}").json["all_parts"]} == {"cancelled"}


def test_the_price_of_a_link_is_told_before_and_after(asked: str, ana: Machine) -> None:
    body = {"text": "See https://example.com/claims"}
    assert ana.post(f"{asked}/checks", body).json["price"] == "0.200"
    assert ana.post(f"{asked}/replies", body, key="k").json["price"] == "0.200"
    assert ana.post(f"{asked}/checks", {"text": "See there."}).json["price"] == "0.010"


def test_only_the_owner_answers_unless_it_is_taken_over(world: World, asked: str, machine: Machines) -> None:
    machine("omar").post(f"{asked}/assignment", {"agent": "me"})
    ana = machine("ana")
    refused(ana.post(f"{asked}/replies", {"text": "Soon."}, key="k"), "not_owner")
    assert ana.post(f"{asked}/replies", {"text": "Soon.", "take_over": True}, key="k").status == 202


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "Soon."}, "client_token"),
        ({"text": "", "client_token": "k"}, "text"),
        ({"text": " \n", "client_token": "k"}, "text"),
        ({"text": "x" * 281, "client_token": "k"}, "text"),
        ({"text": "Soon.", "client_token": "k" * 101}, "client_token"),
        ({"text": "Soon.", "client_token": "a\tb"}, "client_token"),
        ({"text": "Soon.", "client_token": "k", "visibility": "secret"}, "visibility"),
        ({"text": "Soon.", "client_token": "k", "in_reply_to": 10**17}, "in_reply_to"),
        ({"text": "Soon.", "client_token": "k", "in_reply_to": 10**40}, "in_reply_to"),
        ({"text": "Soon.", "client_token": "k", "media": [{"content": "%%"}]}, "media.0.content"),
        ({"text": "Soon.", "client_token": "k", "media": [{"content": "AAAA"}]}, "media"),
        ({"text": "Soon.", "client_token": "k", "media": [{"alt": "x"}]}, "media.0.content"),
        ({"text": "Soon.", "client_token": "k", "media": "x"}, "media"),
        ({"text": "Soon.", "client_token": "k", "state": "sent"}, "state"),
    ],
)
def test_wrong_answers(asked: str, ana: Machine, body: dict[str, Any], field: str) -> None:
    answer = ana.post(f"{asked}/replies", body)
    assert (answer.status, answer.json["fields"].keys()) == (422, {field}), answer
    assert Delivery.objects.count() == 0


def test_an_answer_with_a_picture(asked: str, ana: Machine) -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    media = [{"content": base64.b64encode(out.getvalue()).decode(), "alt": "A bag"}]
    assert ana.post(f"{asked}/replies", {"text": "Look.", "media": media}, key="k").status == 202
    assert OutgoingFile.objects.get().alt == "A bag"


def test_an_answer_to_a_message_of_another_conversation_is_refused(world: World, asked: str, ana: Machine) -> None:
    other = talk.conversation(world.channels.northwind_x, world.queues.care)
    target = Message.objects.get(conversation=other)
    answer = ana.post(f"{asked}/replies", {"text": "Soon.", "in_reply_to": target.pk}, key="k")
    assert answer.json["fields"].keys() == {"in_reply_to"}


def test_a_hand_over_is_asked_for_and_accepted(world: World, asked: str, machine: Machines) -> None:
    ana, ben = machine("ana"), machine("ben")
    body = {"queue": "pr", "reason": "A journalist", "summary": "Wants a quote", "ask": "Answer today"}
    made = ana.post(f"{asked}/handoffs", body)
    check(made.json, outputs.HandoffShape())
    assert (made.status, made.json["state"]) == (201, "open")
    refused(ana.post(f"{asked}/handoffs", {**body, "queue": "marketing"}), "handoff_open")
    assert ben.get("handoffs").json == {"results": [made.json]}
    assert ana.get("handoffs", side="asked").json == {"results": [made.json]}
    accepted = ben.post(f"handoffs/{made.json['id']}/acceptance")
    assert (accepted.json["state"], accepted.json["decided_by"]["id"]) == ("accepted", world.ben.pk)
    assert ben.get(asked).json["owner"]["id"] == world.ben.pk
    assert ben.get("handoffs").json == {"results": []}


def test_a_hand_over_is_declined_or_withdrawn(asked: str, machine: Machines) -> None:
    ana, ben = machine("ana"), machine("ben")
    made = ana.post(f"{asked}/handoffs", {"queue": "pr", "reason": "A journalist"}).json["id"]
    declined = ben.post(f"handoffs/{made}/refusal", {"reason": "Not press"}).json
    assert (declined["state"], declined["decline_reason"]) == ("declined", "Not press")
    again = ana.post(f"{asked}/handoffs", {"queue": "pr", "reason": "Still"}).json["id"]
    assert ana.post(f"handoffs/{again}/withdrawal").json["state"] == "withdrawn"
    refused(ana.post(f"handoffs/{made}/withdrawal"), "decided")
    (line,) = ben.get("handoffs/times", days="7").json["results"]
    assert [line[name] for name in ("kind", "asked", "declined", "withdrawn", "open")] == ["handoff", 2, 1, 1, 0]
    assert line["decided_s"] >= 0
    assert ben.get("handoffs/times", days="0").json["fields"].keys() == {"days"}


def test_an_escalation_says_that_it_is_overdue(asked: str, waiting: Conversation, machine: Machines) -> None:
    ana, ben = machine("ana"), machine("ben")
    body = {"queue": "pr", "reason": "Press", "urgency": "urgent", "within": 15}
    assert ana.post(f"{asked}/escalations", body).json["overdue"] is False
    Handoff.objects.update(respond_by=timezone.now() - timedelta(seconds=1))
    [line] = ben.get("handoffs").json["results"]
    assert line["overdue"] is True
    assert ben.post(f"handoffs/{line['id']}/acknowledgement").json["overdue"] is False


def test_a_lane_is_shown_and_left(world: World, asked: str, waiting: Conversation, machine: Machines) -> None:
    ben = machine("ben")
    care, pr = world.queues.care, world.queues.pr
    Lane.objects.create(
        conversation=waiting, home_queue=care, lane_queue=pr, case_number=1, why="9 messages in an hour",
        until=timezone.now() + timedelta(minutes=5),
    )  # fmt: skip
    Conversation.objects.filter(pk=waiting.pk).update(queue=pr)
    lane = ben.get(asked).json["lane"]
    assert (lane["home_queue"]["id"], lane["lane_queue"]["id"], lane["why"]) == (
        care.pk,
        pr.pk,
        "9 messages in an hour",
    )
    assert ben.post(f"{asked}/lane-return").json == {"summary": "It is back in Care."}
    assert machine("ana").get(asked).json["lane"] is None
    assert Conversation.objects.get(pk=waiting.pk).queue == care


def test_turns(asked: str, ana: Machine) -> None:
    answered = ana.post(f"{asked}/resolution", {"disposition": "answered"})
    assert (answered.status, answered.json["fields"].keys()) == (422, {"disposition"})
    assert ana.post(f"{asked}/resolution", {"disposition": "wont_respond"}).json["fields"].keys() == {"reason"}
    done = ana.post(f"{asked}/resolution", {"disposition": "wont_respond", "reason": "Rant"}).json
    assert (done["status"], done["case"]["disposition"]) == ("resolved", "wont_respond")
    refused(ana.post(f"{asked}/snooze", {"until": "2099-01-01T00:00:00Z"}), "resolved")
    assert ana.delete(f"{asked}/resolution").json["status"] == "open"
    assert ana.post(f"{asked}/snooze", {"until": "2020-01-01T00:00:00Z"}).json["fields"].keys() == {"until"}
    assert ana.post(f"{asked}/snooze", {"until": "soon"}).json["fields"].keys() == {"until"}
    assert ana.post(f"{asked}/priority", {"priority": 1}).json["priority"] == 1
    assert ana.post(f"{asked}/priority", {"priority": 9}).json["fields"].keys() == {"priority"}
    assert ana.post(f"{asked}/mute", {"muted": True}).json["muted"] is True
    assert ana.get(asked).json["waiting_since"] is None
    assert ana.post(f"{asked}/mute", {"muted": False}).json["muted"] is False
    assert ana.get(asked).json["waiting_since"] is not None
    assert ana.post(f"{asked}/answers", {"note": "By phone"}).json["waiting_since"] is None


def test_tags(asked: str, ana: Machine) -> None:
    assert ana.post(f"{asked}/tags", {"add": ["#Bag", "late"]}).json["tags"] == ["bag", "late"]
    assert ana.post(f"{asked}/tags", {"add": ["lost"], "remove": ["late"]}).json["tags"] == ["bag", "lost"]
    assert ana.post(f"{asked}/tags", {"add": ["###"]}).json["fields"].keys() == {"add"}
    assert ana.post(f"{asked}/tags", {"add": ["x" * 41]}).json["fields"].keys() == {"add.0"}


def test_who_acted_is_recorded_as_the_tokens_person(world: World, asked: str, ana: Machine) -> None:
    ana.post(f"{asked}/assignment", {"agent": "me"})
    event = ConversationEvent.objects.get(kind="conversation.claimed")
    assert event.actor_id == world.ana.pk
    assert event.request_id
