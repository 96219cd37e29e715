"""Tags and notes about a person, each for its brand."""

import pytest

from core.errors import Conflict, Forbidden, Invalid, NotFound
from inbox.models.conversation import Conversation
from inbox.policies import access_of
from inbox.selectors.contacts import customer_of
from inbox.services import contact_facts, contacts
from tests.factories import talk
from tests.personas import World
from tests.racing import race


def beside(of: Conversation, who: object):
    return customer_of(Conversation.objects.select_related("profile").get(pk=of.pk), access_of(who))


def test_tags_come_and_go_and_stay_within_the_brand(world: World, waiting: Conversation) -> None:
    assert contact_facts.tag(waiting.pk, actor=world.ana, add=["Gold Member", "#vip"]) == ["gold member", "vip"]
    assert contact_facts.tag(waiting.pk, actor=world.ana, add=["vip"], remove=["gold member"]) == ["vip"]
    assert beside(waiting, world.ana).tags == ["vip"]
    elsewhere = talk.conversation(world.channels.lumo_x, world.queues.care, profile=waiting.profile)
    assert beside(elsewhere, world.ana).tags == []


@pytest.mark.parametrize(
    ("add", "words"), [(["muslim"], "forbid"), ([""], "1 to 40"), ([f"t{n}" for n in range(11)], "At most 10")]
)
def test_what_may_not_be_noted_is_refused(world: World, waiting: Conversation, add: list[str], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        contact_facts.tag(waiting.pk, actor=world.ana, add=add)
    assert beside(waiting, world.ana).tags == []


def test_a_note_is_written_once_and_its_text_erased_when_taken_away(world: World, waiting: Conversation) -> None:
    note = contact_facts.note(waiting.pk, actor=world.ana, text="Travels with a wheelchair lift.", client_token="k1")
    again = contact_facts.note(waiting.pk, actor=world.ana, text="Travels with a wheelchair lift.", client_token="k1")
    assert again == note
    with pytest.raises(Conflict):
        contact_facts.note(waiting.pk, actor=world.ana, text="Other.", client_token="k1")
    assert [each.text for each in beside(waiting, world.ana).notes] == ["Travels with a wheelchair lift."]
    other = talk.conversation(world.channels.northwind_facebook, world.queues.care)
    contacts.merge(other.pk, waiting.profile_id, actor=world.ana)
    assert [each.pk for each in beside(other, world.ana).notes] == [note.pk]
    contact_facts.remove_note(other.pk, note.pk, actor=world.omar)
    contact_facts.remove_note(other.pk, note.pk, actor=world.omar)
    note.refresh_from_db()
    assert note.text == ""
    assert beside(other, world.ana).notes == []


def test_who_may_not_act_notes_nothing(world: World, waiting: Conversation) -> None:
    note = contact_facts.note(waiting.pk, actor=world.ana, text="Yes.", client_token="k")
    with pytest.raises(NotFound):
        contact_facts.note(waiting.pk, actor=world.ben, text="No.", client_token="k")
    for act in (
        lambda: contact_facts.note(waiting.pk, actor=world.ada, text="No.", client_token="k"),
        lambda: contact_facts.tag(waiting.pk, actor=world.ada, add=["vip"]),
    ):
        with pytest.raises(Forbidden):
            act()
    elsewhere = talk.conversation(world.channels.lumo_x, world.queues.care, profile=waiting.profile)
    with pytest.raises(NotFound):
        contact_facts.remove_note(elsewhere.pk, note.pk, actor=world.ana)


def test_of_the_same_note_twice_at_once_one_is_kept(world: World, waiting: Conversation) -> None:
    def write() -> int:
        return contact_facts.note(waiting.pk, actor=world.ana, text="Once.", client_token="same").pk

    first, second = race(write, write)
    assert first == second
    assert waiting.events.filter(kind="contact.noted").count() == 1
