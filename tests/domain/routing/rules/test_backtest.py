from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import Conflict, Forbidden, Invalid
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.models.work import ConversationEvent
from routing.models.decision import Backtest
from routing.services import backtest, drafts, hours, targets
from tests.domain.routing.rules.kit import NEGATIVE, Doing, ask, route
from tests.factories import talk
from tests.personas import World
from tests.racing import race, split


@pytest.fixture
def doing(world: World) -> Doing:
    return Doing(world.ada)


def draft(world: World, *asked: dict[str, object], **do: object) -> int:
    acts = [{"do": kind, "value": value} for kind, value in do.items()]
    number = drafts.start(actor=world.ada, name="Angry").number
    drafts.save(number, actor=world.ada, when={"all": list(asked)}, do=acts)
    return number


def said(world: World, text: str = "My bag is gone", **judged: str) -> Conversation:
    row = talk.conversation(world.channels.northwind_x, world.queues.care, text=text)
    route(row, **judged)
    return row


def test_it_tells_what_the_draft_would_have_moved(world: World) -> None:
    said(world, sentiment="negative")
    said(world, sentiment="negative", text="No refund for my BAG")
    said(world, sentiment="positive")
    number = draft(world, NEGATIVE, ask("words", ["refund"], "any"), queue=world.queues.pr.pk)

    job = backtest.ask(number, days=7, actor=world.ada)
    assert backtest.run_due() == 1

    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.error) == ("done", 3, 3, "")
    assert job.result["moved"] == 1
    assert job.result["flows"] == [{"from": world.queues.care.pk, "to": world.queues.pr.pk, "n": 1}]
    assert job.result["funnel"] == [2, 1]
    assert {one["queue"] for one in job.result["load"]} == {world.queues.care.pk, world.queues.pr.pk}


def test_it_agrees_with_what_then_happens(world: World, doing: Doing) -> None:
    """The same messages with the rule on, through the same decisions, stand where the back-test said."""
    words = ["bag", "no refund", "refund my bag", "hello"]
    moods = ["negative", "positive", "negative", ""]
    before = [said(world, text, sentiment=mood) for text, mood in zip(words, moods, strict=True)]
    number = draft(world, NEGATIVE, ask("words", ["bag"], "any"), queue=world.queues.pr.pk)
    job = backtest.ask(number, days=1, actor=world.ada)
    *_, seen = backtest.replay(Backtest.objects.get(pk=job.pk))
    drafts.discard(number, actor=world.ada)
    doing.rule(NEGATIVE, ask("words", ["bag"], "any"), queue=world.queues.pr.pk)

    after = [said(world, text, sentiment=mood) for text, mood in zip(words, moods, strict=True)]

    stands = [Conversation.objects.get(pk=row.pk).queue_id for row in after]
    assert [seen.stands[row.pk].after.queue for row in before] == stands


def test_only_the_days_that_were_asked_for_are_looked_at(world: World) -> None:
    old = said(world, sentiment="negative")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE routing_decision SET decided_at = decided_at - interval '8 days'")
    said(world, sentiment="negative")
    number = draft(world, NEGATIVE, queue=world.queues.pr.pk)

    backtest.ask(number, days=7, actor=world.ada)
    backtest.run_due()

    assert old.pk
    assert Backtest.objects.get().result["messages"] == 1


def test_it_reads_in_batches_and_a_batch_costs_one_query(world: World) -> None:
    for _ in range(6):
        said(world, sentiment="negative")
    number = draft(world, NEGATIVE, queue=world.queues.pr.pk)
    job = Backtest.objects.get(pk=backtest.ask(number, days=1, actor=world.ada).pk)
    list(backtest.replay(job))

    with CaptureQueriesContext(connection) as by_two:
        steps = [seen.messages for seen in backtest.replay(job, batch=2)]
    with CaptureQueriesContext(connection) as by_three:
        list(backtest.replay(job, batch=3))

    assert steps == [2, 4, 6]
    assert len(by_two) == len(by_three) + 1


def test_a_cancelled_one_ends_and_stays_cancelled(world: World) -> None:
    said(world, sentiment="negative")
    number = draft(world, NEGATIVE, queue=world.queues.pr.pk)
    job = backtest.ask(number, days=1, actor=world.ada)

    backtest.cancel(job.pk, actor=world.ada)

    assert backtest.run_due() == 0
    assert Backtest.objects.get().state == "cancelled"
    assert backtest.cancel(job.pk, actor=world.ada).state == "cancelled"


def test_cancelling_while_it_runs_stops_it_after_the_batch(world: World) -> None:
    said(world, sentiment="negative")
    number = draft(world, NEGATIVE, queue=world.queues.pr.pk)
    job = backtest.ask(number, days=1, actor=world.ada)
    claimed = backtest._claim()
    backtest.cancel(job.pk, actor=world.ada)

    backtest._run(claimed)

    assert (Backtest.objects.get().state, Backtest.objects.get().result) == ("cancelled", {})


