"""Many at once: one winner each, no lost update, and nobody sees a deadlock."""

import random
import threading
from collections import Counter
from functools import partial

import pytest
from django.db import transaction

from core.contention import retried
from core.errors import Conflict, SocialCareError
from inbox.models.conversation import Conversation
from inbox.models.work import ConversationEvent
from inbox.services import lifecycle, ownership, tags
from tests.factories import people, talk
from tests.personas import World
from tests.racing import race, split


def test_many_claim_many_and_each_has_one_winner(world: World) -> None:
    """Source: reliability.md row 33, in small."""
    rows = [talk.conversation(world.channels.northwind_x, world.queues.care) for _ in range(25)]
    agents = [people.person(f"Agent{n} X", teams=[world.teams.care], brands=[world.brands.northwind]) for n in range(8)]

    def claim_all(actor: object) -> Counter[str]:
        said: Counter[str] = Counter()
        for row in rows:
            try:
                ownership.claim(row.pk, actor=actor)
            except Conflict as refusal:
                said[refusal.code] += 1
            else:
                said["won"] += 1
        return said

    said = sum(race(*(partial(claim_all, agent) for agent in agents)), Counter())

    assert said == {"won": 25, "owned": 175}
    assert ConversationEvent.objects.filter(kind="conversation.claimed").count() == 25
    assert Conversation.objects.filter(owner__in=agents).count() == 25


def test_hot_conversations_lose_no_update(world: World) -> None:
    """Every act that succeeded has raised the revision once. Source: reliability.md row 13, in small."""
    rows = [talk.conversation(world.channels.northwind_x, world.queues.care).pk for _ in range(5)]

    def work(seed: int) -> int:
        dice = random.Random(seed)
        done = 0
        for step in range(40):
            pk = dice.choice(rows)
            act = dice.choice(
                [
                    partial(tags.change, add=[f"tag {seed} {step % 3}"]),
                    partial(lifecycle.set_priority, priority=dice.randint(1, 4)),
                    ownership.claim,
                    partial(ownership.release, reason="next"),
                ]
            )
            try:
                act(pk, actor=dice.choice([world.ana, world.omar]))
            except (Conflict, SocialCareError):
                continue
            done += 1
        return done

    outcomes = race(*(partial(work, seed) for seed in range(8)))

    assert split(outcomes)[1] == []
    changes = ConversationEvent.objects.count()
    assert changes > 0
    assert sum(row.revision - 1 for row in Conversation.objects.all()) == changes


def test_a_deadlock_is_solved_by_trying_again(world: World) -> None:
    first, second = (talk.conversation(world.channels.northwind_x, world.queues.care).pk for _ in range(2))
    both_hold_one = threading.Barrier(2)
    attempts: Counter[int] = Counter()

    @retried
    def crosswise(one: int, other: int) -> str:
        attempts[one] += 1
        with transaction.atomic(durable=True):
            Conversation.objects.locked(one)
            if attempts[one] == 1:
                both_hold_one.wait(20)
            Conversation.objects.locked(other)
        return "done"

    assert race(partial(crosswise, first, second), partial(crosswise, second, first)) == ["done", "done"]
    assert sum(attempts.values()) == 3


def test_who_waits_in_vain_is_told_that_it_is_busy(world: World, waiting: Conversation) -> None:
    held, tried = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Conversation.objects.locked(waiting.pk)
            held.set()
            assert tried.wait(60)

    def claim() -> str:
        assert held.wait(20)
        try:
            with pytest.raises(Conflict) as refusal:
                ownership.claim(waiting.pk, actor=world.ana)
        finally:
            tried.set()
        return refusal.value.code

    assert race(hold, claim) == [None, "busy"]
