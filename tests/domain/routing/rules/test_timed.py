"""Rules that wait: each episode fires once, and whatever they watch cancels it by changing."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from inbox.models.conversation import Conversation
from inbox.models.work import ConversationEvent
from inbox.services import lifecycle, ownership
from routing.models.decision import RuleEpisode
from routing.models.notice import Notice
from routing.services import drafts, timed, versions
from tests.domain.routing.rules.kit import NEGATIVE, Doing, ask, route
from tests.factories import talk
from tests.personas import World
from tests.racing import race

WAITING = ask("waiting", 20, "at_least")
UNOWNED = ask("owned", False)


@pytest.fixture
def doing(world: World) -> Doing:
    return Doing(world.ada)


def asked(world: World, *, minutes_ago: float) -> Conversation:
    row = talk.conversation(
        world.channels.northwind_x, world.queues.care, waiting_since=timezone.now() - timedelta(minutes=minutes_ago)
    )
    route(row, sentiment="negative")
    return row


def put_back(row: Conversation, minutes: float) -> None:
    """Everything that happened to the conversation happened so much earlier."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inbox_conversationevent DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE inbox_conversationevent SET occurred_at = occurred_at - make_interval(mins => %s) "
            "WHERE conversation_id = %s",
            [minutes, row.pk],
        )
        cursor.execute("ALTER TABLE inbox_conversationevent ENABLE TRIGGER USER")


def fired(row: Conversation) -> int:
    return ConversationEvent.objects.filter(conversation=row, kind="rule.fired").count()


def test_it_fires_when_its_time_has_come_and_never_twice(world: World, doing: Doing) -> None:
    late, early = asked(world, minutes_ago=21), asked(world, minutes_ago=19)
    doing.rule(WAITING, UNOWNED, priority=1, notify=[world.omar.pk])

    assert timed.fire_due() == 1
    assert timed.fire_due() == 0

    assert Conversation.objects.get(pk=late.pk).priority == 1
    assert Conversation.objects.get(pk=early.pk).priority == 3
    assert Notice.objects.filter(user=world.omar).count() == 1
    assert (fired(late), fired(early)) == (1, 0)


def test_its_other_conditions_count(world: World, doing: Doing) -> None:
    asked(world, minutes_ago=30)
    doing.rule(WAITING, ask("sentiment", ["positive"]), priority=1)
    assert timed.fire_due() == 0

    doing.rule(WAITING, NEGATIVE, priority=1)
    assert timed.fire_due() == 1


def test_a_claim_cancels_and_the_wait_begins_anew_when_it_is_given_back(world: World, doing: Doing) -> None:
    row = asked(world, minutes_ago=21)
    doing.rule(WAITING, UNOWNED, priority=1)
    ownership.claim(row.pk, actor=world.ana)
    assert timed.fire_due() == 0

    ownership.release(row.pk, actor=world.ana)
    assert timed.fire_due() == 0

    put_back(row, 21)
    assert timed.fire_due() == 1


def test_a_second_episode_fires_again(world: World, doing: Doing) -> None:
    row = asked(world, minutes_ago=50)
    doing.rule(WAITING, UNOWNED, tags=["late"])
    assert timed.fire_due() == 1

    ownership.claim(row.pk, actor=world.ana)
    ownership.release(row.pk, actor=world.ana)
    put_back(row, 21)

    assert timed.fire_due() == 1
    assert RuleEpisode.objects.filter(conversation=row).count() == 2
    assert timed.fire_due() == 0


def test_what_it_does_not_watch_does_not_cancel(world: World, doing: Doing) -> None:
    row = asked(world, minutes_ago=21)
    doing.rule(WAITING, UNOWNED, tags=["late"])
    lifecycle.set_priority(row.pk, actor=world.ana, priority=2)

    assert timed.fire_due() == 1


def test_an_answer_and_a_resolution_end_the_wait(world: World, doing: Doing) -> None:
    row = asked(world, minutes_ago=21)
    doing.rule(WAITING, priority=1)
    lifecycle.resolve(row.pk, actor=world.ana, disposition="expired")

    assert timed.fire_due() == 0


def test_rewording_a_rule_does_not_fire_it_again_for_the_same_wait(world: World, doing: Doing) -> None:
    asked(world, minutes_ago=40)
    number = doing.rule(WAITING, UNOWNED, tags=["late"])
    assert timed.fire_due() == 1
    drafts.save(number, actor=world.ada, when={"all": [ask("waiting", 30, "at_least"), UNOWNED]})
    versions.turn_on(number, actor=world.ada)

    assert timed.fire_due() == 0


def test_two_sweepers_fire_once(world: World, doing: Doing) -> None:
    rows = [asked(world, minutes_ago=21) for _ in range(3)]
    doing.rule(WAITING, UNOWNED, priority=1)

    assert sum(race(timed.fire_due, timed.fire_due)) == 3
    assert [fired(row) for row in rows] == [1, 1, 1]


def test_a_claim_at_the_same_moment_wins_or_comes_after(world: World, doing: Doing) -> None:
    """Whichever is first under the lock: never is a conversation moved that somebody holds."""
    row = asked(world, minutes_ago=21)
    doing.rule(WAITING, UNOWNED, queue=world.queues.pr.pk)

    race(timed.fire_due, lambda: ownership.claim(row.pk, actor=world.ana).pk)

    row = Conversation.objects.get(pk=row.pk)
    held_in_care = row.owner_id == world.ana.pk and row.queue_id == world.queues.care.pk
    moved_and_free = row.owner_id is None and row.queue_id == world.queues.pr.pk
    assert held_in_care or moved_and_free


def test_many_are_taken_in_batches(world: World, doing: Doing) -> None:
    for _ in range(5):
        asked(world, minutes_ago=25)
    doing.rule(WAITING, UNOWNED, tags=["late"])

    assert timed.fire_due(limit=2) == 5


def test_nothing_is_looked_for_before_there_are_rules(transactional_db: None) -> None:
    assert timed.fire_due() == 0


def test_the_key_is_the_moment_since_when_it_waits(world: World, doing: Doing) -> None:
    row = asked(world, minutes_ago=25)
    doing.rule(WAITING, tags=["late"])
    timed.fire_due()

    since: datetime = RuleEpisode.objects.get().since
    assert since == Conversation.objects.get(pk=row.pk).waiting_since
