"""The embedded PostgreSQL and Redis of `make run` and `make test`: real servers from wheels, one home.

    with Embedded(Path("var")) as urls:
        os.environ.update(urls)         # DATABASE_URL and REDIS_URL

Start from the main thread: the servers die with the thread that started them.
"""

import fcntl
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO

from socialcare.servers.binaries import postgres_bin, valkey_server
from socialcare.servers.errors import AlreadyRunning, EmbeddedError
from socialcare.servers.places import (
    MIN_FREE_BYTES,
    explained,
    make_home,
    plain_user,
    require_space,
    state_directory,
)
from socialcare.servers.postgres import THROW_AWAY, Postgres
from socialcare.servers.valkey import Valkey

BOTH = ("DATABASE_URL", "REDIS_URL")


class Embedded:
    """Both servers (or those that are `wanted`) under one lock.

    `durable=False` is for tests: nothing is synced to disk. `say` hears sentences meant for people.
    """

    def __init__(
        self,
        home: Path,
        *,
        wanted: tuple[str, ...] = BOTH,
        durable: bool = True,
        postgres_options: Mapping[str, str] | None = None,
        min_free_bytes: int = MIN_FREE_BYTES,
        say: Callable[[str], None] = lambda _sentence: None,
    ) -> None:
        self._home = home.absolute()
        self._wanted, self._durable, self._min_free, self._say = wanted, durable, min_free_bytes, say
        self._options = {**({} if durable else THROW_AWAY), **(postgres_options or {})}
        self._lock: IO[str] | None = None
        self._servers: dict[str, Postgres | Valkey] = {}

    def start(self) -> dict[str, str]:
        """Start the servers and return their addresses by the name of the variable that carries them.

        Raises: AlreadyRunning, DiskFull, NotTraversable, NotOurs, NoBinaries, StartFailed.
        """
        try:
            make_home(self._home)
            self._take_lock()
            require_space(self._home, self._min_free)
            self._servers = self._build()
            for server in self._servers.values():
                server.start()
        except OSError as error:
            self.stop()
            raise explained(error, self._home) from error
        except BaseException:  # Ctrl-C as well: nothing may stay behind
            self.stop()
            raise
        return {name: server.url for name, server in self._servers.items()}

    def stop(self) -> None:
        """Stop what runs, the last started first, and give the lock back."""
        for server in reversed(self._servers.values()):
            server.stop()
        self._servers = {}
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def heal(self) -> list[str]:
        """Start servers again that have died, at the same address; return a sentence for each."""
        said = []
        for server in self._servers.values():
            if not server.alive:
                server.start()
                said.append(f"{server.name} had ended and was started again.")
        return said

    def __enter__(self) -> dict[str, str]:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _take_lock(self) -> None:
        lock = (self._home / "embedded.lock").open("a+", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            lock.close()
            raise AlreadyRunning(
                f"Socialcare already runs on {self._home} (process {holder}); stop it first."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def _build(self) -> dict[str, Postgres | Valkey]:
        state = state_directory(self._home)
        if state != self._home:
            self._say(f"The database's user cannot enter {self._home}, so its data are kept in {state}.")
        user, logs = plain_user(state / "postgres"), self._home / "log"
        built: dict[str, Postgres | Valkey] = {}
        if "DATABASE_URL" in self._wanted:
            binaries = postgres_bin(state, user)
            built["DATABASE_URL"] = Postgres(state / "postgres", logs / "postgres.log", binaries, user, self._options)
        if "REDIS_URL" in self._wanted:
            built["REDIS_URL"] = Valkey(
                state / "valkey", logs / "valkey.log", valkey_server(state, user), user, durable=self._durable
            )
        return built


__all__ = ["Embedded", "EmbeddedError"]
