"""One installation of `benchmarks.backtest`: `ask` stores and back-tests, a rule's name stores with that rule on."""

import json
import random
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from accounts.models import Membership, User  # noqa: E402
from benchmarks.inbox_rig.pages import PAGE, START, Network  # noqa: E402
from benchmarks.pipeline_rig import Beat, Workers  # noqa: E402
from channels.adapters.x import parse  # noqa: E402
from channels.contracts import FetchPage, StreamKind  # noqa: E402
from channels.models import Channel  # noqa: E402
from inbox.models.message import Message  # noqa: E402
from inbox.models.queue import Queue  # noqa: E402
from inbox.services import ownership  # noqa: E402
from inbox.services.ingest import store_page  # noqa: E402
from routing.models.decision import Backtest  # noqa: E402
from routing.rules.fields import OPS  # noqa: E402
from routing.services import backtest, drafts, pipeline, rules, timed, versions  # noqa: E402
from tests import personas  # noqa: E402

REGULARS = 2_000
OWNED_EVERY = 200
DEADLINE_S = 3600


class Chance(random.Random):
    """People who write again: authors come from a small town."""

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        if stop is None and start == 40_000_000:
            start = REGULARS
        return super().randrange(start) if stop is None else super().randrange(start, stop, step)


def asked(field: str, value: Any, op: str = "") -> dict[str, Any]:
    return {"field": field, "op": op or OPS["choice"][0], "value": value}


RULES: dict[str, list[dict[str, Any]]] = {
    "words and mood": [
        asked("sentiment", ["negative"]),
        asked("words", ["refund", "lost bag", "voucher"], "any"),
        {"not": asked("words", ["thanks"], "any")},
    ],
    "earlier conversations": [asked("previous", 2, "at_least"), asked("sentiment", ["negative", "neutral"])],
    "waiting without an owner": [asked("waiting", 20, "at_least"), asked("owned", False)],
}


