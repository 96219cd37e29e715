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
from tests.domain.assignment.staff import joined
from tests.domain.targets.stage import MINUTE, assert_sound, clock, due, policy, told
from tests.factories import talk
from tests.personas import World
from tests.racing import race, split


def waits(world: World, minutes: float, **fields: object) -> Conversation:
    """Somebody who wrote so many minutes ago."""
    at = timezone.now() - minutes * MINUTE
    row = talk.conversation(
        world.channels.northwind_x, world.queues.care, waiting_since=at, last_message_at=at, **fields
    )
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


def exchange(world: World) -> tuple[Conversation, Conversation]:
    """A public conversation that waits too long, and the private one that it moved to a minute ago."""
    public = waits(world, 70)
    return public, joined(world, public, waits(world, 1, profile=public.profile))


def has(*rows: Conversation) -> list[tuple[int, int | None]]:
    return [Conversation.objects.values_list("queue", "owner").get(pk=row.pk) for row in rows]


def test_a_breach_takes_both_halves_from_who_holds_both(world: World) -> None:
    public, private = exchange(world)
    ownership.claim(private.pk, actor=world.ana)
    policy(world, on_breach="release")
    assert deadlines.breach() == 1
    care = world.queues.care.pk
    assert has(public, private) == [(care, None), (care, None)]
    assert told(public, "conversation.released")[0]["reason"] == "First response is late"
    assert told(private, "conversation.released")[0]["reason"] == "First response of its other half is late"


@pytest.mark.parametrize("owned", [True, False])
def test_a_breach_moves_both_halves_together(world: World, owned: bool) -> None:
    public, private = exchange(world)
    if owned:
        ownership.claim(public.pk, actor=world.ana)
    policy(world, on_breach="move", move_to_id=world.queues.pr.pk)
    assert deadlines.breach() == 1
    assert has(public, private) == [(world.queues.pr.pk, None)] * 2
    assert told(private, "conversation.moved")[0]["why"] == "First response of its other half is late"
    assert_sound()


def test_a_half_that_somebody_else_holds_stays_with_them(world: World) -> None:
    public, private = exchange(world)
    ownership.claim(public.pk, actor=world.ana, alone=True)
    ownership.claim(private.pk, actor=world.omar, alone=True)
    policy(world, on_breach="release")
    deadlines.breach()
    care = world.queues.care.pk
    assert has(public, private) == [(care, None), (care, world.omar.pk)]


def test_halves_stay_together_while_somebody_works_on_one_of_them(world: World) -> None:
    """What cannot be done to both at this instant is done to both at the next."""
    public, private = exchange(world)
    ownership.claim(public.pk, actor=world.ana)
    policy(world, on_breach="release")
    swept, _ = race(deadlines.breach, lambda: ownership.release(private.pk, actor=world.ana))
    assert swept in (0, 1)
    assert deadlines.breach() == 1 - swept
    care = world.queues.care.pk
    assert has(public, private) == [(care, None), (care, None)]


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
