"""Hints: one per task and transaction, none without a commit, and a broker that is away costs nearly nothing."""

import os
import subprocess
import sys

import orjson
import pytest
from django.db import transaction

from core import live
from core.hints import hint_on_commit

TASK = "inbox.tasks.dispatch_events"
QUEUE = "tests.hints"


@pytest.fixture(autouse=True)
def nothing_waiting(transactional_db: None) -> None:
    live.client().delete(QUEUE)


def hinted() -> list[str]:
    return [orjson.loads(raw)["headers"]["task"] for raw in live.client().lrange(QUEUE, 0, -1)]


def test_a_transaction_hints_once_and_only_when_it_commits() -> None:
    with transaction.atomic():
        hint_on_commit(TASK, queue=QUEUE)
        hint_on_commit(TASK, queue=QUEUE)
        assert hinted() == []
    assert hinted() == [TASK]


def test_what_is_rolled_back_hints_nobody() -> None:
    with transaction.atomic():
        hint_on_commit(TASK, queue=QUEUE)
        transaction.set_rollback(True)
    assert hinted() == []


AWAY = """
import time, django
django.setup()
from core.hints import hint
began = time.monotonic()
for _ in range(50):
    hint("inbox.tasks.dispatch_events")
print(time.monotonic() - began)
"""


def test_a_broker_that_is_away_costs_the_hint_and_little_time() -> None:
    """Source: reliability.md row 7: at most 100 ms a call."""
    done = subprocess.run(
        [sys.executable, "-c", AWAY],
        env={**os.environ, "REDIS_URL": "redis://127.0.0.1:1/0", "LOG_FORMAT": "json"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert float(done.stdout.splitlines()[-1]) / 50 < 0.1
    assert (done.stdout + done.stderr).count("hints.away") == 1
