"""The embedded servers run for real: they keep rows, heal, refuse a second start, leave nothing."""

import os
import pty
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from socialcare.embedded import Embedded
from socialcare.servers.errors import AlreadyRunning, DiskFull, NotOurs
from socialcare.servers.processes import evict, inhabitants

HOLD = """
import sys, time
from pathlib import Path
from socialcare.embedded import Embedded
urls = Embedded(Path(sys.argv[1])).start()
print(urls["DATABASE_URL"], flush=True)
time.sleep(60)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="socialcare-test-") as directory:
        Path(directory).chmod(0o711)  # pytest's own temporary directories are closed to the servers' user
        yield Path(directory) / "home"


def until(holds: Callable[[], bool], deadline_s: float = 15) -> bool:
    end = time.monotonic() + deadline_s
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return holds()


def ask(url: str, statement: str) -> object:
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def kill_all(directory: Path) -> None:
    for pid in inhabitants(directory):
        os.kill(pid, signal.SIGKILL)


def test_rows_and_keys_survive_a_stop(home: Path) -> None:
    with Embedded(home) as urls:
        ask(urls["DATABASE_URL"], "CREATE TABLE kept AS SELECT 42 AS answer")
        with redis.Redis.from_url(urls["REDIS_URL"]) as client:
            client.set("kept", "yes")
    with Embedded(home) as urls:
        assert ask(urls["DATABASE_URL"], "SELECT answer FROM kept") == 42
        with redis.Redis.from_url(urls["REDIS_URL"]) as client:
            assert client.get("kept") == b"yes"
    assert inhabitants(home / "postgres") == inhabitants(home / "valkey") == []


def test_letters_outside_ascii_are_searchable(home: Path) -> None:
    with Embedded(home, wanted=("DATABASE_URL",), durable=False) as urls:
        ask(urls["DATABASE_URL"], "CREATE EXTENSION pg_trgm")
        # With the plain C locale only the three trigrams without Ü and ï would be left.
        assert ask(urls["DATABASE_URL"], "SELECT cardinality(show_trgm('Ünïcode'))") == 8
        assert ask(urls["DATABASE_URL"], "SELECT lower('ÉÜ')") == "éü"


def test_killed_servers_come_back_with_their_rows_at_the_same_address(home: Path) -> None:
    embedded = Embedded(home)
    urls = embedded.start()
    try:
        ask(urls["DATABASE_URL"], "CREATE TABLE kept AS SELECT 42 AS answer")
        with redis.Redis.from_url(urls["REDIS_URL"]) as client:
            client.set("kept", "yes")
            kill_all(home / "postgres")
            kill_all(home / "valkey")
            said: list[str] = []
            assert until(lambda: said.extend(embedded.heal()) or len(said) == 2)
            assert ask(urls["DATABASE_URL"], "SELECT answer FROM kept") == 42
            assert client.get("kept") == b"yes"
    finally:
        embedded.stop()
    assert inhabitants(home / "postgres") == inhabitants(home / "valkey") == []


def test_killed_supervisor_takes_its_servers_along_and_the_next_start_works(home: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(home)], stdout=subprocess.PIPE, text=True)
    with holder:
        url = holder.stdout.readline().strip()
        ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
        with pytest.raises(AlreadyRunning, match=f"process {holder.pid}"):
            Embedded(home).start()
        holder.kill()
    with Embedded(home) as urls:
        assert ask(urls["DATABASE_URL"], "SELECT answer FROM kept") == 42
    assert inhabitants(home / "postgres") == inhabitants(home / "valkey") == []


def test_pid_file_of_a_living_stranger_is_stale(home: Path) -> None:
    with Embedded(home, wanted=("DATABASE_URL",), durable=False):
        pass
    pid_file = home / "postgres" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{home / 'postgres'}\n1\n5432\n\n\n\n")
    with Embedded(home, wanted=("DATABASE_URL",), durable=False) as urls:
        assert ask(urls["DATABASE_URL"], "SELECT 1") == 1


def test_cut_short_creation_is_begun_anew(home: Path) -> None:
    (home / "postgres.new").mkdir(parents=True)
    home.chmod(0o711)
    (home / "postgres.new" / "PG_VERSION").write_text("18")
    with Embedded(home, wanted=("DATABASE_URL",), durable=False) as urls:
        assert ask(urls["DATABASE_URL"], "SELECT 1") == 1


def test_paths_that_a_socket_cannot_have(home: Path) -> None:
    awkward = home.parent / ("long-" * 20) / "with space, comma and ü"
    awkward.mkdir(parents=True)
    with Embedded(awkward, durable=False) as urls:
        assert ask(urls["DATABASE_URL"], "SELECT 1") == 1
        with redis.Redis.from_url(urls["REDIS_URL"]) as client:
            assert client.ping()


def test_nearly_full_disk_is_one_sentence(home: Path) -> None:
    with pytest.raises(DiskFull, match="MB are free"):
        Embedded(home, min_free_bytes=2**60).start()
    with Embedded(home, wanted=("REDIS_URL",)) as urls:  # the refused start has let the lock go
        assert urls["REDIS_URL"].startswith("redis://:")


def test_data_of_another_version_are_refused(home: Path) -> None:
    with Embedded(home, wanted=("DATABASE_URL",), durable=False):
        pass
    (home / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(NotOurs, match="PostgreSQL 9"):
        Embedded(home).start()


def test_redis_wants_its_password(home: Path) -> None:
    with Embedded(home, wanted=("REDIS_URL",), durable=False) as urls:
        address = urls["REDIS_URL"].rpartition("@")[2]
        with redis.Redis.from_url(f"redis://{address}") as client, pytest.raises(redis.AuthenticationError):
            client.ping()


def test_strangers_cannot_enter_the_data(home: Path) -> None:
    with Embedded(home, durable=False):
        assert (home / "postgres").stat().st_mode & 0o077 == 0
        assert (home / "valkey").stat().st_mode & 0o077 == 0
        assert (home / "secrets").stat().st_mode & 0o077 == 0


def test_somebodys_shell_in_the_data_directory_is_left_alone(tmp_path: Path) -> None:
    """A program at a terminal is a person's; only what has none is a leftover of ours."""
    person, terminal = pty.fork()
    if person == 0:
        os.chdir(tmp_path)
        os.execvp("sleep", ["sleep", "60"])
    leftover = subprocess.Popen(["sleep", "60"], cwd=tmp_path, start_new_session=True)
    try:
        assert until(lambda: os.readlink(f"/proc/{person}/cwd") == str(tmp_path.resolve()))
        assert until(lambda: inhabitants(tmp_path) == [leftover.pid])
        evict(tmp_path, signal.SIGTERM, grace_s=5)
        assert leftover.wait(timeout=5) == -signal.SIGTERM
        assert os.waitpid(person, os.WNOHANG) == (0, 0)
    finally:
        os.kill(person, signal.SIGKILL)
        os.waitpid(person, 0)
        os.close(terminal)


def test_the_log_quotes_neither_rows_nor_statements(home: Path) -> None:
    with Embedded(home) as urls:
        ask(urls["DATABASE_URL"], "CREATE TABLE said (text text CHECK (text <> 'canary'))")
        with pytest.raises(psycopg2.IntegrityError):
            ask(urls["DATABASE_URL"], "INSERT INTO said VALUES ('canary')")
        logs = [path.read_text(errors="replace") for path in home.rglob("*.log")]
    assert any("said_text_check" in log for log in logs)
    assert not any("canary" in log for log in logs)
