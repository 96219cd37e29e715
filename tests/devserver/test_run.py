"""`make run` for real: ready, watched over, ended without a trace, healed after a kill."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from socialcare.servers.processes import inhabitants

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("run", "postgres", "valkey")
PLAIN_FILES = {"STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
pytestmark = pytest.mark.timeout(600)  # whole installations start here, several at a time on a busy machine


class Run:
    """One `make run` without demo and sandbox, on a port and in a home of its own."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "socialcare.devserver"],
            cwd=ROOT,
            env={**bare, **PLAIN_FILES, "SOCIALCARE_HOME": str(home), "PORT": str(port), "DEMO": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []

    def wait_for(self, words: str) -> str:
        """Read on until a line with these words comes; the test's time limit ends a wait in vain."""
        for line in self.child.stdout:
            self.said.append(line)
            if words in line:
                return line
        raise AssertionError(f"{words!r} was not said, but:\n{''.join(self.said)}")

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        self.child.send_signal(how)
        self.said.append(self.child.communicate(timeout=60)[0])
        return self.child.returncode

    def answers(self) -> int | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def processes(self) -> list[int]:
        return [pid for place in PLACES for pid in inhabitants(self.home / place)]


def until(holds: Callable[[], object], deadline_s: float = 30) -> object:
    end = time.monotonic() + deadline_s
    while not (found := holds()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def pid_of(run: Run, words: str) -> int:
    return next(
        pid
        for pid in inhabitants(run.home / "run")
        if words in Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    )


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(port: int) -> Iterator[Callable[[], Run]]:
    """Start any number of runs on the same home and port."""
    runs: list[Run] = []
    with tempfile.TemporaryDirectory(prefix="socialcare-test-") as directory:
        Path(directory).chmod(0o711)

        def begin() -> Run:
            runs.append(Run(Path(directory) / "home", port))
            return runs[-1]

        yield begin
        for run in runs:
            if run.child.poll() is None:
                run.child.kill()
            run.child.communicate()
            until(lambda run=run: not run.processes())


def test_it_is_watched_over_and_ctrl_c_leaves_nothing(start: Callable[[], Run]) -> None:
    run = start()
    run.wait_for("Ready: http://127.0.0.1:")
    assert run.answers() == 200
    assert (run.home / "run.env").stat().st_mode & 0o077 == 0

    second = start()
    assert "already runs" in second.wait_for("process")
    assert second.child.wait(timeout=20) == 1

    os.kill(pid_of(run, "uvicorn"), signal.SIGKILL)
    assert "The web ended (killed by SIGKILL" in run.wait_for("The web ended")
    assert until(lambda: run.answers() == 200)

    for pid in inhabitants(run.home / "postgres"):
        os.kill(pid, signal.SIGKILL)
    run.wait_for("PostgreSQL had ended and was started again.")
    assert until(lambda: run.answers() == 200)

    assert run.end() == 0
    assert run.processes() == []
    assert "Stopped." in run.said[-1]


def test_a_killed_run_is_healed_by_the_next_start(start: Callable[[], Run]) -> None:
    first = start()
    first.wait_for("Ready:")
    first.child.kill()
    again = start()
    again.wait_for("Ready:")
    assert again.end(signal.SIGTERM) == 0
    assert again.processes() == []


def test_a_taken_port_is_one_sentence(start: Callable[[], Run], port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        run = start()
        said = run.child.communicate(timeout=60)[0]
    assert run.child.returncode == 1
    assert said == f"Port {port} is taken by another program; choose another: PORT={port + 10} make run\n"
    assert run.processes() == []
