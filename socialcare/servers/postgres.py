"""An embedded PostgreSQL: our child in the foreground, on a unix socket only.

`trust` is safe because the socket stands in a directory that only its user (and root) can enter.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg2

from socialcare.servers.errors import DiskFull, EmbeddedError, NotOurs, StartFailed
from socialcare.servers.logs import last_lines, open_log
from socialcare.servers.places import private_directory
from socialcare.servers.processes import PlainUser, evict, spawn, stop_group

ROLE = DATABASE = "app"
START_DEADLINE_S = 60.0
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107  # bytes. Source: unix(7), sun_path without its NUL
# C.UTF-8 everywhere: with plain C, trigrams lose every letter outside ASCII and lower('É') stays as it is.
INITDB = (
    *("-U", ROLE, "-A", "trust", "-E", "UTF8", "--no-sync"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"),
)
QUIET_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# Of what it refuses the log names the rule, not the row or the statement: those hold what people wrote.
DISCREET = {"log_error_verbosity": "terse", "log_min_error_statement": "panic"}


class Postgres:
    """One cluster with one database, `app`, owned by the role `app`."""

    name = "PostgreSQL"

    def __init__(
        self, data: Path, log: Path, binaries: Path, user: PlainUser | None, options: Mapping[str, str]
    ) -> None:
        self._data, self._log, self._bin, self._user = data, log, binaries, user
        self._options = {"timezone": "UTC", "max_connections": "200", **DISCREET, **options}
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def url(self) -> str:
        """The one unix-socket form that libpq, django-environ and dj-database-url all read."""
        return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(self._socket_directory()), safe='/')}"

    def start(self) -> None:
        """Make the cluster if there is none, clear what a killed predecessor left, start, wait for an answer.

        Raises: DiskFull, NotOurs, StartFailed.
        """
        self._create()
        evict(self._data, signal.SIGINT, grace_s=10)
        # Nobody lives in the directory and we hold its lock: a pid file that is still there is stale.
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        self._child = self._spawn()
        self._wait_until_ready()

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, committed rows are on disk."""
        if self._child is not None:
            stop_group(self._child, signal.SIGINT, grace_s=15)
            self._child = None
        evict(self._data, signal.SIGQUIT, grace_s=5)  # backends of a postmaster that had to be killed
        if (elsewhere := self._socket_directory()) != self._data:
            shutil.rmtree(elsewhere, ignore_errors=True)

    def _create(self) -> None:
        if self._data.is_dir():
            return self._refuse_foreign_data()
        # Made beside it and renamed at the end: one that was cut short is never taken for a cluster.
        fresh = self._data.with_name(self._data.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        private_directory(fresh, self._user)
        with open_log(self._log) as output:
            done = spawn(
                [self._bin / "initdb", "-D", fresh, *INITDB],
                user=self._user,
                env=QUIET_ENVIRONMENT,
                output=output,
                death_signal=signal.SIGKILL,
            ).wait()
        if done != 0:
            raise self._explain()
        fresh.rename(self._data)

    def _refuse_foreign_data(self) -> None:
        owner = self._data.stat().st_uid
        if owner != (self._user.uid if self._user else os.geteuid()):
            raise NotOurs(f"{self._data} belongs to another user; run as that user or `make reset`.")
        ours, theirs = self._version(), (self._data / "PG_VERSION").read_text(encoding="ascii").strip()
        if ours != theirs:
            raise NotOurs(f"{self._data} is of PostgreSQL {theirs} and this is {ours}; start afresh with `make reset`.")

    def _version(self) -> str:
        command = [str(self._bin / "postgres"), "-V"]
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10)  # noqa: S603
        return re.findall(r"\d+", said.stdout)[0]

    def _spawn(self) -> subprocess.Popen[bytes]:
        settings = [part for name, value in self._options.items() for part in ("-c", f"{name}={value}")]
        where = ("-D", self._data, "-h", "", "-k", self._socket_directory())
        with open_log(self._log) as output:
            return spawn(
                [self._bin / "postgres", *where, *settings],
                user=self._user,
                env=QUIET_ENVIRONMENT,
                output=output,
                death_signal=signal.SIGINT,
            )

    def _socket_directory(self) -> Path:
        """Give the data directory if its path allows it, else a private one below the temporary directory.

        The setting is a list in which commas and spaces have a meaning, and the kernel limits the length.
        """
        inside = str(self._data / SOCKET_NAME)
        if len(os.fsencode(inside)) <= SOCKET_PATH_LIMIT and re.fullmatch(r"[\w/.+-]+", inside, re.ASCII):
            return self._data
        digest = hashlib.sha256(os.fsencode(self._data)).hexdigest()[:12]
        return private_directory(Path(tempfile.gettempdir()) / f"socialcare-{digest}", self._user)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_DEADLINE_S
        while not self._answers():
            if not self.alive or time.monotonic() > deadline:
                error = self._explain()
                self.stop()
                raise error
            time.sleep(0.02)

    def _answers(self) -> bool:
        """Connect, and make our database the first time."""
        try:
            connection = psycopg2.connect(
                host=str(self._socket_directory()), user=ROLE, dbname="postgres", connect_timeout=5
            )
        except psycopg2.OperationalError:
            return False
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE DATABASE {DATABASE}")
        finally:
            connection.close()
        return True

    def _explain(self) -> EmbeddedError:
        said = last_lines(self._log)
        if "No space left on device" in said:
            return DiskFull(f"The disk of {self._data.parent} is full; free some space and start again.")
        fatal = [line for line in said.splitlines() if re.search(r"FATAL|PANIC|error:", line)]
        reason = fatal[-1] if fatal else "no reason given"
        return StartFailed(f"PostgreSQL did not start: {reason} (see {self._log})")
