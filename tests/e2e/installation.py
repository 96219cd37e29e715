"""A whole installation as `make run` starts it: own servers, web, worker, beat and sandbox with the demo."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

from tests.sandbox.running import Sandbox

ROOT = Path(__file__).resolve().parents[2]
START_S = 240.0
PLAIN_FILES = {"STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def free_ports(count: int) -> list[int]:
    """Ports that nobody holds at this moment."""
    held = [socket.socket() for _ in range(count)]
    try:
        for each in held:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()


class Installation:
    """Runs from the constructor to `stop`.

    Args:
        settings: environment variables beyond those that `make run` decides.
    """

    def __init__(self, home: Path, **settings: str) -> None:
        port, sandbox_port = free_ports(2)
        self.home, self.address = home, f"http://127.0.0.1:{port}"
        self.log = home.parent / "installation.log"
        bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = {**bare, **settings, "SOCIALCARE_HOME": str(home)}
        places = {"PORT": str(port), "SANDBOX_PORT": str(sandbox_port)}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "socialcare.devserver"],
                cwd=ROOT,
                env={**self.environment, **PLAIN_FILES, **places},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait()
        self.sandbox = Sandbox(f"http://127.0.0.1:{sandbox_port}", self._token(), self.process)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_S
        while not self._ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"the installation does not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.2)

    def _ready(self) -> bool:
        try:
            with urlopen(f"{self.address}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _token(self) -> str:
        secrets = (self.home / "secrets" / "generated.env").read_text(encoding="ascii")
        known = dict(line.split("=", 1) for line in secrets.splitlines() if line)
        return known["SANDBOX_CONTROL_TOKEN"]

    def run(self, module: str) -> str:
        """What a module of ours prints that works on this installation, as one does in a second terminal."""
        command = [sys.executable, "-m", module]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{module}: {done.stderr[-2000:]}")
        return done.stdout

    def stop(self) -> None:
        """As Ctrl-C does; what does not end by itself is killed."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
