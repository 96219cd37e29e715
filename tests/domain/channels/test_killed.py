"""kill -9 while a stream is read: whatever the moment, nothing is lost and nothing is double."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.utils import timezone

from channels.models import Channel, Stream
from inbox.models.message import Message
from inbox.services import polling
from tests.domain.channels.kit import stream_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
ROOT = Path(__file__).resolve().parents[3]
POSTS = 700
KILLS = 5
# Says when it is ready, so that the kill meets the reading and not the start of Python.
READER = """
import django; django.setup()
from inbox.services import polling
print("ready", flush=True)
polling.poll_stream(int({stream}))
"""


def reader(stream: Stream, settings) -> subprocess.Popen:
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {
        **os.environ,
        "DATABASE_URL": urlunsplit(url),
        "X_API_URL": settings.X_API_URL,
        "CREDENTIAL_KEYS": ",".join(settings.CREDENTIAL_KEYS),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", READER.format(stream=stream.pk)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def wait_for_pages(sandbox, process: subprocess.Popen, more: int) -> None:
    """Until so many more pages were asked for, or the reader is done."""
    asked = sandbox.control("GET", "calls")["total"]
    deadline = time.monotonic() + 20
    while process.poll() is None and sandbox.control("GET", "calls")["total"] < asked + more:
        assert time.monotonic() < deadline


def stored(channel: Channel) -> list[str]:
    return sorted(Message.objects.filter(channel=channel).values_list("external_id", flat=True))


def test_killed_at_random_moments_it_ends_with_everything_once(sandbox, connected, settings) -> None:
    channel = connected()
    stream = stream_of(channel)
    posts = [{"network": "x", "author": {"handle": f"person{n}"}, "text": f"@northwindair {n}"} for n in range(POSTS)]
    ids = [post["id"] for post in sandbox.control("POST", "posts", posts)["posts"]]
    chance, cut = random.Random(20), 0
    for _ in range(KILLS):
        process = reader(stream, settings)
        wait_for_pages(sandbox, process, chance.randint(1, 3))
        cut += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert len(stored(channel)) == len(set(stored(channel)))
        stream.refresh_from_db()
        assert stream.mark == {} or len(stored(channel)) == POSTS
        Stream.objects.update(lease_until=None, next_poll_at=timezone.now())
    assert cut > 0
    for _ in range(3):
        polling.poll_stream(stream.pk)
        Stream.objects.update(lease_until=None, next_poll_at=timezone.now())
    assert stored(channel) == sorted(ids)
    stream.refresh_from_db()
    assert stream.mark["since_id"] == max(ids, key=int)
