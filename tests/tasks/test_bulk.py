"""A killed worker neither skips nor doubles a row of a bulk act."""

import signal
import subprocess
import sys

import pytest

from inbox.models.bulk import Bulk, BulkRow
from inbox.models.conversation import Conversation
from inbox.models.work import ConversationEvent
from inbox.services import bulk, tags
from tests.factories import talk
from tests.tasks.processes import ROOT, environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
ROWS, AT = 6, 3


def killed(*arguments: str) -> int:
    """What became of a worker that kills itself."""
    command = [sys.executable, "-m", "tests.tasks.bulk_worker", str(AT), *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(), timeout=200, check=False).returncode


@pytest.fixture
def made(world) -> Bulk:
    rows = [talk.conversation(world.channels.northwind_x, world.queues.care) for _ in range(ROWS)]
    made = bulk.prepare("tag", actor=world.ana, conversation_ids=[row.pk for row in rows], values={"add": ["refund"]})
    return bulk.start(made.pk, actor=world.ana)


def gone_on(made: Bulk) -> list[str]:
    """What is wrong after another worker has finished it, and after it was undone."""
    Bulk.objects.update(lease_until=None)  # the dead one's lease would run for 30 s: time passes quicker here
    bulk.work(60)
    wrong = [f"{row} is {row.state}" for row in made.rows.exclude(state="done")]
    wrong += [f"{row} was changed before" for row in made.rows.all() if row.before["tags"]]
    if ConversationEvent.objects.filter(kind="conversation.tagged").count() != ROWS:
        wrong.append("not one event a row")
    bulk.undo(made.pk, actor=made.actor)
    bulk.work(60)
    return wrong + [f"{row} keeps its tag" for row in Conversation.objects.all() if tags.names_of(row)]


@pytest.mark.parametrize("where", ["inside", "after"])
def test_another_worker_goes_on_where_a_killed_one_was(made: Bulk, where: str) -> None:
    assert killed(where) == -signal.SIGKILL
    done = BulkRow.objects.filter(state="done").count()
    assert done == (AT - 1 if where == "inside" else AT)
    assert gone_on(made) == []


def test_the_check_notices_a_worker_that_writes_results_apart(made: Bulk) -> None:
    assert killed("after", "--apart") == -signal.SIGKILL
    assert any("keeps its tag" in each for each in gone_on(made))
