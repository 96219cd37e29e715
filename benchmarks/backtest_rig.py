"""One installation of `benchmarks.backtest`: `ask` stores and back-tests, a rule's name stores with that rule on."""

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
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
from channels.adapters.x import parse  # noqa: E402
from channels.contracts import FetchPage, StreamKind  # noqa: E402
from channels.models import Channel  # noqa: E402
from inbox import dispatch  # noqa: E402
from inbox.models.message import Message  # noqa: E402
from inbox.models.queue import Queue  # noqa: E402
from inbox.services import ownership  # noqa: E402
from inbox.services.ingest import store_page  # noqa: E402
from routing.models.decision import Backtest  # noqa: E402
from routing.rules.fields import OPS  # noqa: E402
from routing.services import backtest, deciding, drafts, pipeline, rules, timed, versions  # noqa: E402
from routing.triage.contracts import Verdict, Verdicts  # noqa: E402
from tests import personas  # noqa: E402

REGULARS = 2_000
OWNED_EVERY = 100
MOODS = ("negative", "neutral", "positive", "")


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


def judge(text: str) -> Verdicts:
    """A mood for every text, the same in every run."""
    mood = MOODS[crc32(text.encode()) % len(MOODS)]
    return replace(Verdicts(), sentiment=Verdict(mood, 0.8 if mood else 0.0, ""))


def route(message_ids: Sequence[int]) -> None:
    texts = dict(Message.objects.filter(pk__in=message_ids).values_list("pk", "text"))
    deciding.decide_all(message_ids, {pk: judge(text) for pk, text in texts.items()})


def work() -> None:
    """A worker: until nothing waits."""
    dispatch.triage_with(pipeline.TASK)
    while pipeline.take_in(route):
        pass


def store(messages: int, seed: int) -> float:
    """Store the messages; how many a second."""
    channel = Channel.objects.get(handle="northwindair", kind="x")
    Channel.objects.filter(pk=channel.pk).update(connected_at=START - timedelta(days=1))
    channel.refresh_from_db()
    dispatch.triage_with(pipeline.TASK)
    network = Network(seed, channel.external_id)
    network.random = Chance(seed)
    began = time.monotonic()
    for _ in range(messages // PAGE):
        page = parse.posts_page(network.page())
        with transaction.atomic(durable=True):
            store_page(channel, StreamKind.MENTIONS, FetchPage(items=page.items, context=page.context))
    return messages / (time.monotonic() - began)


def decide(workers: int) -> float:
    """Let the workers decide about all that waits; seconds."""
    began = time.monotonic()
    command = [sys.executable, "-m", "benchmarks.backtest_rig", "work"]
    running = [subprocess.Popen(command, env=dict(os.environ)) for _ in range(workers)]
    if any(one.wait() for one in running):
        raise SystemExit("a worker failed")
    return time.monotonic() - began


def turn_on(name: str) -> int:
    """The draft of one of the three rules."""
    ada = User.objects.get(email__startswith="ada")
    pr = Queue.objects.get(slug="pr").pk
    draft = drafts.start(actor=ada, name=name)
    drafts.save(draft.number, actor=ada, when={"all": RULES[name]}, do=[{"do": "queue", "value": pr}])
    return draft.number


def own_some() -> None:
    """Ana claims every hundredth conversation, by the network's id of its root: the same ones everywhere."""
    ana = User.objects.get(email__startswith="ana")
    rows = Message.objects.filter(direction="in", in_reply_to="").order_by("pk")
    for external_id, conversation_id in rows.values_list("external_id", "conversation_id"):
        if crc32(external_id.encode()) % OWNED_EVERY == 0:
            ownership.claim(conversation_id, actor=ana)


_STANDS = """
SELECT t.root_external_id || ':' || c.profile_external, c.queue FROM (
  SELECT c.thread_id, q.slug AS queue, p.external_id AS profile_external FROM inbox_conversation c
  JOIN inbox_queue q ON q.id = c.queue_id JOIN inbox_profile p ON p.id = c.profile_id) c
JOIN inbox_thread t ON t.id = c.thread_id
"""
_KEYS = """
SELECT c.id, t.root_external_id || ':' || p.external_id FROM inbox_conversation c
JOIN inbox_thread t ON t.id = c.thread_id JOIN inbox_profile p ON p.id = c.profile_id
"""


def asked_for(name: str) -> dict[str, Any]:
    """The back-test of one rule: what it cost, and where it says that every conversation would stand."""
    ada = User.objects.get(email__startswith="ada")
    number = turn_on(name)
    job = backtest.ask(number, days=7, actor=ada)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    backtest.run_due()
    seconds = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    done = Backtest.objects.get(pk=job.pk)
    *_, seen = backtest.replay(done)
    slugs = dict(Queue.objects.values_list("pk", "slug"))
    with connection.cursor() as cursor:
        cursor.execute(_KEYS)
        keys = dict(cursor.fetchall())
    drafts.discard(number, actor=ada)
    return {
        "seconds": round(seconds, 2),
        "messages_a_second": round(done.result["messages"] / seconds),
        "grew_by_mb": round((after - before) / 1024, 1),
        "moved": done.result["moved"],
        "fitted": done.result["fitted"],
        "approximate": done.result["approximate"],
        "stands": {keys[pk]: slugs[one.after] for pk, one in seen.stands.items()},
    }


def main(what: str, messages: int, seed: int, workers: int, answer: Path) -> None:
    call_command("migrate", verbosity=0)
    world = personas.world()
    Membership.objects.create(user=world.ana, team=world.teams.pr)
    rules.newest_id()
    if what != "ask":
        versions.turn_on(turn_on(what), actor=User.objects.get(email__startswith="ada"))
    stored, decided = store(messages, seed), decide(workers)
    own_some()
    found: dict[str, Any] = {
        "run": {"stored_a_second": round(stored), "decided_a_second": round(messages / decided), "workers": workers}
    }
    if what == "ask":
        found["rules"] = {name: asked_for(name) for name in RULES}
    else:
        timed.fire_due()
        with connection.cursor() as cursor:
            cursor.execute(_STANDS)
            found["stands"] = dict(cursor.fetchall())
    answer.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1] == "work":
        work()
    else:
        main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
