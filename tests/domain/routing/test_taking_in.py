"""From a stored page to a queue, a person and a clock, with the reasons kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.models.work import ConversationEvent, TriageWork
from routing.models.decision import Decision
from routing.models.sla import SlaClock
from routing.models.triage import MessageTriage
from routing.rules import packing
from routing.services import assignment, pipeline, taking_in
from tests import personas
from tests.domain.assignment.staff import here, pushing
from tests.domain.targets.stage import policy
from tests.factories.pages import person, post, store
from tests.racing import race, split

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> personas.World:
    return personas.world()


def drain() -> int:
    taken = 0
    while found := pipeline.take_in(taking_in.route):
        taken += found
    return taken


def page(world: personas.World, name: str, n: int) -> None:
    channel = world.channels.northwind_x
    texts = ("My bag is lost, this is a disgrace", "Thank you, great flight!", "When does gate 4 open?")
    items = (
        post(f"{name}{i}", by=person(f"{name}{i}"), minute=i, text=texts[i % 3], mentions=(channel.external_id,))
        for i in range(n)
    )
    store(channel, *items)


def test_every_message_is_judged_and_decided_about(world: personas.World) -> None:
    page(world, "a", 6)
    assert drain() == 6
    assert MessageTriage.objects.count() == Decision.objects.count() == Message.objects.count() == 6
    lost = MessageTriage.objects.get(message__external_id="a0")
    assert (lost.language, lost.sentiment, lost.kind) == ("en", "negative", "complaint")
    assert MessageTriage.objects.get(message__external_id="a1").kind == "praise"
    assert MessageTriage.objects.get(message__external_id="a2").kind == "question"
    decision = Decision.objects.get(message__external_id="a0")
    facts = packing.unpack_facts(decision.facts, message_id=lost.message_id, conversation_id=1)
    assert (facts.kind, facts.sentiment, facts.new) == ("complaint", "negative", True)


def test_what_has_reach_goes_to_pr_by_the_rules_as_shipped(world: personas.World) -> None:
    store(world.channels.northwind_x, post("big", by=person("big", followers=900_000)))
    drain()
    assert Conversation.objects.get().queue == world.queues.pr
    assert Decision.objects.get().rules


def test_it_has_a_clock_and_finds_a_person(world: personas.World) -> None:
    channel = world.channels.northwind_x
    channel.connected_at = post("x").posted_at
    channel.save(update_fields=["connected_at"])
    policy(world)
    pushing(world.queues.care)
    here(world.ana)
    page(world, "a", 3)
    drain()
    assert assignment.drain() == 3
    assert set(Conversation.objects.values_list("owner", flat=True)) == {world.ana.pk}
    assert SlaClock.objects.filter(kind="first").count() == 3
    assert not Conversation.objects.filter(due_at=None).exists()


def test_taking_the_same_page_in_again_changes_nothing(world: personas.World) -> None:
    page(world, "a", 4)
    ids = TriageWork.objects.get().message_ids
    drain()
    before = list(ConversationEvent.objects.values_list("pk", flat=True))
    TriageWork.objects.create(message_ids=ids)
    assert drain() == 4
    assert Decision.objects.count() == MessageTriage.objects.count() == 4
    assert list(ConversationEvent.objects.values_list("pk", flat=True)) == before


def test_workers_side_by_side_take_all_of_it_in_once(world: personas.World) -> None:
    for name in "abcdef":
        page(world, name, 5)
    won, lost = split(race(drain, drain, drain))
    assert (sum(won), lost) == (30, [])
    assert Decision.objects.count() == MessageTriage.objects.count() == 30


def test_a_page_costs_the_same_number_of_statements_however_long(world: personas.World) -> None:
    drain()
    costs = []
    for name, n in (("w", 3), ("a", 3), ("b", 12)):
        page(world, name, n)
        with CaptureQueriesContext(connection) as captured:
            assert drain() == n
        costs.append(len(captured))
    assert costs[1] == costs[2]
