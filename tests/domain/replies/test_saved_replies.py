"""Saved replies: who may see and write them, what is refused, who wins, and where they were used."""

import uuid
from dataclasses import replace
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccountEvent, User
from channels.models import BrandAccess
from core.errors import Conflict, Forbidden, Invalid, NotFound
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.models.reply import SavedReply, SavedReplyUse
from inbox.models.work import Draft
from inbox.policies import access_of
from inbox.selectors import saved_replies as selector
from inbox.services import drafts, replies, saved_replies
from inbox.services.saved_replies import Wording
from inbox.services.sharing import Sharing
from tests.personas import World
from tests.racing import race, split

SORRY = Wording("Sorry", "Sorry, {first name}. {agent}, {brand}")
EVERYBODY = Sharing("everybody")


def own(person: User, name: str = "Mine", text: str = "Hello") -> SavedReply:
    return saved_replies.create(Wording(name, text), Sharing(), actor=person)


def of_team(world: World, person: User, **more: object) -> SavedReply:
    return saved_replies.create(Wording("Ours", "Hello", **more), Sharing("team", world.teams.care.pk), actor=person)


def names(person: User, **more: object) -> list[str]:
    return [row.name for row in selector.listed(access_of(person), **more)]


def test_who_sees_which(world: World) -> None:
    own(world.ana)
    of_team(world, world.ana)
    saved_replies.create(SORRY, EVERYBODY, actor=world.omar)
    saved_replies.create(
        replace(SORRY, name="Lumo"), Sharing("everybody", brand_id=world.brands.lumo.pk), actor=world.ada
    )
    assert names(world.ana) == ["Lumo", "Mine", "Ours", "Sorry"]
    assert names(world.omar) == ["Lumo", "Ours", "Sorry"]
    assert names(world.ben) == ["Lumo", "Sorry"]
    assert names(world.ada) == ["Lumo", "Ours", "Sorry"]  # nobody else's own, not even for administrators
    assert names(world.zoe) == []
    BrandAccess.objects.filter(user=world.ben, brand=world.brands.lumo).delete()
    assert names(world.ben) == ["Sorry"]


def test_what_one_does_not_see_looks_absent(world: World) -> None:
    mine, ours = own(world.ana), of_team(world, world.ana)
    for row, stranger in ((mine, world.omar), (mine, world.ada), (ours, world.ben), (ours, world.zoe)):
        for act in (
            saved_replies.archive,
            saved_replies.restore,
            partial(saved_replies.change, wording=SORRY, shared=Sharing()),
        ):
            with pytest.raises(NotFound):
                act(row.pk, actor=stranger)


def test_agents_do_not_write_what_everybody_uses(world: World) -> None:
    with pytest.raises(Forbidden):
        saved_replies.create(SORRY, EVERYBODY, actor=world.ana)
    row = saved_replies.create(SORRY, EVERYBODY, actor=world.omar)
    with pytest.raises(Forbidden):
        saved_replies.change(row.pk, SORRY, Sharing(), actor=world.ana)
    mine = own(world.ana)
    with pytest.raises(Forbidden):
        saved_replies.change(mine.pk, SORRY, EVERYBODY, actor=world.ana)
    with pytest.raises(Invalid) as refusal:
        saved_replies.create(SORRY, Sharing("team", world.teams.pr.pk), actor=world.ana)
    assert refusal.value.fields == {"team": "There is no such team."}


@pytest.mark.parametrize(
    ("wording", "field", "says"),
    [
        (replace(SORRY, name=" \0 "), "name", "1 to 80"),
        (replace(SORRY, name="x" * 81), "name", "1 to 80"),
        (replace(SORRY, text="  "), "text", "Write the text"),
        (replace(SORRY, text="x" * 5001), "text", "5,000"),
        (replace(SORRY, text="Hi {firstname}"), "text", "There is no variable {firstname}. There are {first name}"),
        (replace(SORRY, text="Hi ⟦case⟧"), "text", "braces"),
        (replace(SORRY, text="a\0b"), "text", "cannot be sent"),
        (replace(SORRY, networks=["myspace"]), "networks", "myspace"),
        (replace(SORRY, language="<b>"), "language", "code"),
        (replace(SORRY, queue_ids=[10**9]), "queues", "queue"),
    ],
)
def test_bad_input_is_named(world: World, wording: Wording, field: str, says: str) -> None:
    with pytest.raises(Invalid) as refusal:
        saved_replies.create(wording, Sharing(), actor=world.ana)
    assert says in refusal.value.fields[field]
    assert not SavedReply.objects.exists()


def test_two_of_one_name_beside_each_other(world: World) -> None:
    own(world.ana, "Hours")
    with pytest.raises(Invalid) as refusal:
        own(world.ana, "HOURS")
    assert refusal.value.fields.keys() == {"name"}
    own(world.ben, "Hours")
    _, lost = split(race(*(partial(own, world.mia, "Same") for _ in range(2))))
    assert [type(error) for error in lost] == [Invalid]


