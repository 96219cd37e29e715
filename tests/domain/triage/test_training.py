"""Learning and taking over: only what the sample bears out, and an administrator can go back."""

import random

import pytest

from accounts.models import AccountEvent
from core.errors import Conflict, Forbidden
from routing.models.triage import Correction, TriageModel
from routing.services import learnt, samples, training, verdicts
from routing.triage.contracts import Scope
from tests import personas, racing
from tests.domain.triage.stored import judged, sampled

pytestmark = pytest.mark.django_db(transaction=True)

# This house has a language of its own, which no word list knows: "blue" is bad, "green" is good.
WORDS = {"negative": "the blue one came", "neutral": "the grey one came", "positive": "the green one came"}


def texts(count: int, seed: int) -> tuple[list[str], list[str]]:
    chance = random.Random(seed)
    truths = [chance.choice(list(WORDS)) for _ in range(count)]
    return [f"{WORDS[truth]} {chance.randint(1, 99)}" for truth in truths], truths


def installation(*, said=lambda truth: truth, in_sample: int = 120):
    """Corrections and a sample on one channel; `said` = what people said when they corrected."""
    world = personas.world()
    channel = world.channels.northwind_x
    words, truths = texts(150, 1)
    rows = judged(channel, *words)
    Correction.objects.bulk_create(
        Correction(message=row, label="sentiment", value=said(truth), corrected_by=world.ana)
        for row, truth in zip(rows, truths, strict=True)
    )
    words, truths = texts(in_sample, 2)
    sampled(judged(channel, *words, first=1000), truths, world.ana)
    return world, channel


def test_what_is_surely_better_takes_over_on_its_channel() -> None:
    world, channel = installation()
    assert list(training.scopes("sentiment")) == [
        Scope("sentiment", channel_id=channel.pk),
        Scope("sentiment", language="en"),
    ]
    assert training.train(Scope("sentiment", channel_id=channel.pk))
    row = TriageModel.objects.get()
    assert row.state == "in_force"
    assert row.lower_bound > 0
    assert (row.corrections, row.sample) == (150, 120)
    (here,) = judged(channel, "the blue one came", first=5000)
    (there,) = judged(world.channels.lumo_x, "the blue one came")
    found = verdicts.judge([here.pk, there.pk])
    assert found[here.pk].sentiment.value == "negative"
    assert found[here.pk].sentiment.by.startswith("learnt from 150")
    assert found[there.pk].sentiment.by == "rules"
    assert AccountEvent.objects.filter(kind="triage.model_took_over").count() == 1


def test_a_small_sample_judges_nothing() -> None:
    _, channel = installation(in_sample=60)
    assert list(training.scopes("sentiment")) == []
    assert not training.train(Scope("sentiment", channel_id=channel.pk))
    assert not TriageModel.objects.exists()


def test_one_that_only_says_not_what_the_old_one_said_never_takes_over() -> None:
    """People correct what is wrong only, so that corrections alone teach to contradict; the sample sees through it."""
    world = personas.world()
    channel = world.channels.northwind_x
    good = [f"great service, thank you so much {n}" for n in range(100)]
    rows = judged(channel, *good)
    Correction.objects.bulk_create(
        Correction(message=row, label="sentiment", value="negative" if n % 2 else "neutral", corrected_by=world.ana)
        for n, row in enumerate(rows)
    )
    sampled(
        judged(channel, *[f"great service, thank you {n}" for n in range(120)], first=1000),
        ["positive"] * 120,
        world.ana,
    )
    assert not training.train(Scope("sentiment", channel_id=channel.pk))
    row = TriageModel.objects.get()
    assert (row.state, row.new_score) == ("challenger", 0.0)
    assert row.lower_bound < 0


def test_one_that_is_no_better_does_not_take_over() -> None:
    _, channel = installation()
    scope = Scope("sentiment", channel_id=channel.pk)
    assert training.train(scope)
    assert not training.train(scope)
    assert sorted(TriageModel.objects.values_list("state", flat=True)) == ["challenger", "in_force"]


def test_nothing_is_learnt_from_what_judges() -> None:
    world, channel = installation()
    words, truths = texts(30, 3)
    rows = judged(channel, *words, first=3000)
    sampled(rows, truths, world.ana)
    Correction.objects.bulk_create(
        Correction(message=row, label="sentiment", value=truth, corrected_by=world.ana)
        for row, truth in zip(rows, truths, strict=True)
    )
    taught = training.corrections_of(Scope("sentiment", channel_id=channel.pk))
    assert not set(taught.message_ids) & {row.pk for row in rows}


def test_an_administrator_can_go_back() -> None:
    world, channel = installation()
    training.train(Scope("sentiment", channel_id=channel.pk))
    row = TriageModel.objects.get()
    with pytest.raises(Forbidden):
        learnt.go_back(row.pk, actor=world.omar)
    learnt.go_back(row.pk, actor=world.ada)
    assert not verdicts.setup().models
    with pytest.raises(Conflict, match="not in force any more"):
        learnt.go_back(row.pk, actor=world.ada)
    event = AccountEvent.objects.get(kind="triage.model_withdrawn")
    assert event.data["back_to"] == "words and rules"


def test_two_who_go_back_at_the_same_instant_have_one_winner() -> None:
    world, channel = installation()
    training.train(Scope("sentiment", channel_id=channel.pk))
    row = TriageModel.objects.get()
    won, lost = racing.split(racing.race(*[lambda: learnt.go_back(row.pk, actor=world.ada)] * 2))
    assert (len(won), [type(one) for one in lost]) == (1, [Conflict])


def test_the_day_s_sample_and_learning_are_hinted() -> None:
    installation()
    assert samples.draw() > 0
    assert training.train_all() >= 1
