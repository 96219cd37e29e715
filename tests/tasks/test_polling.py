"""The pipeline by real workers: hints may be lost or double, what is stored is not."""

import os
import signal
import time
from collections.abc import Callable

import pytest
from celery import current_app

from channels.models import Stream
from core import live
from inbox import tasks
from inbox.models.message import Message
from socialcare.schedule import JOBS, beat_schedule
from tests.domain.channels.kit import give_keys, oauth1, stream_of

WORKER = ("worker", "-Q", "poll", "-c", "2", "--without-gossip", "--without-mingle")


def until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def channel(sandbox, world):
    channel = world.channels.northwind_x
    account = sandbox.brand(channel.handle, "x", id=channel.external_id)
    return give_keys(channel, oauth1(account["credentials"]))


def stored(n: int) -> Callable[[], bool]:
    return lambda: Message.objects.count() == n


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(240)
def test_two_beats_a_flushed_broker_and_a_killed_worker_cost_time_only(sandbox, channel, celery, tmp_path) -> None:
    stream = stream_of(channel)
    sandbox.say("hanne", "@northwindair one")
    worker = celery(*WORKER, "-n", "one@test")
    for number in range(2):
        celery("beat", "-s", str(tmp_path / f"beat{number}"), "--pidfile", "")
    assert until(stored(1), 90)

    live.client().flushall()
    sandbox.say("hanne", "@northwindair two")
    assert until(stored(2), 60)

    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    sandbox.say("hanne", "@northwindair three")
    celery(*WORKER, "-n", "two@test")
    # A lease that the killed worker held would run for 90 s: time passes quicker here.
    Stream.objects.filter(pk=stream.pk).update(lease_until=None)
    assert until(stored(3), 90)

    began, asked = time.monotonic(), sandbox.control("GET", "calls")["total"]
    until(lambda: time.monotonic() - began > 10, 12)
    calls = sandbox.control("GET", "calls")["total"] - asked
    assert calls <= (time.monotonic() - began) / 2 + 2
    assert Message.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_hint_reads_what_is_due_and_takes_later_arguments(sandbox, channel) -> None:
    stream = stream_of(channel)
    sandbox.say("hanne", "@northwindair one")
    report = tasks.poll_stream.apply((stream.pk,), {"since_version_9": True}).get()
    assert report == {"pages": 1, "stored": 1, "closed": True, "error": ""}
    assert tasks.poll_stream.apply((stream.pk,)).get()["pages"] == 0
    assert tasks.poll_stream.apply((0,)).get()["pages"] == 0


@pytest.mark.django_db(transaction=True)
def test_while_the_broker_is_away_a_worker_reads_what_is_overdue(sandbox, channel, celery) -> None:
    stream = stream_of(channel)
    sandbox.say("hanne", "@northwindair one")
    celery(*WORKER, "-n", "three@test", REDIS_URL="redis://127.0.0.1:9/0")
    assert until(stored(1), 90)
    stream.refresh_from_db()
    assert stream.lease_until is None
    assert stream.next_poll_at > stream.last_ok_at


def test_every_job_of_the_timetable_is_a_task_on_its_own_queue(settings) -> None:
    current_app.loader.import_default_modules()
    for job in JOBS:
        task = current_app.tasks[job.task]
        assert getattr(task, "queue", settings.CELERY_TASK_DEFAULT_QUEUE) == job.queue, job.task
    assert len(beat_schedule()) == len(JOBS)
