"""The steps of the Dockerfile that need no engine, done by hand: the copied files alone collect and pass the checks."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COPIED = re.findall(r"^COPY (?!--from)(\S+) (?!\./$)\S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
PRODUCTION = {
    "PUBLIC_URL": "https://care.example.org",
    "ALLOWED_HOSTS": "care.example.org",
    "SECRET_KEY": "nothing-but-a-long-enough-value-for-the-checks-of-this-test-0123456789",
    "CREDENTIAL_KEYS": "k:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "DATABASE_URL": "postgresql://build@db/build",
    "REDIS_URL": "redis://redis/0",
    "TRUSTED_PROXIES": "1",
}


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """Give a directory with what the image would hold in /app."""
    app = tmp_path / "app"
    app.mkdir()
    shutil.copy(ROOT / "manage.py", app)
    for name in COPIED:
        shutil.copytree(ROOT / name, app / name, ignore=shutil.ignore_patterns("__pycache__"))
    return app


def manage(image: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "STATIC_ROOT": str(image / "staticfiles"), **PRODUCTION}
    command = [sys.executable, "manage.py", *arguments]
    env["SOCIALCARE_HOME"] = str(image / "data")
    return subprocess.run(command, cwd=image, env=env, capture_output=True, text=True, timeout=120)


def test_static_files_are_collected_with_their_fingerprints(image: Path) -> None:
    done = manage(image, "collectstatic", "--no-input", "-v", "0")
    assert done.returncode == 0, done.stderr
    assert (image / "staticfiles" / "staticfiles.json").is_file()


def test_the_checks_for_production_find_nothing(image: Path) -> None:
    done = manage(image, "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
