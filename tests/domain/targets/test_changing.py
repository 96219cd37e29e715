"""Hours and policies change by versions; what runs is reckoned anew in a recorded job."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone

from accounts.models import AccountEvent
from core.errors import Forbidden, Invalid, NotFound
from inbox.models.conversation import Conversation
from inbox.services import lifecycle
from routing.calendar import Period
from routing.models.hours import HoursVersion, QueueHours
from routing.models.sla import SlaClock, SlaJob, SlaPolicy, SlaVersion
from routing.services import hours, recount, targets
from routing.services.hours import Holiday, Week
from routing.services.targets import Scope, Terms
from tests.domain.targets.stage import MINUTE, OFFICE, TARGETS, assert_sound, clock, due, office, policy, settle, told
from tests.factories import talk
from tests.personas import World
from tests.racing import race, split


def change(row: SlaPolicy, world: World, because: str = "", **terms) -> SlaVersion:
    given = Terms(**{"targets": TARGETS, **terms})
    version = targets.change(row.pk, name=row.name, terms=given, actor=world.ada, lengthen_because=because)
    settle()
    return version


def test_a_stricter_version_shortens_what_runs(world: World, waiting: Conversation) -> None:
    row = policy(world)
    begun = clock(waiting)
    change(row, world, targets={("first", None): 20})
    after = clock(waiting)
    assert (after.started_at, after.due_at) == (begun.started_at, begun.started_at + 20 * MINUTE)
    assert len(told(waiting, "sla.changed")) == 1
    assert_sound()


def test_a_looser_version_is_for_what_comes_unless_there_is_a_reason(world: World, waiting: Conversation) -> None:
    row = policy(world)
    begun = clock(waiting)
    change(row, world, targets={("first", None): 90})
    assert due(waiting) == begun.due_at
    change(row, world, because="Storm: all flights are late", targets={("first", None): 120})
    assert due(waiting) == begun.started_at + 120 * MINUTE
    [event] = told(waiting, "sla.recounted")
    assert event["why"] == "Standard: version 3, Storm: all flights are late"
    job = SlaJob.objects.order_by("-pk")[0]
    assert (job.changed, job.created_by, job.finished_at is not None) == (1, world.ada, True)
    assert_sound()


def test_the_same_terms_make_no_version(world: World) -> None:
    row = policy(world)
    change(row, world)
    assert SlaVersion.objects.count() == 1


def test_a_clock_that_is_late_stays_late(world: World, waiting: Conversation) -> None:
    row = policy(world)
    SlaClock.objects.filter(kind="first").update(breached_at=timezone.now())
    before = clock(waiting).due_at
    change(row, world, because="Never mind", targets={("first", None): 600})
    assert clock(waiting).due_at == before


def test_changed_hours_recount_what_runs_and_nothing_else(world: World, waiting: Conversation) -> None:
    always = office(world, periods=tuple(Period(day, 0, 1440) for day in range(7)))
    policy(world, hours_id=always.pk, targets={("first", None): 60})
    begun = clock(waiting)
    other = talk.conversation(world.channels.northwind_x, world.queues.care)
    lifecycle.set_priority(other.pk, actor=world.ana, priority=2)
    lifecycle.resolve(other.pk, actor=world.ana, disposition="spam")
    tomorrow = timezone.now().date() + timedelta(days=1)
    days = tuple(Holiday(tomorrow + timedelta(days=n)) for n in range(-2, 2))
    periods = tuple(Period(day, 0, 1440) for day in range(7))
    hours.change(always.pk, name="Office", week=Week("Europe/Vienna", periods, days), actor=world.ada)
    settle()
    assert clock(waiting).due_at > begun.due_at + timedelta(hours=12)
    assert due(waiting) == clock(waiting).due_at
    assert clock(waiting).hours_version.number == 2
    assert clock(other).hours_version.number == 1
    assert told(waiting, "sla.recounted")[0]["why"] == "Office: version 2 of the hours"
    assert_sound()


def test_a_job_goes_on_where_it_stopped(world: World, waiting: Conversation) -> None:
    always = office(world, periods=OFFICE)
    policy(world, hours_id=always.pk)
    hours.change(always.pk, name="Office", week=Week("Europe/Paris", OFFICE), actor=world.ada)
    assert SlaJob.objects.order_by("-pk")[0].total is None
    assert recount.work(limit=1) == 1
    job = SlaJob.objects.order_by("-pk")[0]
    assert (job.finished_at, job.seen, job.total) == (None, 1, 2)
    assert recount.work(limit=1) == 1
    assert recount.work(limit=1) == 1
    assert recount.work(limit=1) == 0
    assert SlaJob.objects.order_by("-pk")[0].seen == 2


def test_two_workers_do_a_job_once(world: World, waiting: Conversation) -> None:
    policy(world)
    change(SlaPolicy.objects.get(), world, because="because", targets={("first", None): 90})
    assert recount.work() == 0
    targets.change(
        SlaPolicy.objects.get().pk,
        name="Standard",
        terms=Terms(targets={("first", None): 100}),
        actor=world.ada,
        lengthen_because="again",
    )
    _, lost = split(race(recount.work, recount.work))
    assert lost == []
    settle()
    assert len(told(waiting, "sla.recounted")) == 2


def test_what_is_archived_promises_nothing_new(world: World, waiting: Conversation) -> None:
    row = policy(world)
    begun = clock(waiting)
    targets.archive(row.pk, actor=world.ada)
    targets.archive(row.pk, actor=world.ada)
    lifecycle.set_priority(waiting.pk, actor=world.ana, priority=1)
    assert due(waiting) == begun.due_at
    policy(world, "Another")
    assert AccountEvent.objects.filter(kind="targets.archived").count() == 1


def test_hours_of_a_queue(world: World) -> None:
    row = office(world)
    hours.set_queue_hours(world.queues.care.pk, hours_id=row.pk, actor=world.ada)
    assert QueueHours.objects.get().hours == row
    hours.set_queue_hours(world.queues.care.pk, hours_id=None, actor=world.ada)
    assert not QueueHours.objects.exists()


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"targets": {}}, "targets"),
        ({"targets": {("first", None): 0}}, "targets"),
        ({"targets": {("first", 9): 5}}, "targets"),
        ({"targets": {("never", None): 5}}, "targets"),
        ({"warn_percent": 0}, "warn_percent"),
        ({"hours_id": 12345}, "hours"),
        ({"on_breach": "move"}, "move_to"),
        ({"on_breach": "burn"}, "on_breach"),
        ({"told_ids": frozenset({98765})}, "told"),
    ],
)
def test_wrong_terms_are_named(world: World, terms: dict, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        policy(world, **terms)
    assert field in refusal.value.fields
    assert not SlaPolicy.objects.exists()


def test_one_policy_per_place(world: World) -> None:
    policy(world)
    with pytest.raises(Invalid, match="exactly these"):
        policy(world, "Another")
    with pytest.raises(Invalid, match="this name"):
        policy(world, "standard", Scope(queue_id=world.queues.pr.pk))


@pytest.mark.parametrize(
    ("week", "field"),
    [
        (Week("Mars/Olympus", OFFICE), "zone"),
        (Week("UTC", (Period(0, 540, 720), Period(0, 700, 900))), "periods"),
        (Week("UTC", OFFICE, (Holiday(date(2026, 12, 25)), Holiday(date(2026, 12, 25)))), "holidays"),
    ],
)
def test_wrong_hours_are_named(world: World, week: Week, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        hours.create("Office", week, actor=world.ada)
    assert field in refusal.value.fields


def test_only_administrators(world: World, waiting: Conversation) -> None:
    row, week = office(world), Week("UTC", OFFICE)
    rule = policy(world)
    for act in (
        partial(hours.create, "x", week),
        partial(hours.change, row.pk, name="x", week=week),
        partial(hours.set_queue_hours, world.queues.care.pk, hours_id=row.pk),
        partial(targets.create, "x", Scope(), Terms(TARGETS)),
        partial(targets.change, rule.pk, name="x", terms=Terms(TARGETS)),
        partial(targets.archive, rule.pk),
    ):
        with pytest.raises(Forbidden):
            act(actor=world.omar)


def test_what_is_not_there(world: World) -> None:
    week = Week("UTC", OFFICE)
    for act in (
        partial(hours.change, 1, name="x", week=week),
        partial(targets.change, 1, name="x", terms=Terms(TARGETS)),
        partial(targets.archive, 1),
        partial(hours.set_queue_hours, 1, hours_id=None),
    ):
        with pytest.raises(NotFound):
            act(actor=world.ada)


def test_two_who_change_the_same_hours_make_two_versions(world: World) -> None:
    row = office(world)
    one = partial(hours.change, row.pk, name="Office", week=Week("UTC", OFFICE), actor=world.ada)
    other = partial(hours.change, row.pk, name="Office", week=Week("Europe/Paris", OFFICE), actor=world.ada)
    _, lost = split(race(one, other))
    assert lost == []
    assert sorted(HoursVersion.objects.values_list("number", flat=True)) == [1, 2, 3]
