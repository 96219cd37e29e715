"""Lists, one conversation, its messages and notes: what is yours, by filters and pages, at a fixed cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.serializers import outputs
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.services import ownership, tags
from routing.services import corrections
from tests.api.client import Machine
from tests.api.shapes import check
from tests.factories import pages, talk
from tests.personas import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def talks(world: World) -> dict[str, Conversation]:
    """One conversation per place and state."""
    x, lumo, care, pr = world.channels.northwind_x, world.channels.lumo_x, world.queues.care, world.queues.pr
    at = timezone.now()
    resting = {"waiting_since": None}
    made = {
        "waiting": talk.conversation(x, care, text="Where is my bag?"),
        "quiet": talk.conversation(x, care, text="Thanks for the bag tag", **resting),
        "owned": talk.conversation(lumo, care, text="No signal, no bag"),
        "pending": talk.conversation(x, care, text="bag pending", status="pending", **resting),
        "snoozed": talk.conversation(x, care, status="snoozed", snoozed_until=at + timedelta(days=1), **resting),
        "resolved": talk.conversation(x, care, text="bag found", status="resolved", **resting),
        "pr": talk.conversation(x, pr, text="A bag of questions"),
    }
    ownership.claim(made["owned"].pk, actor=world.ana)
    return made


def names(talks: dict[str, Conversation], answer: Any) -> set[str]:
    assert answer.status == 200, answer
    by_id = {row.pk: name for name, row in talks.items()}
    found = [by_id[line["id"]] for line in answer.json["results"]]
    assert len(found) == len(set(found))
    return set(found)


ACTIVE = {"waiting", "quiet", "owned"}
ALL = ACTIVE | {"pending", "snoozed", "resolved"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ACTIVE),
        ({"status": "needs_reply"}, {"waiting", "owned"}),
        ({"status": "pending"}, {"pending"}),
        ({"status": "snoozed"}, {"snoozed"}),
        ({"status": "resolved"}, {"resolved"}),
        ({"status": "any"}, ALL),
        ({"assignee": "me"}, {"owned"}),
        ({"assignee": "none"}, {"waiting", "quiet"}),
        ({"assignee": "none", "status": "any"}, ALL - {"owned"}),
        ({"assignee": "me", "status": "any"}, {"owned"}),
        ({"queue": "care"}, ACTIVE),
        ({"queue": "care", "assignee": "me"}, {"owned"}),
        ({"queue": "pr"}, set()),
        ({"brand": "lumo-mobile"}, {"owned"}),
        ({"brand": "northwind-air", "status": "any"}, ALL - {"owned"}),
        ({"text": "bag"}, ACTIVE),
        ({"text": "bag", "status": "any"}, ALL),
        ({"text": "bag", "status": "needs_reply"}, {"waiting", "owned"}),
        ({"text": "bag", "assignee": "me"}, {"owned"}),
        ({"text": "bag", "assignee": "none"}, {"waiting", "quiet"}),
        ({"text": "bag", "queue": "pr"}, set()),
        ({"text": "bag -tag", "brand": "northwind-air"}, {"waiting"}),
    ],
)
def test_filters(talks: dict[str, Conversation], ana: Machine, query: dict[str, str], expected: set[str]) -> None:
    assert names(talks, ana.get("conversations", **query)) == expected


def test_the_mood_stands_in_the_list_and_beside_the_conversation(
    world: World, talks: dict[str, Conversation], ana: Machine
) -> None:
    told = talks["waiting"]
    corrections.correct(told.messages.get().pk, label="sentiment", value="negative", actor=world.ana)
    moods = {line["id"]: line["mood"] for line in ana.get("conversations").json["results"]}
    assert moods == {talks[name].pk: "negative" if name == "waiting" else None for name in ACTIVE}
    assert ana.get(f"conversations/{told.pk}").json["mood"] == "negative"


def test_filters_by_number(world: World, talks: dict[str, Conversation], ana: Machine) -> None:
    assert names(talks, ana.get("conversations", channel=world.channels.lumo_x.pk)) == {"owned"}
    assert names(talks, ana.get("conversations", text="bag", channel=world.channels.lumo_x.pk)) == {"owned"}
    assert names(talks, ana.get("conversations", assignee=world.ana.pk)) == {"owned"}
    assert names(talks, ana.get("conversations", assignee=world.omar.pk)) == set()
    assert names(talks, ana.get("conversations", queue=world.queues.care.pk)) == ACTIVE
    assert names(talks, ana.get("conversations", channel=10**17)) == set()


def test_pages_join_without_gap_or_repeat(talks: dict[str, Conversation], ana: Machine) -> None:
    for query in ({"status": "any"}, {"status": "any", "text": "bag"}, {"status": "any", "assignee": "none"}):
        whole = [line["id"] for line in ana.get("conversations", **query).json["results"]]
        found, cursor = [], None
        while cursor != "":
            page = ana.get("conversations", limit=2, **query, **({"cursor": cursor} if cursor else {})).json
            found += [line["id"] for line in page["results"]]
            cursor = page["next"] or ""
        assert found == whole


def test_one_conversation_looks_as_described(world: World, waiting: Conversation, ana: Machine) -> None:
    words = [f"word{i:02}" for i in range(12)]
    tags.change(waiting.pk, actor=world.ana, add=words)
    ownership.claim(waiting.pk, actor=world.ana)
    ana.post(f"conversations/{waiting.pk}/handoffs", {"queue": "pr", "reason": "Press"})
    answer = ana.get(f"conversations/{waiting.pk}").json
    check(answer, outputs.ConversationDetailShape())
    waiting.refresh_from_db()
    assert answer["revision"] == waiting.revision
    assert answer["thread_key"] == waiting.thread_key
    assert answer["tags"] == words
    assert answer["owner"] == {"id": world.ana.pk, "name": "Ana Sandoval"}
    assert answer["handoff"]["to_queue"]["slug"] == "pr"
    assert answer["case"]["number"] == 1
    listed = ana.get("conversations").json
    check(listed, outputs.ConversationPageShape())
    assert listed["results"][0].items() <= answer.items()


def test_a_merged_conversation_is_gone_for_everybody(
    world: World, waiting: Conversation, machine: Callable[[str], Machine]
) -> None:
    other = talk.conversation(world.channels.northwind_x, world.queues.care)
    Conversation.objects.filter(pk=other.pk).update(merged_into=waiting, status="resolved", waiting_since=None)
    for name in ("ana", "ada"):
        assert machine(name).get(f"conversations/{other.pk}").status == 404
        assert machine(name).post(f"conversations/{other.pk}/assignment", {"agent": "me"}).status == 404


def test_messages_oldest_first_with_what_they_answer(waiting: Conversation, ana: Machine) -> None:
    first = Message.objects.get(conversation=waiting)
    more = [talk.message(waiting, f"again {i}", in_reply_to=first.external_id) for i in range(4)]
    found: list[dict[str, Any]] = []
    cursor = None
    while cursor != "":
        page = ana.get(f"conversations/{waiting.pk}/messages", limit=2, **({"cursor": cursor} if cursor else {})).json
        check(page, outputs.MessagePageShape())
        found += page["results"]
        cursor = page["next"] or ""
    assert [one["id"] for one in found] == [first.pk, *(one.pk for one in more)]
    assert {(one["in_reply_to"], one["answers"]) for one in found[1:]} == {(first.external_id, first.pk)}
    assert (found[0]["in_reply_to"], found[0]["answers"]) == (None, None)


def test_what_a_message_answers_is_not_told_where_it_may_not_be_read(
    world: World, waiting: Conversation, ana: Machine
) -> None:
    secret = talk.conversation(world.channels.northwind_x, world.queues.pr)
    parent = Message.objects.get(conversation=secret)
    talk.message(waiting, "see there", in_reply_to=parent.external_id)
    last = ana.get(f"conversations/{waiting.pk}/messages").json["results"][-1]
    assert (last["in_reply_to"], last["answers"]) == (parent.external_id, None)


def test_in_which_ways_a_text_was_changed_is_said_in_words(world: World, ana: Machine) -> None:
    channel = world.channels.northwind_x
    channel.connected_at = pages.START - timedelta(days=1)
    channel.save(update_fields=["connected_at"])
    pages.store(channel, pages.post("1", text="@northwindair my card 4111 1111 1111 1111 was charged"))
    message = ana.get(f"channels/{channel.pk}/messages").json["results"][0]
    assert message["notes"] == ["card"]
    assert "4111" not in message["text"]


def test_notes(waiting: Conversation, ana: Machine) -> None:
    path = f"conversations/{waiting.pk}/notes"
    made = ana.post(path, {"text": "Called @Omar Haddad."}, key="n1")
    check(made.json, outputs.WrittenNoteShape())
    assert made.status == 201
    assert ana.post(path, {"text": "Called @Omar Haddad.", "client_token": "other"}, key="n1").json == made.json
    again = ana.post(path, {"text": "Something else."}, key="n1")
    assert (again.status, again.json["code"]) == (409, "idempotency_mismatch")
    [listed] = ana.get(path).json["results"]
    assert {**listed, "remarks": []} == made.json
    assert [one["told"] for one in listed["mentions"]] == [True]
    told = ana.post(path, {"text": "And @zoe"}, key="n2").json
    assert told["remarks"] == ["Zoe Lindqvist does not see Northwind Air and was not told."]


@pytest.mark.parametrize(
    "path", ["conversations", "conversations?text=bag", "conversations?status=any&assignee=me", "channels/{x}/messages"]
)
def test_a_list_costs_the_same_however_long(world: World, ana: Machine, path: str) -> None:
    path = path.format(x=world.channels.northwind_x.pk)

    def grow(n: int) -> None:
        for _ in range(n):
            row = talk.conversation(world.channels.northwind_x, world.queues.care, text="my bag")
            talk.message(row, "my bag again", in_reply_to=row.thread_key.removeprefix("post:"))
            ownership.claim(row.pk, actor=world.ana)
            tags.change(row.pk, actor=world.ana, add=[f"t{row.pk}"])

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = ana.get(path)
        return len(queries), len(answer.json["results"])

    grow(3)
    cost()
    before, few = cost()
    grow(3)
    after, many = cost()
    assert many == 2 * few
    assert before == after <= 9


def test_one_conversation_costs_the_same_however_long(world: World, waiting: Conversation, ana: Machine) -> None:
    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ana.get(path).status == 200
        return len(queries)

    paths = [f"conversations/{waiting.pk}{rest}" for rest in ("", "/messages", "/notes")]
    grown = []
    for _ in range(3):
        first = Message.objects.filter(conversation=waiting).earliest("id")
        talk.message(waiting, "and", in_reply_to=first.external_id)
        ana.post(f"conversations/{waiting.pk}/notes", {"text": "word"})
        grown.append([cost(path) for path in paths])
    assert grown[1] == grown[2]
    assert max(grown[2]) <= 9


def test_reading_changes_nothing(world: World, talks: dict[str, Conversation], machine: Any) -> None:
    before = list(Conversation.objects.order_by("pk").values())
    for path in ("conversations", f"conversations/{talks['owned'].pk}", f"conversations/{talks['owned'].pk}/messages"):
        assert machine("ana").get(path).status == 200
    assert list(Conversation.objects.order_by("pk").values()) == before
