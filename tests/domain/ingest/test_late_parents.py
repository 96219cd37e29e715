"""A late parent shows that two conversations are one: nothing that hung on either is lost, whatever both had."""

import uuid
from datetime import timedelta

import pytest

from inbox.models.conversation import Case, Conversation, ConversationLink, Grant
from inbox.models.message import Message
from inbox.models.work import ConversationEvent, ConversationTag, Draft
from inbox.services import lifecycle, notes, ownership, tags
from routing.models.handoff import Handoff
from routing.services import handoff
from tests import personas
from tests.factories.pages import START, person, post, private, reading_world, store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> personas.World:
    return reading_world()


@pytest.fixture
def two(world: personas.World) -> tuple[Conversation, Conversation]:
    """Of one person: the later post, whose parent is not known yet, and the root."""
    store(world.channels.northwind_x, post("3", in_reply_to="2", minute=3))
    store(world.channels.northwind_x, post("1", minute=1))
    return Conversation.objects.get(thread_key="post:2"), Conversation.objects.get(thread_key="post:1")


def join(world: personas.World) -> Conversation:
    store(world.channels.northwind_x, post("2", in_reply_to="1", minute=2))
    return Conversation.objects.get(merged_into=None, thread_key__startswith="post:")


def test_what_both_have_does_not_stop_the_page(world: personas.World, two: tuple[Conversation, Conversation]) -> None:
    for row in two:
        ownership.claim(row.pk, actor=world.ana)
        tags.change(row.pk, actor=world.ana, add=["refund"])
        Draft.objects.create(
            conversation=row, user=world.ana, mode="public", text=f"to {row.pk}", client_token=uuid.uuid4()
        )
        notes.write(row.pk, actor=world.ana, text="Look here.", client_token=uuid.uuid4().hex)
    gone, kept = two

    assert join(world).pk == kept.pk

    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (gone.merged_into, gone.status, gone.owner) == (kept, "resolved", None)
    assert (kept.owner, kept.waiting_since) == (world.ana, START + timedelta(minutes=1))
    assert kept.lease_until is not None
    assert ConversationTag.objects.get().conversation == kept
    assert Grant.objects.get(reason="owner").conversation == kept
    assert Draft.objects.get().text == f"to {kept.pk}\n\nto {gone.pk}"
    assert kept.notes.count() == 2
    assert Message.objects.filter(conversation=kept).count() == 3
    assert ConversationEvent.objects.filter(conversation=kept, kind="conversation.rethreaded").count() == 1


def test_there_is_one_open_case_with_the_earliest_times(
    world: personas.World, two: tuple[Conversation, Conversation]
) -> None:
    gone, kept = two
    lifecycle.resolve(kept.pk, actor=world.ana, disposition="expired")
    Case.objects.filter(conversation=gone).update(first_inbound_at=START)
    join(world)
    kept.refresh_from_db()
    assert (kept.status, kept.waiting_since) == ("open", START + timedelta(minutes=2))
    case = Case.objects.get(resolved_at=None)
    assert (case.conversation, case.first_inbound_at) == (kept, START)
    assert Case.objects.get(conversation=gone).disposition == "duplicate"


def test_an_open_hand_over_goes_on(world: personas.World, two: tuple[Conversation, Conversation]) -> None:
    gone, kept = two
    asked = handoff.ask(gone.pk, to=world.queues.pr, actor=world.ana, reason="Press.")
    join(world)
    asked.refresh_from_db()
    assert (asked.conversation, asked.state) == (kept, "open")
    assert handoff.accept(asked.pk, actor=world.ben).state == "accepted"


def test_of_two_open_hand_overs_one_is_withdrawn(world: personas.World, two: tuple[Conversation, Conversation]) -> None:
    first, second = (handoff.ask(row.pk, to=world.queues.pr, actor=world.ana, reason="Press.") for row in two)
    kept = join(world)
    first.refresh_from_db()
    assert (first.conversation, first.state, first.decided_by) == (kept, "withdrawn", None)
    assert Handoff.objects.get(state="open") == second
    assert Grant.objects.filter(reason="handoff").count() == 1


def test_the_link_to_the_private_exchange_stays(world: personas.World, two: tuple[Conversation, Conversation]) -> None:
    gone, kept = two
    store(world.channels.northwind_x, private("d1", by=person(), root="x-1"))
    exchange = Conversation.objects.get(thread_key="dm:x-1")
    ConversationLink.objects.create(public=gone, private=exchange, created_by=world.ana)
    join(world)
    assert ConversationLink.objects.get().public == kept