def test_what_a_dead_worker_left_is_run_again(world: World) -> None:
    said(world, sentiment="negative")
    number = draft(world, NEGATIVE, queue=world.queues.pr.pk)
    backtest.ask(number, days=1, actor=world.ada)
    dead = backtest._claim()
    assert backtest.run_due() == 0
    Backtest.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert backtest.run_due() == 1
    assert Backtest.objects.get().state == "done"
    finished = Backtest.objects.get().finished_at
    backtest._run(dead)  # it wakes up late and writes nothing over the other one
    assert Backtest.objects.get().finished_at == finished


def test_two_workers_run_it_once(world: World) -> None:
    said(world, sentiment="negative")
    number = draft(world, NEGATIVE, queue=world.queues.pr.pk)
    backtest.ask(number, days=1, actor=world.ada)

    assert sorted(race(backtest.run_due, backtest.run_due)) == [0, 1]


def test_one_at_a_time_for_each_rule(world: World) -> None:
    number = draft(world, NEGATIVE, queue=world.queues.pr.pk)

    won, lost = split(race(*[lambda: backtest.ask(number, days=7, actor=world.ada)] * 2))

    assert len(won) == 1
    assert isinstance(lost[0], Conflict)


def test_bad_asks_are_refused(world: World) -> None:
    number = draft(world, NEGATIVE, queue=world.queues.pr.pk)
    with pytest.raises(Invalid):
        backtest.ask(number, days=3, actor=world.ada)
    with pytest.raises(Forbidden):
        backtest.ask(number, days=7, actor=world.ana)


def answering(world: World, rows: list[Conversation]) -> None:
    """The rows were written three hours ago, on the hour; Ana was there from then on and answered two an hour."""
    now = timezone.now()
    since = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=3)
    Message.objects.filter(conversation__in=rows).update(posted_at=since)
    for minutes in range(10, 180, 30):
        at = since + timedelta(minutes=minutes)
        ConversationEvent.objects.create(
            conversation=rows[0], kind="delivery.sent", actor=world.ana, data={}, occurred_at=at
        )


def promise(world: World, *, first: int, urgent: int, hours_id: int | None = None) -> None:
    """A first response in Care within so many minutes."""
    asked = {("first", None): first, ("first", 1): urgent}
    scope = targets.Scope(queue_id=world.queues.care.pk)
    targets.create("Care", scope, targets.Terms(asked, hours_id=hours_id), actor=world.ada)


def services(job: Backtest) -> dict[int, Any]:
    backtest.run_due()
    return {one["queue"]: one for one in Backtest.objects.get(pk=job.pk).result["service"]}


def test_load_is_measured_with_the_people_who_were_there(world: World) -> None:
    answering(world, [said(world, sentiment="negative") for _ in range(3)])
    number = draft(world, NEGATIVE, queue=world.queues.pr.pk)

    service = services(backtest.ask(number, days=1, actor=world.ada))

    care = service[world.queues.care.pk]
    assert (care["pace"], care["before"]["pieces"], care["after"]["pieces"]) == (2.0, 3, 0)
    assert (care["before"]["promised"], care["before"]["met"]) == (0, 0)  # nobody has promised anything
    assert service[world.queues.pr.pk]["pace"] is None


def test_promises_are_those_in_force_for_queue_channel_and_priority(world: World) -> None:
    """Whoever is there answers two an hour: the rule makes it urgent, and urgent is promised within 10 minutes."""
    promise(world, first=120, urgent=10)
    answering(world, [said(world, sentiment="negative") for _ in range(2)])
    number = draft(world, NEGATIVE, priority=1)

    care = services(backtest.ask(number, days=1, actor=world.ada))[world.queues.care.pk]

    assert (care["before"]["promised"], care["before"]["met"]) == (2, 2)
    assert (care["after"]["promised"], care["after"]["met"]) == (2, 0)


def test_promises_count_the_hours_of_their_policy(world: World) -> None:
    """Hours in which the house is never open make nothing late."""
    shut = hours.create("Shut", hours.Week("UTC", ()), actor=world.ada)
    promise(world, first=1, urgent=1, hours_id=shut.pk)
    answering(world, [said(world, sentiment="negative")])
    number = draft(world, NEGATIVE, queue=world.queues.pr.pk)

    care = services(backtest.ask(number, days=1, actor=world.ada))[world.queues.care.pk]

    assert (care["before"]["pieces"], care["before"]["promised"]) == (1, 0)


def test_a_wait_that_was_not_over_when_it_was_asked_has_not_fired(world: World) -> None:
    said(world, sentiment="negative")
    number = draft(world, ask("waiting", 20, "at_least"), queue=world.queues.pr.pk)

    job = backtest.ask(number, days=1, actor=world.ada)
    backtest.run_due()

    assert Backtest.objects.get(pk=job.pk).result["fitted"] == 0
