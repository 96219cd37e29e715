"""Whether the static files must be collected again: only when one of them, or a package, has changed."""

import hashlib
import sys
from pathlib import Path

from socialcare.devserver.options import ROOT


def current() -> str:
    """Digest the names, sizes and times of our static files, and what is installed."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "static").rglob("*")):
        info = path.stat()
        digest.update(f"{path.relative_to(ROOT)} {info.st_size} {info.st_mtime_ns}\n".encode())
    for stamp in sorted(Path(sys.prefix).glob(".installed-*")):
        digest.update(stamp.read_bytes())
    return digest.hexdigest()


def is_current(home: Path) -> bool:
    stamp = _stamp(home)
    return stamp.is_file() and stamp.read_text(encoding="ascii") == current()


def write(home: Path) -> None:
    _stamp(home).write_text(current(), encoding="ascii")


def _stamp(home: Path) -> Path:
    return home / "run" / "static.sha256"
