"""The web process as `make run` starts it, browsers that keep their connection, and what they measure."""

import http.client
import itertools
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import User
from benchmarks.inbox_rig.cpu import used

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = "socialcare.asgi:application"
BROKEN = "benchmarks.inbox_rig.broken:application"
BARE = "benchmarks.inbox_rig.bare:application"
CSRF = "b" * 32
START_S = 90.0


class Web:
    """uvicorn in a process of its own. `pid` is the root of its processes."""

    def __init__(self, application: str, *extra: str, **environment: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "uvicorn", application, "--port", str(self.port), "--no-access-log"]
        command += ["--log-level", "error", "--timeout-graceful-shutdown", "3", *extra]
        self._process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
        self.pid = self._process.pid
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_S
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit("the web process did not start") from None
                time.sleep(0.1)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def serving(application: str, *extra: str, **environment: str) -> Iterator[Web]:
    """The web process while the block runs."""
    web = Web(application, *extra, **environment)
    try:
        yield web
    finally:
        web.stop()


def session_of(person: User) -> str:
    """The key of a fresh session of somebody who has signed in."""
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def cookies(session: str) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"


@dataclass
class Answer:
    status: int
    seconds: float
    body: bytes


class Browser:
    """One kept connection of one person."""

    def __init__(self, port: int, session: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"X-CSRFToken": CSRF, "HX-Request": "true"}
        self._headers["Cookie"] = cookies(session)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {"Cookie": self._headers["Cookie"]})

    def post(self, path: str, **fields: str) -> Answer:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields), {**self._headers, **form})

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        return Answer(answer.status, time.perf_counter() - began, content)

    def close(self) -> None:
        self._connection.close()


@dataclass
class Taken:
    """What many requests took, over several rounds. CPU of the web process and PostgreSQL."""

    seconds: list[float] = field(default_factory=list)
    cpu: float = 0.0
    web_cpu: float = 0.0
    wall: float = 0.0
    rounds: list[tuple[float, float]] = field(default_factory=list)

    def line(self, name: str) -> dict[str, float]:
        """Median, 95th percentile, CPU, all in milliseconds per request, and requests per second."""
        n = len(self.seconds)
        return {
            f"{name}_p50_ms": round(percentile(self.seconds, 50) * 1000, 1),
            f"{name}_p95_ms": round(percentile(self.seconds, 95) * 1000, 1),
            f"{name}_cpu_ms": round(self.cpu / n * 1000, 2),
            f"{name}_web_cpu_ms": round(self.web_cpu / n * 1000, 2),
            f"{name}_per_s": round(n / self.wall, 1),
        }


def percentile(values: Sequence[float], of: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) * of // 100, len(ordered) - 1)]


def against(ours: Taken, bare: Taken) -> dict[str, float]:
    """Ratios: CPU and p95 over everything, p50 as the median and the worst of the rounds."""
    p50 = [mine / theirs for (mine, _), (theirs, _) in zip(ours.rounds, bare.rounds, strict=True)]
    p95 = [mine / theirs for (_, mine), (_, theirs) in zip(ours.rounds, bare.rounds, strict=True)]
    cpu = (ours.cpu / len(ours.seconds)) / (bare.cpu / len(bare.seconds))
    return {
        "x_p50": round(statistics.median(p50), 2),
        "x_p50_worst": round(max(p50), 2),
        "x_p95": round(statistics.median(p95), 2),
        "x_cpu": round(cpu, 2),
    }


Act = Callable[[Browser], Answer]


def load(web: Web, server: int, session: str, clients: int, n: int, act: Act, into: Taken, good: int = 200) -> None:
    """`n` requests from so many browsers at once. Any other status than `good` ends the run."""
    browsers = [Browser(web.port, session) for _ in range(clients)]
    before, web_before, began = used(server), used(web.pid), time.perf_counter()
    answers: list[Answer] = []
    tickets = itertools.count()

    def browse(browser: Browser) -> None:
        while next(tickets) < n:
            answers.append(act(browser))

    _together([lambda browser=browser: browse(browser) for browser in browsers])
    into.wall += time.perf_counter() - began
    web_cpu = used(web.pid) - web_before
    into.web_cpu += web_cpu
    into.cpu += web_cpu + used(server) - before
    for browser in browsers:
        browser.close()
    if len(answers) != n or any(answer.status != good for answer in answers):
        raise SystemExit(f"statuses {sorted({answer.status for answer in answers})}, {len(answers)} of {n} answers")
    seconds = [answer.seconds for answer in answers]
    into.seconds += seconds
    into.rounds.append((percentile(seconds, 50), percentile(seconds, 95)))


def _together(works: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def database_connections() -> int:
    """Connections of others to our database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]
