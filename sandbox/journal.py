"""State that survives a restart and a kill: a file of lines, each the newest form of one thing."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson


class Journal:
    """Appends facts to one file; without a directory it keeps nothing.

    A line reaches the operating system before the answer leaves, so a killed process loses nothing; a power cut may.
    """

    def __init__(self, directory: Path | None) -> None:
        self._path = directory / "sandbox.jsonl" if directory else None
        self._file = None
        if directory:
            directory.mkdir(parents=True, exist_ok=True)

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
        self.close()
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

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
