"""What a brand is called, and what sounds like it: set by administrators, kept in the audit list, heard by triage."""

import pytest

from accounts.models import AccountEvent
from channels.services import brands
from core.errors import Forbidden, Invalid
from routing.services import verdicts
from tests import personas
from tests.domain.triage.stored import messages
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


def test_messages_are_judged_by_the_words_of_their_brand() -> None:
    world = personas.world()
    brand = world.brands.northwind
    rows = messages(
        world.channels.northwind_x, "Rain over the Northwind Hills", "Northwind lost my bag in Northwind Hills"
    )
    brands.set_words(brand.pk, words=[], lookalikes=[" Northwind  Hills "], actor=world.ada)
    brands.rename(brand.pk, "Northwind", actor=world.ada)
    told = [one.noise for one in verdicts.judge([row.pk for row in rows]).values()]
    assert [(one.value, one.reason) for one in told] == [
        ("lookalike", "It says “northwind hills”, which is not us"),
        ("none", "Nothing points to noise"),
    ]


def test_it_is_recorded_once() -> None:
    world = personas.world()
    for _ in range(2):
        brands.set_words(world.brands.lumo.pk, words=["Lumo", "lumo "], lookalikes=["lumo lamp"], actor=world.ada)
    (event,) = AccountEvent.objects.filter(kind="brand.words_changed")
    assert (event.data["words"], event.data["lookalikes"]) == (["lumo"], ["lumo lamp"])


def test_two_at_the_same_instant_leave_one_of_both() -> None:
    world = personas.world()
    pk = world.brands.lumo.pk
    race(*(lambda word=word: brands.set_words(pk, words=[word], lookalikes=[], actor=world.ada) for word in "ab"))
    world.brands.lumo.refresh_from_db()
    assert world.brands.lumo.words == AccountEvent.objects.filter(kind="brand.words_changed").last().data["words"]


@pytest.mark.parametrize(
    ("words", "lookalikes", "field"),
    [(["x" * 61], [], "words"), (["a"] * 0, ["y" * 61], "lookalikes"), (["lumo"], ["Lumo"], "lookalikes")],
)
def test_what_is_wrong_is_named(words: list[str], lookalikes: list[str], field: str) -> None:
    world = personas.world()
    with pytest.raises(Invalid) as caught:
        brands.set_words(world.brands.lumo.pk, words=words, lookalikes=lookalikes, actor=world.ada)
    assert field in caught.value.fields


def test_name_and_words_are_changed_together_or_not_at_all() -> None:
    world = personas.world()
    with pytest.raises(Invalid):
        brands.change(world.brands.lumo.pk, "Lumo", words=["x" * 61], lookalikes=[], actor=world.ada)
    world.brands.lumo.refresh_from_db()
    assert world.brands.lumo.name != "Lumo"


def test_only_administrators() -> None:
    world = personas.world()
    with pytest.raises(Forbidden):
        brands.set_words(world.brands.lumo.pk, words=[], lookalikes=[], actor=world.omar)