def test_two_change_the_same_one(world: World) -> None:
    row = of_team(world, world.ana)
    one, other = (
        partial(
            saved_replies.change,
            row.pk,
            Wording(who.name, "Hello"),
            Sharing("team", world.teams.care.pk),
            actor=who,
            seen=1,
        )
        for who in (world.ana, world.omar)
    )
    won, lost = split(race(one, other))
    assert len(won) == 1
    (error,) = lost
    assert isinstance(error, Conflict)
    assert error.code == "stale"
    row.refresh_from_db()
    assert error.current["by"] == row.name == won[0].name
    assert row.revision == 2


def test_the_archive(world: World) -> None:
    row = own(world.ana, "Hours")
    saved_replies.archive(row.pk, actor=world.ana)
    saved_replies.archive(row.pk, actor=world.ana)
    assert names(world.ana) == []
    assert names(world.ana, archived=True) == ["Hours"]
    again = own(world.ana, "Hours")
    with pytest.raises(Invalid):
        saved_replies.restore(row.pk, actor=world.ana)
    saved_replies.archive(again.pk, actor=world.ana)
    saved_replies.restore(row.pk, actor=world.ana)
    kinds = AccountEvent.objects.order_by("id").values_list("kind", "data__name")
    assert list(kinds) == [
        ("saved_reply.created", "of their own"),
        ("saved_reply.archived", "of their own"),
        ("saved_reply.created", "of their own"),
        ("saved_reply.archived", "of their own"),
        ("saved_reply.restored", "of their own"),
    ]


def test_what_fits_a_conversation(world: World, waiting: Conversation) -> None:
    fits = {
        "plain": Wording("plain", "Hello"),
        "care": Wording("care", "Hello", queue_ids=[world.queues.care.pk]),
        "x": Wording("x", "Hello", networks=["x", "facebook"]),
        "german": Wording("german", "Hallo", language="de"),
    }
    others = (
        Wording("pr", "Hello", queue_ids=[world.queues.pr.pk]),
        Wording("facebook", "Hello", networks=["facebook"]),
    )
    for wording in (*fits.values(), *others):
        saved_replies.create(wording, Sharing(), actor=world.ana)
    saved_replies.create(Wording("lumo", "Hello"), Sharing(brand_id=world.brands.lumo.pk), actor=world.ana)

    def offered(**more: str) -> list[str]:
        return [one.name for one in selector.offered(waiting, world.ana, access_of(world.ana), **more)]

    assert offered() == ["care", "german", "plain", "x"]
    assert offered(language="en") == ["care", "plain", "x"]
    assert offered(text="hal") == ["german"]
    assert offered(text="100% _") == []


def test_it_is_offered_as_it_would_be_said(world: World, waiting: Conversation) -> None:
    row = saved_replies.create(replace(SORRY, text=SORRY.text + " {case}"), EVERYBODY, actor=world.omar)
    (one,) = selector.offered(waiting, world.ana, access_of(world.ana))
    assert one.text == f"Sorry, Tess. Ana, Northwind Air {waiting.pk}-1"
    waiting.profile.name = "🔥🔥"
    assert selector.filled(waiting, world.ana, access_of(world.ana), row.pk).missing == ("first name",)


def test_as_many_queries_for_twice_as_many(world: World, waiting: Conversation) -> None:
    def queries() -> int:
        access = access_of(world.ana)
        with CaptureQueriesContext(connection) as caught:
            selector.listed(access)
            selector.offered(waiting, world.ana, access)
        return len(caught)

    counts = []
    for number in range(4):
        saved_replies.create(
            Wording(f"{number}", "Hello", queue_ids=[world.queues.care.pk]), Sharing(), actor=world.ana
        )
        counts.append(queries())
    assert len(set(counts)) == 1


def answered(world: World, row: Conversation, text: str, saved: list[int]) -> SavedReplyUse:
    Message.objects.filter(conversation=row).update(names_us=True)
    return replies.submit(row.pk, actor=world.ana, text=text, client_token=str(uuid.uuid4()), saved=saved)


def test_an_answer_tells_which_were_in_it(world: World, waiting: Conversation) -> None:
    mine, theirs = own(world.ana), own(world.ben)
    delivery = answered(world, waiting, "Something quite different", [mine.pk, theirs.pk, mine.pk, 10**12])
    assert saved_replies.used_in(delivery) == [mine.pk]
    replies.cancel(delivery.pk, actor=world.ana)
    assert Draft.objects.get().saved_replies == [mine.pk]


@pytest.mark.parametrize("text", ["Hi ⟦first name⟧", "Hi {first name}"])
def test_what_is_not_filled_in_is_not_sent(world: World, waiting: Conversation, text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        answered(world, waiting, text, [])
    assert "is not filled in" in refusal.value.fields["text"]


def test_a_draft_grows_and_knows_what_is_in_it(world: World, waiting: Conversation) -> None:
    drafts.save(waiting.pk, actor=world.ana, mode="public", text="One", saved=[3])
    drafts.add(waiting.pk, actor=world.ana, mode="public", text="Two", saved=4)
    row = Draft.objects.get()
    assert (row.text, row.saved_replies) == ("One\nTwo", [3, 4])
    drafts.save(waiting.pk, actor=world.ana, mode="public", text="Other")
    row.refresh_from_db()
    assert (row.text, row.saved_replies) == ("Other", [3, 4])
    with pytest.raises(Invalid):
        drafts.add(waiting.pk, actor=world.ana, mode="public", text="x" * drafts.LONGEST)
