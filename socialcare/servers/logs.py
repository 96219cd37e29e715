"""Log files of our children: opened by us, written by them, cut when they grow."""

import os
from pathlib import Path
from typing import IO

KEEP_BYTES = 10 * 2**20
TAIL_BYTES = 8192


def open_log(path: Path) -> IO[bytes]:
    """Open for appending, readable by us only; a file that has grown large becomes `….1` first."""
    if path.exists() and path.stat().st_size > KEEP_BYTES:
        path.replace(path.with_name(path.name + ".1"))
    return open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))


def last_lines(path: Path) -> str:
    """Read the end of a log."""
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - TAIL_BYTES))
        return log.read().decode("utf-8", errors="replace")
