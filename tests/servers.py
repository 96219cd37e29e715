"""The servers that a test run brings along: its own PostgreSQL and Redis in a temporary home.

Several runs in one checkout do not meet: each has its own home, sockets and ports.
"""

import base64
import fcntl
import os
import secrets
import shutil
import tempfile
import time
from pathlib import Path

from socialcare.embedded import BOTH, Embedded

HOME_PREFIX = "socialcare-test-"
ABANDONED_AFTER_S = 3600


class TestServers:
    """Start what TEST_DATABASE_URL and TEST_REDIS_URL do not name; set the environment for the settings."""

    __test__ = False

    def __init__(self) -> None:
        remove_abandoned_homes()
        self.directory = Path(tempfile.mkdtemp(prefix=HOME_PREFIX))
        self.directory.chmod(0o711)  # as root the servers run as nobody, who must be able to pass
        named = {name: os.environ[f"TEST_{name}"] for name in BOTH if os.environ.get(f"TEST_{name}")}
        wanted = tuple(name for name in BOTH if name not in named)
        self.embedded = Embedded(self.directory / "home", wanted=wanted, durable=False)
        self._before = dict(os.environ)
        os.environ.update(environment_of_tests(self.directory / "home"), **named)

    def start(self) -> None:
        os.environ.update(self.embedded.start())

    def stop(self) -> None:
        """Stop the servers, remove their data and give the environment back."""
        self.embedded.stop()
        shutil.rmtree(self.directory, ignore_errors=True)
        os.environ.clear()
        os.environ.update(self._before)


def environment_of_tests(home: Path) -> dict[str, str]:
    """Give what a test run decides by itself, so that a developer's environment does not shine through."""
    return {
        "DJANGO_SETTINGS_MODULE": "socialcare.settings",
        "SOCIALCARE_HOME": str(home),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "CREDENTIAL_KEYS": f"test:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "PASSWORD_HASHER": "django.contrib.auth.hashers.MD5PasswordHasher",
        "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
        "STATIC_FROM_SOURCE": "1",
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "X_API_URL": "http://127.0.0.1:9",
        "X_AUTH_URL": "http://127.0.0.1:9",
        "FACEBOOK_GRAPH_URL": "http://127.0.0.1:9",
        "FACEBOOK_DIALOG_URL": "http://127.0.0.1:9",
        "DEBUG": "0",
    }


def remove_abandoned_homes() -> None:
    """Remove what runs that were killed have left: their servers died with them, the files did not."""
    for directory in Path(tempfile.gettempdir()).glob(f"{HOME_PREFIX}*"):
        lock = directory / "home" / "embedded.lock"
        if directory.stat().st_uid == os.geteuid() and lock.is_file() and _is_abandoned(lock):
            shutil.rmtree(directory, ignore_errors=True)


def _is_abandoned(lock: Path) -> bool:
    if time.time() - lock.stat().st_mtime < ABANDONED_AFTER_S:
        return False
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
