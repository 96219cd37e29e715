"""Rules of the brand's voice: who writes them, what is refused, where they hold, and that sending asks once."""

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
from inbox.models.voice import VoiceRule
from inbox.models.work import Delivery
from inbox.policies import access_of
from inbox.selectors import voice_rules as selector
from inbox.services import checking, replies, voice_rules
from inbox.services.voice_rules import Wanted
from inbox.voice import rules
from inbox.voice.rules import Terms
from tests.personas import World
from tests.racing import race, split

GUYS = Wanted("Everybody is meant", rules.WORDS, Terms((("guys", "everybody"),)), "We greet all people.", asks=True)
SIGNED = Wanted("Sign it", rules.SIGNATURE, Terms(form="^{initials}"), url="https://brand.example/voice")


def names(person: User) -> list[str]:
    return [row.name for row in selector.listed(access_of(person))]


def test_who_sees_and_who_writes(world: World) -> None:
    lumo = voice_rules.create(replace(GUYS, brand_id=world.brands.lumo.pk), actor=world.omar)
    voice_rules.create(SIGNED, actor=world.ada)
    BrandAccess.objects.filter(user=world.ben, brand=world.brands.lumo).delete()
    assert names(world.ana) == ["Everybody is meant", "Sign it"]
    assert names(world.ben) == ["Sign it"]
    assert names(world.zoe) == []
    for stranger, error in ((world.ana, Forbidden), (world.ben, NotFound), (world.zoe, NotFound)):
        acts = (voice_rules.archive, voice_rules.restore, partial(voice_rules.change, wanted=GUYS))
        for act in acts:
            with pytest.raises(error):
                act(lumo.pk, actor=stranger)
    for nobody in (world.ana, world.mia, world.zoe):
        with pytest.raises(Forbidden):
            voice_rules.create(GUYS, actor=nobody)


@pytest.mark.parametrize(
    ("wanted", "field", "says"),
    [
        (replace(GUYS, name=" "), "name", "1 to 80"),
        (replace(GUYS, guideline=" \0 "), "guideline", "Say what the guideline is"),
        (replace(GUYS, guideline="x" * 1001), "guideline", "1,000"),
        (replace(GUYS, url="javascript:alert(1)"), "url", "https://"),
        (replace(GUYS, url="http://brand.example"), "url", "https://"),
        (replace(GUYS, url="https://[::1"), "url", "https://"),
        (replace(GUYS, terms=Terms()), "words", "at least one"),
        (replace(GUYS, visibility="secret"), "visibility", "public"),
        (replace(GUYS, networks=["myspace"]), "networks", "myspace"),
        (replace(GUYS, language="<b>"), "language", "code"),
        (replace(GUYS, queue_ids=[10**9]), "queues", "queue"),
        (replace(GUYS, brand_id=10**9), "brand", "brand"),
    ],
)
def test_bad_input_is_named(world: World, wanted: Wanted, field: str, says: str) -> None:
    with pytest.raises(Invalid) as refusal:
        voice_rules.create(wanted, actor=world.omar)
    assert says in refusal.value.fields[field]
    assert not VoiceRule.objects.exists()


def test_a_name_stands_once_and_there_is_an_end_to_rules(world: World) -> None:
    _, lost = split(race(*(partial(voice_rules.create, GUYS, actor=who) for who in (world.omar, world.ada))))
    assert [error.fields for error in lost] == [{"name": "There is a rule of that name."}]
    other = replace(GUYS, name="Other", brand_id=world.brands.lumo.pk)
    voice_rules.create(other, actor=world.omar)
    VoiceRule.objects.bulk_create(
        VoiceRule(name=f"r{at}", kind=rules.EMOJI, most=1, guideline="x", asks=False, changed_by=world.ada)
        for at in range(voice_rules.AT_MOST - 1)
    )
    with pytest.raises(Invalid, match="archive one first"):
        voice_rules.create(SIGNED, actor=world.omar)


def test_one_takes_the_last_place(world: World) -> None:
    VoiceRule.objects.bulk_create(
        VoiceRule(name=f"r{at}", kind=rules.EMOJI, most=1, guideline="x", asks=False, changed_by=world.ada)
        for at in range(voice_rules.AT_MOST - 1)
    )
    wanted = [replace(GUYS, name=f"Last {number}") for number in range(6)]
    won, lost = split(race(*(partial(voice_rules.create, one, actor=world.omar) for one in wanted)))
    assert len(won) == 1
    assert {type(error) for error in lost} == {Invalid}
    assert VoiceRule.objects.in_use().count() == voice_rules.AT_MOST


