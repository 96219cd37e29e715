"""A sandbox in a process of its own on a free port, for any suite that wants to talk to it."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 20


class Redirected(HTTPAdapter):
    """Sends what is meant for the real network to the sandbox, with the Host header that was signed."""

    def __init__(self, base_url: str, prefix: str = "") -> None:
        super().__init__()
        self._base, self._prefix = urlsplit(base_url), prefix

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        target = urlsplit(request.url or "")
        request.headers.setdefault("Host", target.netloc)
        path = f"{self._prefix}{target.path}"
        request.url = urlunsplit((self._base.scheme, self._base.netloc, path, target.query, ""))
        return super().send(request, *args, **kwargs)


@dataclass
class Sandbox:
    """A running sandbox: its address, its token and short ways to its control."""

    base_url: str
    control_token: str
    process: subprocess.Popen
    session: requests.Session = field(default_factory=requests.Session)

    def control(self, method: str, path: str, body: Any = None, *, expect: int | None = None, **query: Any) -> Any:
        """One control call; the parsed answer. Fails unless the status is the expected one (or any good one)."""
        response = self.session.request(
            method,
            f"{self.base_url}/control/{path}",
            json=body,
            params=query,
            headers={"Authorization": f"Bearer {self.control_token}"},
            timeout=60,
        )
        good = response.status_code == expect if expect else response.status_code < 300
        assert good, f"{method} {path}: {response.status_code} {response.text[:500]}"
        return response.json()

    def brand(self, handle: str = "northwindair", network: str = "x", **more: Any) -> dict:
        return self.control(
            "POST", "accounts", {"network": network, "handle": handle, "name": handle, "brand": True, **more}
        )

    def say(self, handle: str, text: str, network: str = "x", **more: Any) -> str:
        """A person writes something; the id of the post."""
        post = {"network": network, "author": {"handle": handle}, "text": text, **more}
        return self.control("POST", "posts", [post])["posts"][0]["id"]

    def fault(self, match: str, kind: str, **more: Any) -> None:
        self.control("POST", "faults", {"match": match, "kind": kind, **more})

    def cpu_seconds(self) -> float:
        """Processor time that its process has used: says what it costs, however busy the machine is."""
        ticks = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.session.close()
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(START_SECONDS)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


def start(*, data: Path | None = None, arguments: tuple[str, ...] = (), port: int = 0) -> Sandbox:
    """Start a sandbox and wait until it answers. Raises: RuntimeError with its output when it does not."""
    token = secrets.token_urlsafe(16)
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--until-eof", *arguments]
    if data is not None:
        command += ["--data", str(data)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "SANDBOX_CONTROL_TOKEN": token},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    line = process.stdout.readline() if process.stdout else ""
    if not line.startswith("Sandbox: "):
        process.kill()
        process.communicate()
        raise RuntimeError(f"the sandbox did not start: {line}")
    sandbox = Sandbox(line.removeprefix("Sandbox: ").strip(), token, process)
    _wait(sandbox)
    return sandbox


def _wait(sandbox: Sandbox) -> None:
    deadline = time.monotonic() + START_SECONDS
    while sandbox.session.get(f"{sandbox.base_url}/healthz", timeout=START_SECONDS).status_code != 200:
        if time.monotonic() > deadline:
            raise RuntimeError("the sandbox does not answer")


@contextmanager
def running(*, data: Path | None = None, arguments: tuple[str, ...] = ()) -> Iterator[Sandbox]:
    sandbox = start(data=data, arguments=arguments)
    try:
        yield sandbox
    finally:
        sandbox.stop()
