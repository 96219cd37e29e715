"""State that survives a restart and a kill: a file of lines, each the newest form of one thing."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import orjson


class InUse(Exception):
    """Another sandbox keeps its state in this directory."""


class Journal:
    """Appends facts to one file; without a directory it keeps nothing.

    A line reaches the operating system before the answer leaves, so a killed process loses nothing; a power cut may.
    Raises: InUse when another process has the directory.
    """

    def __init__(self, directory: Path | None) -> None:
        self._path = directory / "sandbox.jsonl" if directory else None
        self._file: BinaryIO | None = None
        self._lock: BinaryIO | None = None
        if directory:
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = _locked(directory / "lock")

    def read(self) -> Iterator[tuple[str, dict]]:
        """All whole lines, oldest first; a line torn by a kill ends the reading."""
        if self._path is None or not self._path.exists():
            return
        with self._path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                kind, value = orjson.loads(line)
                yield kind, value

    def rewrite(self, facts: Iterable[tuple[str, object]]) -> None:
        """Replace the file by these facts, whole or not at all, and append to it from here on."""
        if self._path is None:
            return
        self._close_file()
        fresh = self._path.with_suffix(".new")
        with fresh.open("wb") as out:
            for fact in facts:
                out.write(orjson.dumps(fact) + b"\n")
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self._path)
        self._file = self._path.open("ab")

    def write(self, facts: Iterable[tuple[str, object]]) -> None:
        if self._file is None:
            return
        self._file.write(b"".join(orjson.dumps(fact) + b"\n" for fact in facts))
        self._file.flush()

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def close(self) -> None:
        """Give up the file and the directory."""
        self._close_file()
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _locked(path: Path) -> BinaryIO:
    """A file that stays locked as long as it is open; a kill opens it."""
    lock = path.open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise InUse(f"another sandbox keeps its state in {path.parent}") from error
    return lock
