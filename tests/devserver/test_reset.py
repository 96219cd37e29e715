"""`make reset` asks first, takes the data and leaves the secrets."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from socialcare.devserver.options import generated_secrets
from socialcare.embedded import Embedded

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="socialcare-test-") as directory:
        Path(directory).chmod(0o711)
        home = Path(directory) / "home"
        with Embedded(home, wanted=("REDIS_URL",)):
            generated_secrets(home)
        yield home


def reset(home: Path, answer: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "socialcare.devserver.reset"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "SOCIALCARE_HOME": str(home)},
        input=answer,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("answer", ["", "y\n", "no\n"])
def test_nothing_is_removed_without_a_whole_yes(home: Path, answer: str) -> None:
    assert reset(home, answer).returncode == 1
    assert (home / "valkey").is_dir()


def test_data_go_and_secrets_stay(home: Path) -> None:
    kept = generated_secrets(home)
    done = reset(home, "yes\n")
    assert done.returncode == 0, done.stderr
    assert str(home / "valkey") in done.stdout
    assert not (home / "valkey").exists()
    assert generated_secrets(home) == kept


def test_a_running_socialcare_is_left_alone(home: Path) -> None:
    with Embedded(home, wanted=("REDIS_URL",)):
        done = reset(home, "yes\n")
    assert done.returncode == 1
    assert "already runs" in done.stderr
    assert (home / "valkey").is_dir()


def test_where_nothing_is_nothing_is_made(home: Path) -> None:
    done = reset(home.parent / "nowhere", "yes\n")
    assert done.returncode == 1
    assert "does not exist" in done.stderr
    assert not (home.parent / "nowhere").exists()
