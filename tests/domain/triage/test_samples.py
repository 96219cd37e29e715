"""The daily sample: chance chooses, once a day; whoever looks first decides."""

import pytest

from core.errors import Conflict, Invalid, NotFound
from routing.models.triage import SampleItem
from routing.services import samples
from tests import personas, racing
from tests.domain.triage.stored import judged

pytestmark = pytest.mark.django_db(transaction=True)


def drawn(count: int = 3):
    world = personas.world()
    judged(world.channels.northwind_x, *[f"my parcel {n} is late, what a shame" for n in range(count)])
    samples.draw()
    return world, list(SampleItem.objects.order_by("id"))


def test_a_few_a_day_and_channel_and_no_message_twice() -> None:
    world = personas.world()
    judged(world.channels.northwind_x, *[f"parcel {n}" for n in range(30)])
    judged(world.channels.lumo_x, "one", "two")
    assert samples.draw() == samples.A_DAY + 2
    assert samples.draw() == 0
    assert SampleItem.objects.values("message").distinct().count() == samples.A_DAY + 2


def test_chance_chooses_not_the_order() -> None:
    world = personas.world()
    rows = judged(world.channels.northwind_x, *[f"parcel {n}" for n in range(200)])
    samples.draw()
    places = [[row.pk for row in rows].index(item.message_id) for item in SampleItem.objects.all()]
    assert max(places) - min(places) > samples.A_DAY  # the chance of ten neighbours is below 1 in 10^13


def test_confirming_and_correcting() -> None:
    world, (first, second, third) = drawn()
    assert samples.decide(first.pk, changed={}, actor=world.ana).state == "confirmed"
    item = samples.decide(second.pk, changed={"sentiment": "positive"}, actor=world.ana)
    assert (item.state, item.truth["sentiment"], item.truth["language"]) == ("corrected", "positive", "en")
    assert samples.skip(third.pk, actor=world.omar).state == "skipped"


def test_what_triage_did_not_assess_has_to_be_said() -> None:
    world = personas.world()
    judged(world.channels.northwind_x, "注文した商品がまだ届きません")
    samples.draw()
    item = SampleItem.objects.get()
    with pytest.raises(Invalid, match="nothing about the mood"):
        samples.decide(item.pk, changed={}, actor=world.ana)
    samples.decide(item.pk, changed={"sentiment": "negative", "kind": "complaint"}, actor=world.ana)


def test_strangers_find_nothing() -> None:
    world, (first, *_) = drawn()
    with pytest.raises(NotFound):
        samples.decide(first.pk, changed={}, actor=world.zoe)


def test_a_second_look_comes_too_late() -> None:
    world, (first, *_) = drawn()
    samples.decide(first.pk, changed={}, actor=world.ana)
    samples.decide(first.pk, changed={}, actor=world.ana)
    with pytest.raises(Conflict, match="Ana .* has looked at it already"):
        samples.decide(first.pk, changed={"sentiment": "positive"}, actor=world.omar)


def test_two_at_the_same_instant_have_one_winner() -> None:
    world, (first, *_) = drawn()
    won, lost = racing.split(
        racing.race(
            lambda: samples.decide(first.pk, changed={"sentiment": "positive"}, actor=world.ana),
            lambda: samples.decide(first.pk, changed={"sentiment": "neutral"}, actor=world.omar),
        )
    )
    assert (len(won), [type(one) for one in lost]) == (1, [Conflict])
