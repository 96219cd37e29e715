"""Clocks follow what happens, in the same transaction, whoever does it."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import Conflict
from inbox.models.conversation import Case, Conversation
from inbox.services import lifecycle, moderation, ownership, people
from routing.models.sla import SlaClock
from routing.services import handoff, sla
from routing.services.targets import Scope
from tests.domain.targets.stage import MINUTE, assert_sound, clock, due, policy, told
from tests.factories import talk
from tests.factories.pages import START, account, connected, person, post, private, store
from tests.personas import World
from tests.racing import race, split


@pytest.fixture
def standard(world: World) -> None:
    policy(world)


@pytest.fixture
def reading(world: World) -> None:
    """Everything that the pages bring was posted after the connection."""
    for channel in (world.channels.northwind_x, world.channels.northwind_facebook):
        connected(channel)


def waits(world: World, minute: float = 0, **more) -> Conversation:
    store(world.channels.northwind_x, post("1", minute=minute, **more))
    return Conversation.objects.get()


def test_without_a_policy_nothing_is_due(world: World, reading: None) -> None:
    row = waits(world)
    assert due(row) is None
    assert not SlaClock.objects.exists()


def test_what_comes_in_is_due_from_the_networks_time(world: World, standard: None, reading: None) -> None:
    row = waits(world)
    assert due(row) == START + 60 * MINUTE
    first = clock(row)
    assert (first.started_at, first.due_at) == (START, START + 60 * MINUTE)
    assert first.ingested_at is not None
    assert first.ingested_at - first.started_at > timedelta(days=1), "the delay of ingest stands beside it"
    assert_sound()


def test_imported_messages_carry_no_clock(world: World, standard: None) -> None:
    row = waits(world)
    assert due(row) is None
    assert not SlaClock.objects.exists()


def test_a_policy_reaches_who_waits_already(world: World, reading: None) -> None:
    row = waits(world)
    policy(world)
    assert due(row) == START + 60 * MINUTE


def test_a_page_makes_the_same_number_of_statements_for_one_as_for_many(
    world: World, standard: None, reading: None
) -> None:
    def page(prefix: str, n: int) -> int:
        posts = [post(f"{prefix}{i}", by=person(f"{prefix}{i}"), minute=i) for i in range(n)]
        with CaptureQueriesContext(connection) as queries:
            store(world.channels.northwind_x, *posts)
        return len(queries)

    page("warm", 2)
    assert page("a", 3) == page("b", 30)
    assert SlaClock.objects.count() == 2 * 35
    assert_sound()


def test_without_a_policy_a_page_costs_one_statement_more(world: World, reading: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        waits(world)
    assert len([q for q in queries if "slasetup" in q["sql"] or "slaclock" in q["sql"]]) == 1


def test_an_answer_meets_it_and_the_next_message_begins_the_next(world: World, standard: None, reading: None) -> None:
    channel = world.channels.northwind_x
    row = waits(world)
    store(channel, post("2", by=account(channel), minute=40, in_reply_to="1"))
    assert clock(row).met_at == START + 40 * MINUTE
    assert clock(row).breached_at is None
    assert due(row) is None, "pending: the clock of the resolution stands still"
    store(channel, post("3", minute=100, in_reply_to="2", root="1"))
    assert clock(row, "next", 1).due_at == due(row) == START + 130 * MINUTE
    store(channel, post("4", by=account(channel), minute=160, in_reply_to="3", root="1"))
    late = clock(row, "next", 1)
    assert (late.met_at, late.breached_at) == (START + 160 * MINUTE, START + 130 * MINUTE)
    assert [one["turn"] for one in told(row, "sla.breached")] == [1]
    assert_sound()


def test_question_and_answer_in_one_page(world: World, standard: None, reading: None) -> None:
    channel = world.channels.northwind_x
    store(channel, post("1"), post("2", by=account(channel), minute=75, in_reply_to="1"))
    row = Conversation.objects.get()
    assert (clock(row).met_at, clock(row).breached_at) == (START + 75 * MINUTE, START + 60 * MINUTE)
    assert_sound()


def test_any_order_of_pages_gives_the_same_start(world: World, standard: None, reading: None) -> None:
    channel, by = world.channels.northwind_facebook, person("fb")
    store(channel, private("d2", by=by, minute=9, root="t1"))
    store(channel, private("d1", by=by, minute=4, root="t1"))
    row = Conversation.objects.get()
    assert clock(row).started_at == START + 4 * MINUTE
    assert_sound()


def test_a_hand_over_never_restarts_it(world: World, standard: None, waiting: Conversation) -> None:
    begun = _begin(waiting)
    policy(world, "Relaxed PR", Scope(queue_id=world.queues.pr.pk), targets={("first", None): 600})
    asked = handoff.ask(waiting.pk, to=world.queues.pr, actor=world.ana, reason="press")
    handoff.accept(asked.pk, actor=world.ben)
    assert (clock(waiting).started_at, due(waiting)) == (begun.started_at, begun.due_at)
    assert_sound()


def test_a_stricter_queue_shortens_it_from_its_start(world: World, standard: None, waiting: Conversation) -> None:
    begun = _begin(waiting)
    policy(world, "Fast PR", Scope(queue_id=world.queues.pr.pk), targets={("first", None): 20})
    asked = handoff.ask(waiting.pk, to=world.queues.pr, actor=world.ana, reason="press")
    handoff.accept(asked.pk, actor=world.ben)
    assert due(waiting) == begun.started_at + 20 * MINUTE
    assert len(told(waiting, "sla.changed")) == 1


def test_priority(world: World, standard: None, waiting: Conversation) -> None:
    begun = _begin(waiting)
    row = lifecycle.set_priority(waiting.pk, actor=world.ana, priority=Conversation.Priority.URGENT)
    assert row.due_at == due(waiting) == begun.started_at + 15 * MINUTE
    lifecycle.set_priority(waiting.pk, actor=world.ana, priority=Conversation.Priority.LOW)
    assert due(waiting) == begun.started_at + 15 * MINUTE, "looser again gives nothing back"


def test_the_narrowest_policy_counts(world: World, waiting: Conversation) -> None:
    policy(world)
    policy(world, "X", Scope(channel_id=world.channels.northwind_x.pk), targets={("first", None): 50})
    policy(world, "Care", Scope(queue_id=world.queues.care.pk), targets={("first", None): 40})
    both = Scope(world.queues.care.pk, world.channels.northwind_x.pk)
    policy(world, "Care on X", both, targets={("first", None): 30})
    assert _begin(waiting).seconds == 30 * 60


def test_what_a_rule_chooses_counts_before_all(world: World, standard: None, waiting: Conversation) -> None:
    begun = _begin(waiting)
    vip = policy(world, "VIP", Scope(by_rule=True), targets={("first", None): 5})
    assert due(waiting) == begun.due_at
    with transaction.atomic():
        sla.choose({waiting.pk: sla.Choice(vip.pk, "VIP")})
        sla.refresh([waiting.pk])
    assert due(waiting) == begun.started_at + 5 * MINUTE


def test_snooze_and_wake(world: World, standard: None, waiting: Conversation) -> None:
    _begin(waiting)
    now = timezone.now()
    row = lifecycle.snooze(waiting.pk, actor=world.ana, until=now + timedelta(hours=1))
    assert row.due_at is None
    assert clock(waiting).pauses[-1][1] is None
    row = lifecycle.wake(waiting.pk, actor=world.ana)
    assert row.due_at is not None
    assert_sound()


def test_snoozes_that_end_by_themselves(world: World, standard: None, waiting: Conversation) -> None:
    _begin(waiting)
    lifecycle.snooze(waiting.pk, actor=world.ana, until=timezone.now() + timedelta(hours=1))
    Conversation.objects.update(snoozed_until=timezone.now())
    assert lifecycle.wake_due() == 1
    assert due(waiting) is not None
    assert_sound()


def test_resolving_and_reopening(world: World, standard: None, waiting: Conversation) -> None:
    begun = _begin(waiting)
    row = lifecycle.resolve(waiting.pk, actor=world.ana, disposition="wont_respond", reason="spam-like")
    assert row.due_at is None
    assert clock(waiting).ended_at is not None
    assert clock(waiting, "resolution").met_at == Case.objects.get().resolved_at
    row = lifecycle.reopen(waiting.pk, actor=world.ana)
    assert row.due_at == begun.due_at
    assert clock(waiting, "resolution").ended_at is None
    assert_sound()


def test_an_answer_given_elsewhere(world: World, standard: None, waiting: Conversation) -> None:
    _begin(waiting)
    moderation.record_elsewhere(waiting.pk, actor=world.ana, note="by phone")
    assert clock(waiting).met_at is not None
    assert due(waiting) is None


def test_muting_ends_it_and_listening_again_begins_it(world: World, standard: None, waiting: Conversation) -> None:
    begun = _begin(waiting)
    people.mute(waiting.pk, actor=world.ana)
    assert clock(waiting).ended_at is not None
    people.unmute(waiting.pk, actor=world.ana)
    assert due(waiting) == begun.due_at
    assert_sound()


def test_refreshing_twice_changes_nothing(world: World, standard: None, waiting: Conversation) -> None:
    _begin(waiting)
    before = list(SlaClock.objects.order_by("pk").values())
    _refresh(waiting)
    assert list(SlaClock.objects.order_by("pk").values()) == before


def test_two_who_refresh_at_once_make_one_clock(world: World, standard: None, waiting: Conversation) -> None:
    Conversation.objects.filter(pk=waiting.pk).update(waiting_since=START)
    _, lost = split(race(lambda: _refresh(waiting), lambda: _refresh(waiting)))
    assert lost == []
    assert SlaClock.objects.filter(kind="first").count() == 1


def test_a_claim_and_a_release_leave_it_alone(world: World, standard: None, waiting: Conversation) -> None:
    begun = _begin(waiting)
    ownership.claim(waiting.pk, actor=world.ana)
    ownership.release(waiting.pk, actor=world.ana, reason="lunch")
    assert due(waiting) == begun.due_at
    with pytest.raises(Conflict):
        ownership.release(waiting.pk, actor=world.ana)


def test_two_that_turn_out_to_be_one_keep_the_older_start(world: World, standard: None, reading: None) -> None:
    channel = world.channels.northwind_x
    store(channel, post("3", in_reply_to="2", minute=3))  # whose parent nobody has seen yet
    store(channel, post("1", minute=1))
    assert SlaClock.objects.filter(kind="first", ended_at=None).count() == 2
    store(channel, post("2", in_reply_to="1", minute=2))
    kept = Conversation.objects.get(merged_into=None)
    assert clock(kept).started_at == START + MINUTE
    assert SlaClock.objects.filter(kind="first", ended_at=None).count() == 1
    assert_sound()


def _refresh(row: Conversation) -> None:
    with transaction.atomic():
        Conversation.objects.locked(row.pk)
        sla.refresh([row.pk])


def _begin(row: Conversation) -> SlaClock:
    """The factory's rows never went through a service."""
    _refresh(row)
    assert_sound()
    return clock(row)


def test_conversations_that_we_begin_carry_no_clock(world: World, standard: None) -> None:
    row = talk.conversation(world.channels.northwind_x, world.queues.care, waiting_since=None, status="pending")
    _refresh(row)
    assert due(row) is None
