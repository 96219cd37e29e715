"""Seconds of CPU, from /proc: wall time moves with the machine, this less so."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    """What a piece of work took. `server` = all processes of PostgreSQL."""

    wall: float = 0.0
    client: float = 0.0
    server: float = 0.0

    @property
    def cpu(self) -> float:
        return self.client + self.server


def tree(root: int) -> list[int]:
    """A process and all below it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, wanted = [], [root]
    while wanted:
        pid = wanted.pop()
        found.append(pid)
        wanted += parents.get(pid, [])
    return found


def used(root: int) -> float:
    """CPU seconds of a process tree so far, those of ended children included."""
    total = 0
    for pid in tree(root):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(value) for value in fields[11:15])
    return total / TICK


@contextmanager
def measured(server: int, into: Cost) -> Iterator[None]:
    """Add what the block takes."""
    wall, client, before = time.perf_counter(), time.process_time(), used(server)
    yield
    into.wall += time.perf_counter() - wall
    into.client += time.process_time() - client
    into.server += used(server) - before