def store(messages: int, seed: int) -> float:
    """Store the messages; how many a second."""
    channel = Channel.objects.get(handle="northwindair", kind="x")
    Channel.objects.filter(pk=channel.pk).update(connected_at=START - timedelta(days=1))
    channel.refresh_from_db()
    network = Network(seed, channel.external_id)
    network.random = Chance(seed)
    began = time.monotonic()
    for _ in range(messages // PAGE):
        page = parse.posts_page(network.page())
        with transaction.atomic(durable=True):
            store_page(channel, StreamKind.MENTIONS, FetchPage(items=page.items, context=page.context))
    return messages / (time.monotonic() - began)


def route(workers: int) -> float:
    """Let the workers judge and route all that waits; seconds."""
    began, running = time.monotonic(), Workers(workers)
    try:
        with Beat():
            while pipeline.waiting():
                if time.monotonic() - began > DEADLINE_S:
                    raise SystemExit("the workers did not come to an end")
                time.sleep(0.2)
    finally:
        running.stop()
    if pipeline.given_up():
        raise SystemExit("messages could not be routed")
    return time.monotonic() - began


def turn_on(name: str) -> int:
    """The draft of one of the three rules."""
    ada = User.objects.get(email__startswith="ada")
    pr = Queue.objects.get(slug="pr").pk
    draft = drafts.start(actor=ada, name=name)
    drafts.save(draft.number, actor=ada, when={"all": RULES[name]}, do=[{"do": "queue", "value": pr}])
    return draft.number


def own(turn: int) -> None:
    """Ana claims one in two hundred conversations, by the network's id: the same ones everywhere."""
    ana = User.objects.get(email__startswith="ana")
    rows = Message.objects.filter(direction="in", in_reply_to="").order_by("pk")
    for external_id, conversation_id in rows.values_list("external_id", "conversation_id"):
        if crc32(external_id.encode()) % OWNED_EVERY == turn:
            ownership.claim(conversation_id, actor=ana)


_STANDS = """
SELECT t.root_external_id || ':' || p.external_id, c.id, q.slug,
  (SELECT count(*) FROM inbox_message m WHERE m.conversation_id = c.id AND m.direction = 'in')
FROM inbox_conversation c JOIN inbox_thread t ON t.id = c.thread_id JOIN inbox_profile p ON p.id = c.profile_id
JOIN inbox_queue q ON q.id = c.queue_id
"""
# Earlier conversations as they are after everything, not as they were.
_LATE = """
UPDATE routing_decision d SET facts = jsonb_set(d.facts, '{pr}', to_jsonb((
  SELECT count(*) - 1 FROM inbox_conversation o WHERE o.profile_id = c.profile_id)))
FROM inbox_message m JOIN inbox_conversation c ON c.id = m.conversation_id WHERE m.id = d.message_id
"""


def stands() -> list[tuple[str, int, str, int]]:
    """Every conversation by the network's ids: its own id, its queue, how many messages of the contact it has."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDS)
        return list(cursor.fetchall())


def peak_mb() -> float:
    """The most memory that this process has ever had; getrusage would count its parent's, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def asked_for(name: str) -> dict[str, Any]:
    """The back-test of one rule: what it cost, and where it says that every conversation would stand."""
    ada = User.objects.get(email__startswith="ada")
    number = turn_on(name)
    job = backtest.ask(number, days=7, actor=ada)
    before, began = peak_mb(), time.monotonic()
    backtest.run_due()
    seconds, peak = time.monotonic() - began, peak_mb()
    done = Backtest.objects.get(pk=job.pk)
    *_, seen = backtest.replay(done)
    drafts.discard(number, actor=ada)
    slugs, there = dict(Queue.objects.values_list("pk", "slug")), stands()
    return {
        "seconds": round(seconds, 2),
        "messages_a_second": round(done.result["messages"] / seconds),
        "peak_mb": round(peak, 1),
        "grew_by_mb": round(peak - before, 1),
        **{name: done.result[name] for name in ("messages", "conversations", "moved", "fitted", "approximate")},
        "stood": {key: slugs[seen.stands[pk].before.queue] for key, pk, *_ in there},
        "stands": {key: slugs[seen.stands[pk].after.queue] for key, pk, *_ in there},
        "sizes": {key: size for key, _, _, size in there},
    }


def in_a_process_of_its_own(name: str, answer: Path) -> dict[str, Any]:
    """So that its memory is its own."""
    command = [sys.executable, "-m", "benchmarks.backtest_rig", "test", name, str(answer)]
    subprocess.run(command, check=True)
    return dict(json.loads(answer.read_text(encoding="utf-8")))


def main(what: str, messages: int, seed: int, workers: int, answer: Path, broken: str) -> None:
    call_command("migrate", verbosity=0)
    world = personas.world()
    Membership.objects.create(user=world.ana, team=world.teams.pr)
    rules.newest_id()
    if what != "ask":
        versions.turn_on(turn_on(what), actor=User.objects.get(email__startswith="ada"))
    stored = store(messages, seed)
    own(0)
    routed = messages / route(workers)
    timed.fire_due()
    own(1)
    found: dict[str, Any] = {
        "run": {"stored_a_second": round(stored), "routed_a_second": round(routed), "workers": workers}
    }
    if broken and what == "ask":
        with connection.cursor() as cursor:
            cursor.execute(_LATE)
    if what == "ask":
        found["rules"] = {name: in_a_process_of_its_own(name, answer) for name in RULES}
    else:
        there = stands()
        found["stands"] = {key: queue for key, _, queue, _ in there}
        found["sizes"] = {key: size for key, _, _, size in there}
    answer.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1] == "test":
        Path(sys.argv[3]).write_text(json.dumps(asked_for(sys.argv[2])), encoding="utf-8")
    else:
        main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]), sys.argv[6])
