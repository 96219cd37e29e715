"""What a policy would do, before it is saved: the same as what it does, and nothing is written."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import Forbidden, Invalid, NotFound
from inbox.models.conversation import Conversation
from inbox.services import lifecycle
from routing.models.sla import SlaClock, SlaJob, SlaPolicy, SlaVersion
from routing.services import forecast, targets
from routing.services.forecast import Effect, Forecast
from routing.services.targets import Scope, Terms
from tests.domain.assignment.staff import waits
from tests.domain.targets.stage import MINUTE, TARGETS, due, office, policy, settle
from tests.factories import talk
from tests.personas import World


def terms(first: int = 60, **more: object) -> Terms:
    return Terms(**{"targets": {("first", None): first}, **more})  # type: ignore[arg-type]


def counts(found: Forecast) -> tuple[int, int, int, int]:
    return tuple(found.counts[effect] for effect in Effect)  # type: ignore[return-value]


def asked(world: World, *minutes: int) -> list[Conversation]:
    """Conversations in Care that have waited for so long, by the message itself."""
    rows = [waits(world, n, last_message_at=timezone.now() - n * MINUTE) for n in minutes]
    for row in rows:
        row.messages.update(posted_at=row.waiting_since)
    return rows


def test_a_new_policy_begins_clocks_and_finds_what_is_late(world: World) -> None:
    old, young = asked(world, 90, 5)
    found = forecast.of_new(Scope(), terms(60), actor=world.ada)
    assert counts(found) == (1, 0, 0, 1)
    assert [(one.conversation_id, one.effect) for one in found.examples] == [(old.pk, "late"), (young.pk, "begun")]
    assert (found.looked_at, found.more) == (2, False)
    assert not SlaPolicy.objects.exists()
    assert not SlaClock.objects.exists()
    assert due(old) is None


def test_a_change_shortens_and_with_a_reason_lengthens(world: World) -> None:
    late, soon = asked(world, 50, 5)
    row = policy(world, targets={("first", None): 60})
    before = {one.pk: due(one) for one in (late, soon)}
    stricter = forecast.of_change(row.pk, terms(30), actor=world.ada)
    assert counts(stricter) == (1, 1, 0, 0)
    assert [one.due_at for one in stricter.examples] == [before[late.pk], before[soon.pk]]
    looser = terms(90)
    assert counts(forecast.of_change(row.pk, looser, actor=world.ada)) == (0, 0, 0, 0)
    longer = forecast.of_change(row.pk, looser, actor=world.ada, lengthens=True)
    assert counts(longer) == (0, 0, 2, 0)
    assert {one.pk: due(one) for one in (late, soon)} == before
    assert (SlaVersion.objects.count(), SlaJob.objects.count()) == (1, 1)


def test_another_policy_that_is_narrower_counts_there(world: World) -> None:
    asked(world, 5)
    policy(world, "Care", Scope(queue_id=world.queues.care.pk))
    assert counts(forecast.of_new(Scope(), terms(1), actor=world.ada)) == (0, 0, 0, 0)
    assert counts(forecast.of_new(Scope(by_rule=True), terms(1), actor=world.ada)) == (0, 0, 0, 0)
    assert forecast.of_new(Scope(queue_id=world.queues.pr.pk), terms(1), actor=world.ada).looked_at == 0


@pytest.mark.parametrize("because", ["", "Storm"])
def test_it_foretells_what_then_happens(world: World, because: str) -> None:
    """Waiting, snoozed, pending and urgent ones, with hours: due as foretold, and the job counts as many."""
    rows = asked(world, 200, 100, 50, 20, 5)
    row = policy(world)
    lifecycle.snooze(rows[3].pk, actor=world.omar, until=timezone.now() + timedelta(hours=1))
    lifecycle.set_priority(rows[2].pk, actor=world.omar, priority=1)
    talk.conversation(world.channels.northwind_x, world.queues.pr)
    settle()
    wanted = terms(45 if not because else 300, hours_id=office(world).pk, pause_snoozed=False)
    before = dict(Conversation.objects.values_list("pk", "due_at"))
    found = forecast.of_change(row.pk, wanted, actor=world.ada, lengthens=bool(because))
    targets.change(row.pk, name=row.name, terms=wanted, actor=world.ada, lengthen_because=because)
    settle()
    after = dict(Conversation.objects.values_list("pk", "due_at"))
    foretold = {one.conversation_id: one.would_be_due_at for one in found.examples}
    assert {pk for pk in after if after[pk] != before[pk]} <= foretold.keys()
    assert {pk: after[pk] for pk in foretold} == foretold


def test_it_refuses_what_saving_refuses(world: World) -> None:
    row = policy(world)
    with pytest.raises(Forbidden):
        forecast.of_new(Scope(), terms(), actor=world.omar)
    with pytest.raises(Invalid) as refusal:
        forecast.of_new(Scope(), terms(), actor=world.ada)
    assert refusal.value.fields == {"queue": "“Standard” is for exactly these already."}
    with pytest.raises(Invalid):
        forecast.of_change(row.pk, Terms(targets={}), actor=world.ada)
    with pytest.raises(NotFound):
        forecast.of_change(0, terms(), actor=world.ada)


def test_it_costs_the_same_however_many_run(world: World) -> None:
    row = policy(world)

    def queries(n: int) -> int:
        asked(world, *range(n))
        settle()
        with CaptureQueriesContext(connection) as captured:
            assert forecast.of_change(row.pk, Terms(targets={**TARGETS, ("first", None): 20}), actor=world.ada)
        return len(captured)

    assert queries(2) == queries(6)