def test_no_more_rules_come_by_way_of_another_brand(world: World) -> None:
    VoiceRule.objects.bulk_create(
        VoiceRule(name=f"r{at}", kind=rules.EMOJI, most=1, guideline="x", asks=False, changed_by=world.ada)
        for at in range(voice_rules.AT_MOST)
    )
    row = voice_rules.create(replace(GUYS, brand_id=world.brands.lumo.pk), actor=world.omar)
    with pytest.raises(Invalid, match="archive one first"):
        voice_rules.change(row.pk, GUYS, actor=world.omar)
    row.refresh_from_db()
    assert row.brand_id == world.brands.lumo.pk
    full = VoiceRule.objects.filter(brand=None).latest("id")
    voice_rules.change(full.pk, SIGNED, actor=world.omar)
    voice_rules.archive(full.pk, actor=world.omar)
    voice_rules.change(row.pk, GUYS, actor=world.omar)


def test_two_change_the_same_one(world: World) -> None:
    row = voice_rules.create(GUYS, actor=world.omar)
    changes = (
        partial(voice_rules.change, row.pk, replace(GUYS, name=name), actor=who, seen=1)
        for name, who in (("By Omar", world.omar), ("By Ada", world.ada))
    )
    won, lost = split(race(*changes))
    assert len(won) == len(lost) == 1
    assert isinstance(lost[0], Conflict)
    assert lost[0].current["by"] == won[0].changed_by.name


def test_archiving_two_at_once_is_told_once_and_can_be_undone(world: World) -> None:
    row = voice_rules.create(GUYS, actor=world.omar)
    race(*(partial(voice_rules.archive, row.pk, actor=who) for who in (world.omar, world.ada)))
    assert AccountEvent.objects.filter(kind="voice_rule.archived").count() == 1
    assert names(world.ana) == []
    voice_rules.create(GUYS, actor=world.omar)
    with pytest.raises(Invalid, match="of that name"):
        voice_rules.restore(row.pk, actor=world.omar)


def said(world: World, talk: Conversation, text: str, visibility: str = "public") -> list[str]:
    found = checking.check(talk, text, visibility, actor=world.ana).findings
    return [one.found or one.insert for one in found]


def test_a_rule_holds_where_it_says(world: World, waiting: Conversation) -> None:
    here = {"queue_ids": [world.queues.care.pk], "networks": ["x"], "visibility": "public"}
    row = voice_rules.create(replace(GUYS, brand_id=world.brands.northwind.pk, **here), actor=world.omar)
    assert said(world, waiting, "Thank you guys") == ["guys"]
    assert said(world, waiting, "Thank you guys", "private") == []
    for elsewhere in (
        {"queue_ids": [world.queues.pr.pk]},
        {"networks": ["facebook"]},
        {"language": "de"},
        {"brand_id": world.brands.lumo.pk},
    ):
        voice_rules.change(row.pk, replace(GUYS, **elsewhere), actor=world.omar)
        assert said(world, waiting, "Thank you guys, we are looking into it for you") == []
    voice_rules.change(row.pk, replace(GUYS, language="en"), actor=world.omar)
    assert said(world, waiting, "Thank you guys, we are looking into it for you") == ["guys"]
    voice_rules.archive(row.pk, actor=world.omar)
    assert said(world, waiting, "Thank you guys, we are looking into it for you") == []


def test_the_signature_is_of_who_writes(world: World, waiting: Conversation) -> None:
    voice_rules.create(SIGNED, actor=world.omar)
    assert said(world, waiting, "On its way.") == ["^AS"]
    assert said(world, waiting, "On its way. ^AS") == []


def test_what_asks_stops_sending_once_and_what_only_says_does_not(world: World, waiting: Conversation) -> None:
    Message.objects.update(names_us=True)
    row = voice_rules.create(GUYS, actor=world.omar)
    voice_rules.create(SIGNED, actor=world.omar)
    send = partial(replies.submit, waiting.pk, actor=world.ana, text="Thank you guys", client_token="key")
    with pytest.raises(Conflict) as refusal:
        send()
    assert refusal.value.code == "check"
    assert [(one["code"], one["guideline"]["text"]) for one in refusal.value.current["findings"]] == [
        (f"voice-{row.pk}", "We greet all people.")
    ]
    assert not Delivery.objects.exists()
    assert send(accepted=[f"voice-{row.pk}"]).text == "Thank you guys"


def test_trying_is_for_ones_own_brands(world: World) -> None:
    voice_rules.create(GUYS, actor=world.omar)
    place = {"network": "x", "queue": None, "visibility": "public"}
    found = checking.try_on("Thank you guys", actor=world.ana, brand=world.brands.northwind.pk, **place)
    assert [one.found for one in found] == ["guys"]
    with pytest.raises(NotFound):
        checking.try_on("Thank you guys", actor=world.zoe, brand=world.brands.northwind.pk, **place)


def test_one_query_however_many_rules(world: World, waiting: Conversation) -> None:
    counts = []
    for start in (0, 5):
        for at in range(start, start + 5):
            voice_rules.create(replace(GUYS, name=f"r{at}", queue_ids=[world.queues.care.pk]), actor=world.omar)
        with CaptureQueriesContext(connection) as queries:
            assert len(said(world, waiting, "Thank you guys")) == start + 5
            counts.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            selector.listed(access_of(world.ana))
            counts.append(len(queries) - 1)
    assert counts == [1, 2, 1, 2]
