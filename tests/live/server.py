"""The web process as it is deployed, on the database of the test, and a browser's ear for its live stream."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
START_S = 60


def until(true: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until something is so. Fails when it is not within the time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


class Web:
    """uvicorn with socialcare.asgi in a process of its own."""

    def __init__(self, directory: Path, **environment: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = directory / "web.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "uvicorn", "socialcare.asgi:application", "--port", str(self.port)],
                cwd=ROOT,
                env={
                    **os.environ,
                    "DATABASE_URL": urlunsplit(database),
                    "PUBLIC_URL": self.address,
                    "PYTHONWARNINGS": "default",
                    **environment,
                },
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until(self._answers, START_S)

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()[-2000:]
        try:
            with urlopen(f"{self.address}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def streams(self) -> int:
        """How many live streams the process holds open."""
        with urlopen(f"{self.address}/metrics", timeout=10) as answer:
            found = re.search(r"^socialcare_live_streams ([0-9.]+)$", answer.read().decode(), re.MULTILINE)
        assert found is not None
        return int(float(found[1]))

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


class Ear:
    """One open stream: what has come so far, byte by byte."""

    def __init__(self, web: Web, session: str, *topics: str, since: str = "") -> None:
        self._socket = socket.create_connection(("127.0.0.1", web.port), timeout=10)
        query = ",".join(topics) + (f"&since={since}" if since else "")
        self._socket.sendall(
            f"GET /live/?topics={query} HTTP/1.1\r\nHost: 127.0.0.1:{web.port}\r\n"
            f"Cookie: session={session}\r\nAccept: text/event-stream\r\n\r\n".encode()
        )
        self._socket.setblocking(False)
        self.heard, self.ended = b"", False

    def hears(self, words: bytes) -> bool:
        """Whether these bytes have come by now."""
        try:
            while more := self._socket.recv(65536):
                self.heard += more
            self.ended = True
        except BlockingIOError:
            pass
        return words in self.heard

    @property
    def status(self) -> int:
        return int(self.heard.split(b" ", 2)[1])

    def close(self) -> None:
        self._socket.close()


@contextmanager
def serving(directory: Path, **environment: str) -> Iterator[Web]:
    """The web process while the block runs."""
    web = Web(directory, **environment)
    try:
        yield web
    finally:
        web.stop()
