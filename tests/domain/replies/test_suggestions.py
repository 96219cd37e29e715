"""What was answered where somebody asked alike: only what one may read, of the same brand, made ready for this one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.policies import access_of
from inbox.selectors.conversations import get_visible_conversation
from routing.models.triage import MessageTriage
from routing.selectors.suggestions import Suggestion, suggestions
from tests.factories import talk
from tests.personas import World

ASKED = "My suitcase went to Porto and I am in Leeds, where do I claim the delayed baggage?"
SAID = "Sorry, Petra. Claim delayed baggage at example.org/bags within 21 days, quote LH4711X."


def resolved(
    world: World,
    *,
    on: object = None,
    queue: object = None,
    asked: str = ASKED,
    said: str = SAID,
    mood: str | None = None,
) -> Conversation:
    """Somebody asked, was answered, and perhaps wrote again."""
    person = talk.profile(name="Petra Vance", handle="petra_v")
    row = talk.conversation(
        on or world.channels.northwind_x,
        queue or world.queues.care,
        text=asked,
        profile=person,
        status="resolved",
        waiting_since=None,
    )
    now = timezone.now()
    talk.message(row, said, direction="out", posted_at=now + timedelta(minutes=5), author=world.ana)
    if mood is not None:
        last = talk.message(row, "Right.", posted_at=now + timedelta(minutes=9))
        MessageTriage.objects.create(message=last, version="1", sentiment=mood, said={})
    return row


@pytest.fixture
def asking(world: World) -> Conversation:
    return talk.conversation(
        world.channels.northwind_x, world.queues.care, text="@northwindair suitcase in Porto, delayed baggage claim?"
    )


def found(row: Conversation, person: User) -> list[Suggestion]:
    access = access_of(person)
    return suggestions(get_visible_conversation(person, row.pk, access=access), person, access)


def test_the_most_alike_first_and_made_ready(world: World, asking: Conversation) -> None:
    weak = resolved(world, asked="Where is the baggage desk?", said="At gate 4.", mood="neutral")
    best = resolved(world, mood="positive")
    resolved(world, asked="Your new livery is lovely", said="Thank you.")
    one, *others = found(asking, world.ana)
    assert one.conversation_id == best.pk
    assert one.mood == "positive"
    assert one.text == "Sorry, Tess. Claim delayed baggage at example.org/bags within 21 days, quote ⟦number⟧."
    assert one.missing == ("⟦number⟧",)
    assert [other.conversation_id for other in others] in ([], [weak.pk])


def test_each_answer_once_and_at_most_three(world: World, asking: Conversation) -> None:
    for number in range(6):
        resolved(world, said=f"{SAID} {'x' * (number // 2)}")
    texts = [one.text for one in found(asking, world.ana)]
    assert len(texts) == len(set(texts)) == 3


def test_what_one_may_not_read_is_not_suggested(world: World, asking: Conversation) -> None:
    resolved(world, queue=world.queues.pr)
    resolved(world, on=world.channels.lumo_x)
    assert found(asking, world.ana) == []
    resolved(world, said="Open")
    Conversation.objects.filter(queue=world.queues.care, status="resolved").update(status="open", waiting_since=None)
    assert found(asking, world.ana) == []


def test_what_was_said_in_private_stays_there(world: World, asking: Conversation) -> None:
    row = resolved(world)
    Message.objects.filter(conversation=row, direction="out").update(visibility="private")
    assert found(asking, world.ana) == []


@pytest.mark.parametrize(
    "text", ["", "!!!", "42 4711 12:30", "' OR 1=1 --", "a\\'b & | ! :*", "<->", "ok", "%s %(x)s {0}", "🔥🔥"]
)
def test_any_text_is_taken(world: World, text: str) -> None:
    resolved(world)
    row = talk.conversation(world.channels.northwind_x, world.queues.care, text=text)
    assert found(row, world.ana) == []


def test_as_many_queries_for_twice_as_many(world: World, asking: Conversation) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert found(asking, world.ana)
        return len(caught)

    resolved(world, mood="neutral")
    first = queries()
    for number in range(8):
        resolved(world, said=f"Another answer {'x' * number}", mood="neutral")
    assert queries() == first
