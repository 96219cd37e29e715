"""Naming colleagues and teams in a note: who may read then, who does not, and what the author learns of it."""

import pytest

from accounts.models import User
from channels.models import BrandAccess
from inbox.models.conversation import Conversation, Grant
from inbox.models.work import ConversationEvent, Note
from inbox.policies import access_of
from inbox.selectors import colleagues
from inbox.services import notes
from tests.factories import people
from tests.personas import World

pytestmark = pytest.mark.django_db(transaction=True)


def write(conversation: Conversation, author: User, text: str, token: str = "t") -> notes.Written:
    return notes.write(conversation.pk, actor=author, text=text, client_token=token)


def reads(person: User, conversation: Conversation) -> bool:
    return Conversation.objects.visible_to(access_of(person)).filter(pk=conversation.pk).exists()


def test_a_person_and_a_team_may_read_it_from_then_on(world: World, waiting: Conversation) -> None:
    written = write(waiting, world.ana, "@Ben Achterberg and @marketing, look. Thanks @ana")

    assert written.remarks == ()
    assert reads(world.ben, waiting)
    assert reads(world.mia, waiting)
    granted = Grant.objects.filter(reason=Grant.Reason.MENTIONED).values_list("user_id", "team_id")
    assert set(granted) == {(world.ben.pk, None), (None, world.teams.marketing.pk)}
    event = ConversationEvent.objects.get(kind="conversation.noted")
    assert event.data == {
        "note_id": written.note.pk,
        "people": [world.ben.pk],
        "teams": [world.teams.marketing.pk],
    }


def test_marks_say_where_each_name_stands(world: World, waiting: Conversation) -> None:
    text = "Ask @ben."
    note = Note.objects.get(pk=write(waiting, world.ana, f"  {text}\n").note.pk)
    [mark] = note.mentions
    assert note.text[mark["at"] : mark["end"]] == "@ben"
    assert (mark["kind"], mark["id"], mark["told"]) == ("person", world.ben.pk, True)


def test_who_does_not_see_the_brand_is_not_told_and_the_author_learns_it(world: World, waiting: Conversation) -> None:
    legal = people.team("Legal", "legal")
    people.person("Lea Brandt", teams=[legal])

    written = write(waiting, world.ana, "@zoe @legal @northwindair")

    assert written.remarks == (
        "Zoe Lindqvist does not see Northwind Air and was not told.",
        "Nobody of Legal sees Northwind Air: nobody was told.",
        "Nobody is called @northwindair.",
    )
    assert not Grant.objects.filter(reason=Grant.Reason.MENTIONED).exists()
    assert ConversationEvent.objects.get(kind="conversation.noted").data["people"] == []
    assert write(waiting, world.ana, "@zoe @legal @northwindair").remarks == written.remarks, "a repeat says the same"


def test_a_first_name_of_two_is_asked_back(world: World, waiting: Conversation) -> None:
    people.person("Ben Meyer", email="ben2@socialcare.example", teams=[world.teams.pr], brands=[world.brands.northwind])
    assert write(waiting, world.ana, "@ben").remarks == (
        "@ben could be Ben Achterberg or Ben Meyer: write @ben.achterberg or @ben.meyer.",
    )
    BrandAccess.objects.filter(user__name="Ben Meyer").delete()
    assert write(waiting, world.ana, "@ben", "again").remarks == (), "the other one could not be meant"


def test_the_disabled_and_machines_cannot_be_named(world: World, waiting: Conversation) -> None:
    User.objects.filter(pk=world.ben.pk).update(is_active=False)
    assert write(waiting, world.ana, "@ben").remarks == ("Nobody is called @ben.",)


def test_the_list_offers_who_sees_the_brand(world: World) -> None:
    people.person("Alma Benn", teams=[world.teams.care], brands=[world.brands.lumo])

    def offered(text: str) -> list[str]:
        found = colleagues.beginning_with(world.brands.northwind.pk, text, but=world.ana.pk)
        return [one.name for one in found]

    assert offered("be") == ["Ben Achterberg"]
    assert offered("acht") == ["Ben Achterberg"]
    assert offered("ben.a") == ["Ben Achterberg"]
    assert offered("ana") == []
    assert offered("") == ["Ada Nwosu", "Ben Achterberg", "Mia Castell", "Omar Haddad", "Care", "Marketing", "PR"]
