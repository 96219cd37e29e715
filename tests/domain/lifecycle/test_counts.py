"""Counters are kept and never counted; at rest they equal a recount."""

import random
import threading
from datetime import timedelta

from django.db import connection
from django.db.models import Count as Number
from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership
from core.errors import SocialCareError
from inbox.models.conversation import Conversation, Count, CountDelta
from inbox.policies import access_of
from inbox.selectors import counts as selectors
from inbox.services import counts, lifecycle, ownership
from tests.domain.lifecycle.looking import counted, recounted
from tests.factories import talk
from tests.personas import World
from tests.racing import race

MOVES = 10_000


def test_every_change_is_in_the_counters_before_and_after_folding(world: World, waiting: Conversation) -> None:
    ownership.claim(waiting.pk, actor=world.ana)
    lifecycle.snooze(waiting.pk, actor=world.ana, until=timezone.now() + timedelta(hours=1))
    expected = {(world.queues.care.pk, world.brands.northwind.pk, world.ana.pk, "snoozed", False): 1}
    assert counted() == recounted() == expected

    assert counts.fold() == 5

    assert counted() == recounted() == expected
    assert (CountDelta.objects.count(), Count.objects.count()) == (0, 1)
    assert counts.fold() == 0


def test_folding_has_an_end(world: World) -> None:
    for _ in range(5):
        talk.conversation(world.channels.northwind_x, world.queues.care)
    assert [counts.fold(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert counted() == recounted()


def test_folding_at_once_folds_each_once(world: World) -> None:
    for _ in range(10):
        talk.conversation(world.channels.northwind_x, world.queues.care)
    assert sum(race(*[counts.fold] * 4)) == 10
    assert counted() == recounted()


def test_ten_thousand_moves_leave_the_counters_right(world: World) -> None:
    """Statements over many rows, acts of people and the folding, all at the same time."""
    rows = [talk.conversation(world.channels.northwind_x, world.queues.care).pk for _ in range(100)]
    rows += [talk.conversation(world.channels.lumo_x, world.queues.pr).pk for _ in range(100)]
    done = threading.Event()

    def fold() -> int:
        folded = 0
        while not done.is_set():
            folded += counts.fold(limit=50)
        return folded

    def move(seed: int) -> int:
        try:
            return sum(_moves(world, rows, random.Random(seed)))
        finally:
            if seed == 2:
                done.set()

    outcomes = race(fold, lambda: move(1), lambda: move(2))

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert sum(outcomes[1:]) >= MOVES
    assert counted() == recounted()
    while counts.fold():
        pass
    assert counted() == recounted()
    assert set(Count.objects.values_list("n", flat=True)) & {0} == set()


def _moves(world: World, rows: list[int], dice: random.Random) -> list[int]:
    """At least half of MOVES moves of single conversations."""
    moved: list[int] = []
    while sum(moved) < MOVES // 2:
        if dice.random() < 0.5:
            moved.append(_act(world, dice.choice(rows), dice))
        else:
            moved.append(_statement(world, dice.sample(rows, dice.randint(1, 60)), dice))
    return moved


def _act(world: World, pk: int, dice: random.Random) -> int:
    act = dice.choice([ownership.claim, ownership.release, lifecycle.reopen, lifecycle.wake])
    try:
        act(pk, actor=dice.choice([world.ana, world.omar, world.ben]))
    except SocialCareError:
        return 0
    return 1


def _statement(world: World, pks: list[int], dice: random.Random) -> int:
    status = dice.choice(["open", "pending", "resolved"])
    values = {
        "queue_id": dice.choice([world.queues.care.pk, world.queues.pr.pk, world.queues.marketing.pk]),
        "owner_id": dice.choice([None, world.ana.pk, world.ben.pk]),
        "status": status,
        "lease_until": None,
        "snoozed_until": None,
        "waiting_since": timezone.now() if status == "open" and dice.random() < 0.5 else None,
    }
    with connection.cursor() as cursor:  # locked in one order, as a statement of the product would
        cursor.execute(
            "WITH wanted AS (SELECT id FROM inbox_conversation WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)"
            "UPDATE inbox_conversation c SET queue_id = %s, owner_id = %s, status = %s, lease_until = %s,"
            " snoozed_until = %s, waiting_since = %s FROM wanted WHERE c.id = wanted.id",
            [pks, *values.values()],
        )
        return cursor.rowcount


def test_what_people_are_shown_equals_what_they_may_see(world: World) -> None:
    for queue in (world.queues.care, world.queues.pr):
        for channel in (world.channels.northwind_x, world.channels.lumo_x):
            for _ in range(3):
                talk.conversation(channel, queue)
            ownership.claim(
                talk.conversation(channel, queue).pk, actor=world.ana if queue == world.queues.care else world.ben
            )
    counts.fold(limit=4)
    Membership.objects.filter(user=world.ben).delete()  # what he owns he still has

    for person in (world.ana, world.ben, world.mia, world.zoe, world.ada):
        access = access_of(person)
        shown = {(row.queue_id, row.mine, row.free, row.status, row.waiting): row.n for row in selectors.kept(access)}
        seen = (
            Conversation.objects.visible_to(access)
            .annotate(
                mine=Q(owner=person) & Q(owner__isnull=False), free=Q(owner=None), waits=Q(waiting_since__isnull=False)
            )
            .values_list("queue_id", "mine", "free", "status", "waits")
            .annotate(n=Number("id", distinct=True))
        )
        assert shown == {(queue, bool(mine), free, status, waits): n for queue, mine, free, status, waits, n in seen}
