import pytest

from core.errors import Forbidden, NotFound
from routing.models.decision import Backtest, BacktestOpinion
from routing.selectors import rules as selectors
from routing.services import backtest, drafts, opinions
from tests.domain.routing.rules.kit import NEGATIVE, newest, route
from tests.factories import talk
from tests.personas import World
from tests.racing import race


@pytest.fixture
def tested(world: World) -> tuple[Backtest, int]:
    """A back-test that is done, and its one example."""
    row = talk.conversation(world.channels.northwind_x, world.queues.care)
    route(row, sentiment="negative")
    number = drafts.start(actor=world.ada, name="Angry").number
    drafts.save(number, actor=world.ada, when=NEGATIVE, do=[{"do": "queue", "value": world.queues.pr.pk}])
    job = backtest.ask(number, days=1, actor=world.ada)
    backtest.run_due()
    return job, newest(row).pk


def test_the_newest_word_counts_and_can_be_taken_back(world: World, tested: tuple[Backtest, int]) -> None:
    job, message = tested

    opinions.give(job.pk, message, right=True, actor=world.ada)
    opinions.give(job.pk, message, right=False, actor=world.ada)

    assert [(one.message_id, one.right, one.given_by) for one in selectors.opinions(job.pk)] == [
        (message, False, world.ada)
    ]
    opinions.give(job.pk, message, right=None, actor=world.ada)
    assert selectors.opinions(job.pk) == []


def test_only_examples_are_judged_and_only_by_those_who_may_change_rules(
    world: World, tested: tuple[Backtest, int]
) -> None:
    job, message = tested
    other = talk.conversation(world.channels.northwind_x, world.queues.care)

    with pytest.raises(NotFound):
        opinions.give(job.pk, newest(other).pk, right=True, actor=world.ada)
    with pytest.raises(NotFound):
        opinions.give(job.pk + 1, message, right=True, actor=world.ada)
    with pytest.raises(Forbidden):
        opinions.give(job.pk, message, right=True, actor=world.omar)


def test_two_at_once_leave_one_word(world: World, tested: tuple[Backtest, int]) -> None:
    job, message = tested

    both = race(*[lambda right=right: opinions.give(job.pk, message, right=right, actor=world.ada) for right in (0, 1)])

    assert both == [None, None]
    assert BacktestOpinion.objects.count() == 1
