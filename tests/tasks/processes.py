"""Celery processes for a test."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def environment() -> dict[str, str]:
    """The environment of this run, with the database of the test."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    return {**os.environ, "DATABASE_URL": urlunsplit(url)}


class Processes:
    """Workers and beats with the environment of the test, each in a process group of its own."""

    def __init__(self, directory: Path, settings: Any) -> None:
        self._directory = directory
        self._environment = {
            **environment(),
            "X_API_URL": settings.X_API_URL,
            "POLL_SECONDS": "2",
            "POLL_SECONDS_QUIET": "2",
            "LOG_LEVEL": "WARNING",
        }
        self._running: list[subprocess.Popen] = []

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen:
        log = (self._directory / f"{arguments[0]}-{len(self._running)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "socialcare", *arguments],
            cwd=ROOT,
            env={**self._environment, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        log.close()
        self._running.append(process)
        return process

    def stop(self) -> None:
        for process in self._running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
