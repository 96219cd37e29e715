"""Being told in the app: once, only who works here, and nothing of what one may not read any more."""

from datetime import UTC, datetime
from functools import partial

import pytest

from accounts.models import User
from core.events import UnknownKind
from inbox.models.conversation import Conversation
from inbox.policies import access_of
from routing.models.notice import Notice
from routing.selectors import notices as selectors
from routing.services import notices
from tests.personas import World
from tests.racing import race, split

DUE = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
WORDS = {"person": "Tess Moran", "promise": "First response", "due": DUE.isoformat()}


def test_it_tells_everybody_once(world: World, waiting: Conversation) -> None:
    people = [world.ana.pk, world.omar.pk]
    assert notices.tell(people, "sla.warned", waiting.pk, WORDS, key="clock:1:warned") == 2
    notices.tell(people, "sla.warned", waiting.pk, WORDS, key="clock:1:warned")

    [told] = selectors.notices_of(access_of(world.ana))
    assert (told.sentence, told.conversation_id) == ("Tess Moran: First response at risk", waiting.pk)
    assert (told.due_at, told.read_at) == (DUE, None)
    assert Notice.objects.count() == 2


def test_two_who_tell_the_same_tell_it_once(world: World, waiting: Conversation) -> None:
    tell = partial(notices.tell, [world.ana.pk], "sla.warned", waiting.pk, WORDS, key="clock:1:warned")
    _, lost = split(race(tell, tell))
    assert lost == []
    assert Notice.objects.count() == 1


def test_without_a_key_it_is_told_again(world: World, waiting: Conversation) -> None:
    for _ in range(2):
        notices.tell([world.ana.pk], "sla.warned", waiting.pk, WORDS)
    assert selectors.unread(access_of(world.ana)).count == 2


def test_the_disabled_are_left_out(world: World, waiting: Conversation) -> None:
    User.objects.filter(pk=world.ana.pk).update(is_active=False)
    assert notices.tell([world.ana.pk, 0], "sla.warned", waiting.pk, WORDS) == 0


def test_who_may_not_read_the_conversation_sees_nothing_of_it(world: World, waiting: Conversation) -> None:
    notices.tell([world.ana.pk, world.ben.pk], "sla.warned", waiting.pk, WORDS)
    assert selectors.notices_of(access_of(world.ben)) == []
    assert selectors.unread(access_of(world.ben)).count == 0


def test_reading(world: World, waiting: Conversation) -> None:
    for _ in range(3):
        notices.tell([world.ana.pk, world.omar.pk], "sla.warned", waiting.pk, WORDS)
    first = selectors.notices_of(access_of(world.ana))[0].pk
    assert notices.read(world.ana, ids=[first]) == 1
    assert notices.read(world.omar, ids=[first]) == 0, "it is not his"
    assert notices.read(world.ana, conversation_id=waiting.pk) == 2
    assert notices.read(world.ana) == 0
    assert selectors.unread(access_of(world.omar)).count == 3


def test_pages(world: World, waiting: Conversation) -> None:
    for _ in range(3):
        notices.tell([world.ana.pk], "sla.warned", waiting.pk, WORDS)
    access = access_of(world.ana)
    page = selectors.notices_of(access, limit=2)
    rest = selectors.notices_of(access, before=page[-1].pk)
    assert len({one.pk for one in [*page, *rest]}) == 3


def test_what_is_not_listed_cannot_be_told(world: World) -> None:
    with pytest.raises(UnknownKind):
        notices.tell([world.ana.pk], "sla.guessed", None, {})
