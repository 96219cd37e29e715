"""The processes that `make run` looks after: started, watched, started again with growing pauses, ended."""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from socialcare.devserver.options import HOST, ROOT, Options
from socialcare.servers.logs import last_lines, open_log
from socialcare.servers.processes import spawn, wait_or_kill

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
STEADY_AFTER_S = 60.0


@dataclass(frozen=True)
class Plan:
    """How to start one service, and how long it may take to end."""

    name: str
    command: tuple[str, ...]
    grace_s: float


def plans(options: Options) -> list[Plan]:
    """List what runs: the sandbox first, since the demo is laid down in it."""
    celery = ("-m", "celery", "-A", "socialcare")
    schedule = str(options.home / "run" / "beat")
    asked_for_sandbox = ("-m", "sandbox", "--host", HOST, "--port", str(options.sandbox_port))
    sandbox = (
        *asked_for_sandbox,
        "--data",
        str(options.home / "sandbox"),
        *(["--demo"] if options.demo else []),
    )
    web = ("socialcare.asgi:application", "--host", HOST, "--port", str(options.port), "--no-access-log")
    quiet = ("--without-gossip", "--without-mingle")
    worker = ("worker", "-Q", "poll,triage,default", "-c", "2", *quiet, "-n", "worker@localhost")
    # Slow networks may occupy every poller; an answer must not wait behind them.
    sender = ("worker", "-Q", "deliver", "-c", "1", *quiet, "-n", "sender@localhost")
    return [
        *([Plan("sandbox", sandbox, 5)] if options.sandbox else []),
        # Without the time limit an open live stream would keep uvicorn from ending.
        Plan("web", ("-m", "uvicorn", *web, "--timeout-graceful-shutdown", "3"), 6),
        Plan("worker", (*celery, *worker), 10),
        Plan("sender", (*celery, *sender), 10),
        Plan("beat", (*celery, "beat", "-s", schedule, "--pidfile", ""), 5),
    ]


class Service:
    """One process, its log and its pauses between two starts."""

    def __init__(self, plan: Plan, home: Path, environment: Mapping[str, str]) -> None:
        self.name = plan.name
        self._plan, self._environment = plan, environment
        self._log, self._cwd = home / "log" / f"{plan.name}.log", home / "run"
        self._child: subprocess.Popen[bytes] | None = None
        self._started_at = self._due_at = 0.0
        self._pause_s = FIRST_PAUSE_S
        self.endings = 0  # in a row, without a steady minute between them

    def start(self) -> None:
        with open_log(self._log) as output:
            self._child = spawn(
                [sys.executable, *self._plan.command],
                output=output,
                death_signal=signal.SIGTERM,
                cwd=self._cwd,  # by this directory the next start finds whatever a killed run left behind
                env={**self._environment, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
            )
        self._started_at = time.monotonic()

    def watch(self) -> str | None:
        """Start it again when its pause is over; return a sentence when it has just ended."""
        now = time.monotonic()
        if self._child is None:
            if now >= self._due_at:
                self.start()
            return None
        if self._child.poll() is None:
            return None
        if now - self._started_at > STEADY_AFTER_S:
            self._pause_s, self.endings = FIRST_PAUSE_S, 0
        self.endings += 1
        wait_or_kill(self._child, grace_s=0)  # its children, if it left any
        said = f"The {self.name} ended ({self.why()}); it starts again in {self._pause_s:.0f} s."
        self._child, self._due_at = None, now + self._pause_s
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
        return said

    def why(self) -> str:
        """Say how it ended: the code or signal and the last line of its log."""
        code = self._child.returncode if self._child else 0
        how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        lines = [line.strip() for line in last_lines(self._log).splitlines() if line.strip()]
        return f"{how}: {lines[-1][:200]}" if lines else how

    def ask_to_end(self) -> None:
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()

    def end(self, *, at_once: bool = False) -> None:
        """Wait until it and its children are gone, killing what outstays its time."""
        if self._child is not None:
            wait_or_kill(self._child, grace_s=0 if at_once else self._plan.grace_s)
            self._child = None
