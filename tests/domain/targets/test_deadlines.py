"""What is nearly due and what is late: told once, to whom the policy names, and moved where it says so."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inbox.models.conversation import Conversation
from inbox.services import ownership
from routing.models.notice import Notice
from routing.models.sla import SlaClock
from routing.services import deadlines, handoff, sla
from tests.domain.targets.stage import MINUTE, assert_sound, clock, due, policy, told
from tests.factories import talk
from tests.personas import World
from tests.racing import race, split


def waits(world: World, minutes: float) -> Conversation:
    """Somebody who wrote so many minutes ago."""
    at = timezone.now() - minutes * MINUTE
    row = talk.conversation(world.channels.northwind_x, world.queues.care, waiting_since=at, last_message_at=at)
    row.messages.update(posted_at=at)
    return row


def test_nothing_is_told_before_it_is_time(world: World) -> None:
    waits(world, 5)
    policy(world)
    assert deadlines.sweep() == 0


def test_at_risk_is_told_once_to_the_owner_and_to_whom_the_policy_names(world: World) -> None:
    row = waits(world, 50)
    ownership.claim(row.pk, actor=world.ana)
    policy(world, told_ids=frozenset({world.omar.pk}))
    assert deadlines.sweep() == 1
    assert deadlines.sweep() == 0
    assert {notice.user for notice in Notice.objects.filter(kind="sla.warned")} == {world.ana, world.omar}
    assert [one["promise"] for one in told(row, "sla.warned")] == ["First response"]
    assert clock(row).breached_at is None


def test_late_is_a_breach_of_the_moment_when_it_was_due(world: World) -> None:
    row = waits(world, 70)
    policy(world)
    assert deadlines.sweep() == 1
    late = clock(row)
    assert late.breached_at == late.due_at == due(row)
    assert len(told(row, "sla.breached")) == 1
    assert not told(row, "sla.warned"), "what is late already is not at risk"
    assert deadlines.sweep() == 0
    assert_sound()


def test_what_is_answered_is_never_late(world: World) -> None:
    waits(world, 70)
    policy(world)
    SlaClock.objects.filter(kind="first").update(ended_at=timezone.now(), met_at=None)
    assert deadlines.sweep() == 0


def test_two_sweepers_tell_once(world: World) -> None:
    row = waits(world, 70)
    policy(world, told_ids=frozenset({world.omar.pk}))
    _, lost = split(race(deadlines.sweep, deadlines.sweep))
    assert lost == []
    assert len(told(row, "sla.breached")) == 1
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("owner", ["ana", None])
def test_a_breach_may_take_it_from_its_owner(world: World, owner: str | None) -> None:
    row = waits(world, 70)
    if owner:
        ownership.claim(row.pk, actor=world.ana)
    policy(world, on_breach="release")
    deadlines.sweep()
    row.refresh_from_db()
    assert (row.owner, row.lease_until, row.queue) == (None, None, world.queues.care)
    assert len(told(row, "conversation.released")) == (1 if owner else 0)


def test_a_breach_may_move_it_and_the_clock_goes_on(world: World) -> None:
    row = waits(world, 70)
    ownership.claim(row.pk, actor=world.ana)
    policy(world, on_breach="move", move_to_id=world.queues.pr.pk)
    before = due(row)
    deadlines.sweep()
    row.refresh_from_db()
    assert (row.queue, row.owner) == (world.queues.pr, None)
    assert due(row) == before
    assert told(row, "conversation.moved")[0]["why"] == "First response is late"
    assert deadlines.sweep() == 0
    assert_sound()


def test_where_a_hand_over_is_open_its_receivers_decide(world: World) -> None:
    row = waits(world, 70)
    handoff.ask(row.pk, to=world.queues.marketing, actor=world.ana, reason="content")
    policy(world, on_breach="move", move_to_id=world.queues.pr.pk)
    deadlines.sweep()
    row.refresh_from_db()
    assert row.queue == world.queues.care
    assert clock(row).breached_at is not None


def test_many_at_once_cost_the_same_number_of_statements(world: World) -> None:
    policy(world)

    def cost(n: int) -> int:
        rows = [waits(world, 70).pk for _ in range(n)]
        with transaction.atomic():
            sla.refresh(rows)
        with CaptureQueriesContext(connection) as queries:
            assert deadlines.sweep() == n
        return len(queries)

    assert cost(2) == cost(20)


def test_the_limit_holds(world: World) -> None:
    for _ in range(3):
        waits(world, 70)
    policy(world)
    assert deadlines.breach(limit=2) == 2
    assert deadlines.breach(limit=2) == 1
