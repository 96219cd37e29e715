"""The run of `benchmarks.pipeline`: who works there, what is stored, who is killed, and what then stands there."""

import argparse
import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from accounts.models import Presence  # noqa: E402
from benchmarks.inbox_rig.cpu import used  # noqa: E402
from benchmarks.inbox_rig.pages import PAGE, Network  # noqa: E402
from channels.adapters.x import parse  # noqa: E402
from channels.contracts import FetchPage, StreamKind  # noqa: E402
from core.hints import hint  # noqa: E402
from inbox import dispatch  # noqa: E402
from inbox.models.conversation import Conversation  # noqa: E402
from inbox.models.message import Message  # noqa: E402
from inbox.services.ingest import store_page  # noqa: E402
from routing.models.staffing import QueueStaffing  # noqa: E402
from routing.services import assignment, pipeline, targets  # noqa: E402
from routing.services.targets import Scope, Terms  # noqa: E402
from tests import personas  # noqa: E402
from tests.factories import people  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
BEAT_S = 0.2
CAPACITY = 10_000
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Workers:
    """Celery workers; one that is killed is replaced at once."""

    def __init__(self, count: int) -> None:
        self.all = [self._start(number) for number in range(count)]
        self.killed = 0
        self.busy_kills = 0

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "celery",
            "-q",
            "-A",
            "benchmarks.pipeline_worker:app",
            "worker",
            "-Q",
            "triage",
        ]
        command += ["-c", "1", "-l", "ERROR", "--without-gossip", "--without-mingle", "-n", f"w{number}@localhost"]
        return subprocess.Popen(
            command, cwd=ROOT, env=dict(os.environ), start_new_session=True, stdout=subprocess.DEVNULL
        )

    def kill(self, number: int) -> None:
        """SIGKILL to the worker and its process at once, as a machine that loses its power."""
        self.busy_kills += _in_the_middle() > 0
        os.killpg(self.all[number].pid, signal.SIGKILL)
        self.all[number].wait()
        self.killed += 1
        self.all[number] = self._start(number)

    def cpu(self) -> float:
        return sum(used(worker.pid) for worker in self.all)

    def stop(self) -> None:
        for worker in self.all:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


