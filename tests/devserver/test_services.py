"""A service that ends is started again with growing pauses; ending it takes its children along."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from socialcare.devserver.services import Plan, Service
from socialcare.servers.processes import inhabitants

FAMILY = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(60)"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    for name in ("log", "run"):
        (tmp_path / name).mkdir()
    yield tmp_path
    for pid in inhabitants(tmp_path / "run"):
        os.kill(pid, signal.SIGKILL)


def service(home: Path, program: str, grace_s: float = 5) -> Service:
    made = Service(Plan("web", ("-c", program), grace_s), home, os.environ)
    made.start()
    return made


def until(holds: Callable[[], object], deadline_s: float = 15) -> object:
    end = time.monotonic() + deadline_s
    while not (found := holds()) and time.monotonic() < end:
        time.sleep(0.02)
    return found


def test_what_ended_is_told_with_its_last_line_and_started_again(home: Path) -> None:
    web = service(home, "import sys; print('no module named x'); sys.exit(4)")
    said = until(web.watch)
    assert said == "The web ended (exit code 4: no module named x); it starts again in 1 s."
    again = until(web.watch)
    assert "starts again in 2 s" in str(again)


def test_a_kill_is_named(home: Path) -> None:
    web = service(home, "import time; time.sleep(60)")
    until(lambda: inhabitants(home / "run"))
    os.kill(inhabitants(home / "run")[0], signal.SIGKILL)
    assert "killed by SIGKILL" in str(until(web.watch))
    web.end(at_once=True)


def test_the_whole_family_ends(home: Path) -> None:
    web = service(home, FAMILY)
    assert until(lambda: len(inhabitants(home / "run")) == 2)
    web.ask_to_end()
    web.end()
    assert until(lambda: inhabitants(home / "run") == [])


def test_one_that_does_not_listen_is_killed_after_its_grace(home: Path) -> None:
    web = service(home, STUBBORN, grace_s=0.2)
    assert until(lambda: (home / "log" / "web.log").read_text() == "on\n")
    web.ask_to_end()
    began = time.monotonic()
    web.end()
    assert time.monotonic() - began < 5
    assert inhabitants(home / "run") == []


def test_its_log_is_ours_alone(home: Path) -> None:
    service(home, f"print({sys.argv!r})").end()
    assert (home / "log" / "web.log").stat().st_mode & 0o077 == 0
