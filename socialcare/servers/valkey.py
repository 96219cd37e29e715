"""An embedded Redis server (Valkey): our child, on loopback, with a password that no process list shows."""

import secrets
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import IO, cast

import redis

from socialcare.servers.errors import DiskFull, EmbeddedError, StartFailed
from socialcare.servers.logs import last_lines, open_log
from socialcare.servers.places import private_directory
from socialcare.servers.processes import PlainUser, evict, spawn, stop_group

START_DEADLINE_S = 30.0
PORT_TRIES = 5


class Valkey:
    """One server with an append-only file: what is queued survives a stop and a kill."""

    name = "Redis"

    def __init__(self, data: Path, log: Path, binary: Path, user: PlainUser | None, *, durable: bool) -> None:
        self._data, self._log, self._binary, self._user, self._durable = data, log, binary, user, durable
        self._password = secrets.token_urlsafe(32)
        self._port = 0
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Start and wait until it answers. A restart keeps port and password, so that clients find it again.

        Raises: DiskFull, NotOurs, StartFailed.
        """
        private_directory(self._data, self._user)
        evict(self._data, signal.SIGTERM, grace_s=10)
        for _ in range(PORT_TRIES):
            self._port = self._port or _free_port()
            self._child = self._spawn()
            if self._is_ready():
                return
            error = self._explain()
            self.stop()
            if "in use" not in str(error):
                break
            self._port = 0  # somebody took the port between our look and the server's bind
        raise error

    def stop(self) -> None:
        """End after the append-only file is written."""
        if self._child is not None:
            stop_group(self._child, signal.SIGTERM, grace_s=10)
            self._child = None

    def _spawn(self) -> subprocess.Popen[bytes]:
        with open_log(self._log) as output:
            child = spawn(
                [self._binary, "-"],
                user=self._user,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
                output=output,
                stdin=subprocess.PIPE,
                death_signal=signal.SIGKILL,  # at once; the append-only file survives a kill
            )
        with cast(IO[bytes], child.stdin) as stdin:
            stdin.write(self._configuration().encode())
        return child

    def _configuration(self) -> str:
        directory = str(self._data).replace("\\", "\\\\").replace('"', '\\"')
        return "\n".join(
            [
                "bind 127.0.0.1",
                f"port {self._port}",
                f"requirepass {self._password}",
                f'dir "{directory}"',
                f"appendonly {'yes' if self._durable else 'no'}",
                'save ""',
                "maxmemory-policy noeviction",
                "",
            ]
        )

    def _is_ready(self) -> bool:
        deadline = time.monotonic() + START_DEADLINE_S
        while self.alive and time.monotonic() < deadline:
            if self._answers():
                return True
            time.sleep(0.02)
        return False

    def _answers(self) -> bool:
        with redis.Redis.from_url(self.url, socket_timeout=2, socket_connect_timeout=2) as client:
            try:
                return bool(client.ping())
            except (redis.ConnectionError, redis.TimeoutError):
                return False  # not yet listening, or still loading its file

    def _explain(self) -> EmbeddedError:
        said = last_lines(self._log)
        if "No space left on device" in said:
            return DiskFull(f"The disk of {self._data.parent} is full; free some space and start again.")
        lines = [line for line in said.splitlines() if line.strip()]
        reason = lines[-1] if lines else "no reason given"
        return StartFailed(f"Redis did not start: {reason} (see {self._log})")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