class Beat:
    """Hints again and again, as beat does, so that what a killed worker left is found."""

    def __enter__(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(BEAT_S):
            hint(pipeline.TASK, queue="triage")
            hint(assignment.DRAIN, queue="triage")


def run(chosen: argparse.Namespace) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    world = personas.world()
    _staff(world, chosen.agents)
    if chosen.promises:
        _promise(world)
    if chosen.broken == "no-clocks":
        dispatch.set_clocks = lambda _ids: {}
    network = Network(chosen.seed, world.channels.northwind_x.external_id)
    found: dict[str, Any] = {"seed": chosen.seed, "cores": os.cpu_count(), "broken": chosen.broken}
    _store(world, network, chosen.messages)
    found["left_alone"] = _pass(chosen, kills=0)
    _store(world, network, chosen.messages)
    found["with_kills"] = _pass(chosen, kills=chosen.kills)
    found["truth"] = truth = _truth()
    bad = ("lost", "judged_twice", "decided_twice", "moved_twice", "given_twice", "owner_may_not", "left_unowned")
    bad += ("without_clock", "clocks_doubled", "due_differs") if chosen.promises else ()
    found["sound"] = not any(truth[name] for name in bad) and not found["with_kills"]["left"]
    found["sound"] &= truth["clocks"] > 0 or not chosen.promises
    found["load_average"] = os.getloadavg()
    return found


def _staff(world: personas.World, agents: int) -> None:
    """So many people of Care, all there and with room, and a queue that pushes."""
    for number in range(agents):
        person = people.person(
            f"Agent{number} of Care", teams=[world.teams.care], brands=(world.brands.northwind, world.brands.lumo)
        )
        Presence.objects.update_or_create(user=person, defaults={"status": "available", "capacity": CAPACITY})
    QueueStaffing.objects.update_or_create(queue=world.queues.care, defaults={"mode": QueueStaffing.Mode.LEAST_LOADED})


def _promise(world: personas.World) -> None:
    """An answer within the hour, an urgent one within 15 minutes, a resolution within the day."""
    minutes = {("first", None): 60, ("first", 1): 15, ("next", None): 60, ("resolution", None): 24 * 60}
    targets.create("Standard", Scope(), Terms(targets=minutes), actor=world.ada)
    channel = world.channels.northwind_x
    channel.connected_at = LONG_AGO  # what was written before the connection waits for nobody, and has no clock
    channel.save(update_fields=["connected_at"])


def _store(world: personas.World, network: Network, messages: int) -> None:
    for _ in range(messages // PAGE):
        page = parse.posts_page(network.page())
        with transaction.atomic(durable=True):
            fetched = FetchPage(items=page.items, context=page.context)
            store_page(world.channels.northwind_x, StreamKind.MENTIONS, fetched)


def _pass(chosen: argparse.Namespace, *, kills: int) -> dict[str, Any]:
    """Until nothing waits for triage and nothing that somebody could take waits for an owner."""
    chance, total = random.Random(chosen.seed), pipeline.waiting()
    blows = sorted(chance.randrange(total * 9 // 10) for _ in range(kills))
    workers, server = Workers(chosen.workers), _postmaster()
    before, began, first = used(server), time.monotonic(), 0.0
    try:
        with Beat():
            while (left := pipeline.waiting() + _free()) and time.monotonic() - began < chosen.deadline:
                done = total - pipeline.waiting()
                first = first or (time.monotonic() if done else 0.0)
                while blows and done >= blows[0]:
                    blows.pop(0)
                    workers.kill(chance.randrange(chosen.workers))
                time.sleep(0.05)
        ended, cpu = time.monotonic(), workers.cpu() + used(server) - before
    finally:
        workers.stop()
    return {
        "messages": total,
        "seconds_from_first": round(ended - first, 1),
        "per_second": round(total / (ended - first), 1),
        "cpu_ms_per_message": round(cpu / total * 1000, 2),
        "killed": workers.killed,
        "killed_in_the_middle_of_a_page": workers.busy_kills,
        "left": left,
    }


def _postmaster() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    return int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])


def _free() -> int:
    """What waits in a queue that pushes."""
    push = QueueStaffing.objects.exclude(mode=QueueStaffing.Mode.PULL).values("queue")
    return Conversation.objects.filter(queue__in=push, status="open", owner=None).count()


def _in_the_middle() -> int:
    """How many sessions stand inside a transaction that has locked a page."""
    return _number(
        "SELECT count(DISTINCT l.pid) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
        " WHERE c.relname = 'inbox_triagework' AND l.mode = 'RowShareLock' AND l.pid <> pg_backend_pid()"
    )


def _number(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def _truth() -> dict[str, int]:
    """What became of each message, from the rows themselves."""
    said = "inbox_message m WHERE m.direction = 'in' AND m.conversation_id IS NOT NULL"
    twice = (
        "SELECT count(*) FROM (SELECT conversation_id FROM inbox_conversationevent WHERE kind = '{kind}'"
        " GROUP BY conversation_id, {what} HAVING count(*) > 1) t"
    )
    return {
        "messages": Message.objects.filter(direction="in").count(),
        "lost": _number(
            f"SELECT count(*) FROM {said} AND (NOT EXISTS (SELECT FROM routing_decision d WHERE d.message_id = m.id)"
            " OR NOT EXISTS (SELECT FROM routing_messagetriage t WHERE t.message_id = m.id))"
        ),
        "judged_twice": _number(
            "SELECT count(*) FROM (SELECT FROM routing_messagetriage GROUP BY message_id HAVING count(*) > 1) t"
        ),
        "decided_twice": _number(
            "SELECT count(*) FROM (SELECT FROM routing_decision GROUP BY message_id HAVING count(*) > 1) t"
        ),
        "moved_twice": _number(twice.format(kind="conversation.moved", what="data->>'new_id'")),
        "given_twice": _number(twice.format(kind="conversation.assigned", what="data->>'to_id'")),
        "owner_may_not": _number(
            "SELECT count(*) FROM inbox_conversation c JOIN inbox_queue q ON q.id = c.queue_id WHERE c.owner_id IS NOT"
            " NULL AND NOT EXISTS (SELECT FROM accounts_membership m WHERE m.user_id = c.owner_id AND m.team_id ="
            " q.team_id)"
        ),
        "left_unowned": _free(),
        "clocks": _number("SELECT count(*) FROM routing_slaclock"),
        "without_clock": _number(
            "SELECT count(*) FROM inbox_conversation c WHERE c.waiting_since IS NOT NULL AND NOT EXISTS (SELECT FROM"
            " routing_slaclock s WHERE s.conversation_id = c.id AND s.ended_at IS NULL AND s.kind <> 'resolution')"
        ),
        "clocks_doubled": _number(
            "SELECT count(*) FROM (SELECT FROM routing_slaclock WHERE ended_at IS NULL"
            " GROUP BY conversation_id, kind = 'resolution' HAVING count(*) > 1) t"
        ),
        "due_differs": _number(
            "SELECT count(*) FROM inbox_conversation c WHERE c.due_at IS DISTINCT FROM (SELECT min(s.due_at) FROM"
            " routing_slaclock s WHERE s.conversation_id = c.id AND s.ended_at IS NULL)"
        ),
    }
