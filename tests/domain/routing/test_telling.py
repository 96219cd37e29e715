"""Who is told of what happens in a conversation: once, whom it concerns, as they want it, until it is decided."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Device, User
from channels.models import BrandAccess
from core.events import UnknownKind
from core.wording import day_and_time
from inbox.models.conversation import Conversation
from inbox.models.work import ConversationEvent
from inbox.policies import access_of
from inbox.services import dispatching, notes, ownership
from inbox.services.following import follow
from routing.models.attention import Attention
from routing.models.handoff import Handoff
from routing.models.notice import Notice
from routing.models.push import Push
from routing.notice_kinds import CAUSE_OF, KINDS, MAILED
from routing.selectors import notices as selectors
from routing.services import asks, escalation, followers, handoff, notices
from routing.services.handoff import person_of
from tests.factories import people, talk
from tests.personas import World
from tests.pushed import pushing_to
from tests.racing import race, split

pytestmark = pytest.mark.django_db(transaction=True)


def dispatch() -> None:
    while dispatching.dispatch_events():
        pass


def told(person: User) -> list[str]:
    return [one.sentence for one in selectors.notices_of(access_of(person), unread=True)]


def note(conversation: Conversation, author: User, text: str) -> None:
    notes.write(conversation.pk, actor=author, text=text, client_token=text)
    dispatch()


def test_every_kind_has_a_cause_and_words_for_the_letter_that_name_no_contact() -> None:
    kinds = {kind.code for kind in KINDS}
    assert kinds == set(CAUSE_OF) == set(MAILED)
    assert not [kind for kind, words in MAILED.items() if "person" in str(words)]
    with pytest.raises(UnknownKind):
        KINDS.check("note.mentioned", {"text": "private"})


def test_a_mention_tells_the_person_and_the_team_but_not_who_wrote_it(world: World, waiting: Conversation) -> None:
    note(waiting, world.ana, "@ben, @care: look")
    assert told(world.ben) == told(world.omar) == ["Ana Sandoval named you in a note: Tess Moran"]
    assert told(world.ana) == []
    assert told(world.mia) == []


def test_named_twice_and_told_again_by_the_dispatcher_is_told_once(world: World, waiting: Conversation) -> None:
    note(waiting, world.ana, "@omar and @care and @Omar Haddad")
    ConversationEvent.objects.update(dispatched_at=None)
    _, lost = split(race(dispatching.dispatch_events, dispatching.dispatch_events))
    assert lost == []
    assert Notice.objects.filter(user=world.omar).count() == 1


def test_who_was_named_and_sees_it_no_more_sees_nothing_of_it(world: World, waiting: Conversation) -> None:
    note(waiting, world.ana, "@ben")
    BrandAccess.objects.filter(user=world.ben).delete()
    assert told(world.ben) == []
    assert selectors.unread(access_of(world.ben)) == selectors.Unread()


def test_an_assignment_tells_whose_it_is_now(world: World, waiting: Conversation) -> None:
    ownership.assign(waiting.pk, to=world.ana, actor=world.omar)
    ownership.take_over(waiting.pk, actor=world.omar, seen_owner=world.ana.pk)
    dispatch()
    assert told(world.ana) == ["Omar Haddad took Tess Moran over from you", "Omar Haddad gave you Tess Moran"]
    assert told(world.omar) == []
    ownership.assign(waiting.pk, to=world.omar, actor=world.omar)
    dispatch()
    assert told(world.omar) == [], "nobody is told what they did"


def test_an_ask_tells_the_team_until_it_is_decided(world: World, waiting: Conversation) -> None:
    asked = handoff.ask(waiting.pk, to=world.queues.pr, actor=world.ana, reason="press")
    blind = people.person("Bo Blind", teams=[world.teams.pr])
    dispatch()
    assert told(world.ben) == ["Ana Sandoval asks PR to take Tess Moran"]
    assert not Notice.objects.filter(user=blind).exists(), "does not see the brand"
    handoff.decline(asked.pk, actor=world.ben, reason="no")
    dispatch()
    assert told(world.ben) == [], "what is decided needs no reading any more"
    content = asks.ask(waiting.pk, to=world.queues.marketing, actor=world.ana, ask="A picture")
    dispatch()
    assert told(world.mia) == ["Ana Sandoval asks Marketing for content: Tess Moran"]
    asks.withdraw(content.pk, actor=world.ana)
    dispatch()
    assert told(world.mia) == []


def test_an_escalation_tells_the_team_until_somebody_acknowledges_it(world: World, waiting: Conversation) -> None:
    row = escalation.escalate(
        waiting.pk, to=world.queues.pr, actor=world.ana, reason="press", summary="A journalist", within=30
    )
    dispatch()
    [one] = selectors.notices_of(access_of(world.ben))
    assert one.sentence == "Ana Sandoval escalated Tess Moran to PR"
    assert one.due_at == row.respond_by
    escalation.acknowledge(row.pk, actor=world.ben)
    dispatch()
    assert told(world.ben) == []


def test_what_was_overdue_needs_no_reading_once_it_is_decided(world: World, waiting: Conversation) -> None:
    row = escalation.escalate(waiting.pk, to=world.queues.pr, actor=world.ana, reason="press", within=30)
    for _level in (1, 2):
        Handoff.objects.filter(pk=row.pk).update(chase_at=timezone.now())
        escalation.chase()
    overdue = [f"{person_of(waiting)}: PR was to acknowledge it by {day_and_time(row.respond_by)}"] * 2
    assert told(world.ana) == told(world.ada) == overdue
    handoff.accept(row.pk, actor=world.ben)
    dispatch()
    assert told(world.ana) == told(world.ada) == []


def wrote(conversation: Conversation, text: str, **fields: object) -> None:
    newest = talk.message(conversation, text, **fields)
    Conversation.objects.filter(pk=conversation.pk).update(last_message=newest.pk)


def test_a_follower_is_told_once_until_they_have_read_it(world: World, waiting: Conversation) -> None:
    follow(waiting.pk, actor=world.omar, following=True)
    assert followers.tell_followers() == 0, "nothing is new"
    for text in ("first", "second"):
        wrote(waiting, text)
        followers.tell_followers()
    assert told(world.omar) == ["Tess Moran wrote again; you follow it"]
    notices.read(world.omar, conversation_id=waiting.pk)
    assert followers.tell_followers() == 0, "they have seen what was there"
    wrote(waiting, "ours", direction="out", author=world.ana)
    _, lost = split(race(followers.tell_followers, followers.tell_followers))
    assert lost == []
    assert told(world.omar) == ["Ana Sandoval answered Tess Moran; you follow it"]


def test_who_wrote_or_follows_no_longer_is_not_told(world: World, waiting: Conversation) -> None:
    follow(waiting.pk, actor=world.omar, following=True)
    wrote(waiting, "ours", direction="out", author=world.omar)
    assert followers.tell_followers() == 0
    wrote(waiting, "theirs")
    follow(waiting.pk, actor=world.omar, following=False)
    assert followers.tell_followers() == 0


def test_what_somebody_does_not_want_is_not_told(world: World, waiting: Conversation) -> None:
    Attention.objects.create(user=world.ben, not_told=["mention"])
    Attention.objects.create(
        user=world.omar, not_told=["mention", "followed"], digest="hourly", next_digest_at=timezone.now()
    )
    note(waiting, world.ana, "@ben @omar")
    assert not Notice.objects.filter(user=world.ben).exists()
    [kept] = Notice.objects.filter(user=world.omar)
    assert not kept.in_app, "it is for the digest alone"
    assert told(world.omar) == []
    follow(waiting.pk, actor=world.omar, following=True)
    wrote(waiting, "again")
    assert followers.tell_followers() == 1
    assert followers.tell_followers() == 0


def test_what_is_wanted_on_devices_alone_is_told_for_them(world: World, waiting: Conversation, settings: Any) -> None:
    pushing_to(settings)
    Attention.objects.create(user=world.omar, not_told=["mention", "followed"], not_pushed=["mention"])
    follow(waiting.pk, actor=world.omar, following=True)
    wrote(waiting, "nobody is to be told of it")
    assert followers.tell_followers() == 0, "they have no device"
    Device.objects.create(user=world.omar, sealed=b"", fingerprint="one")
    assert followers.tell_followers() == 1
    note(waiting, world.ana, "@omar")
    [kept] = Notice.objects.all()
    assert (kept.kind, kept.in_app, kept.to_push) == ("followed.wrote", False, True)
    assert followers.tell_followers() == 0
    Push.objects.create(notice=kept, device=Device.objects.get())
    wrote(waiting, "it is on its way")
    assert followers.tell_followers() == 0
    Push.objects.update(state="held_back", why="in_peace", settled_at=timezone.now())
    assert followers.tell_followers() == 1, "what rang nowhere holds up nothing that comes after it"
