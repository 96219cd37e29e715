"""Avatars and attachments through our own door: fetched once, written anew, kept on disk for a while.

Files are named by a digest of address and size, so that nobody's name or address stands in a directory, and a new
avatar (a new address) is a new file. What cannot be had is remembered for some minutes, too.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import structlog
from django.conf import settings

from channels import media
from channels.http import HttpFailure
from core.errors import Invalid
from inbox.services.pictures import Size, rewritten

log = structlog.get_logger(__name__)

KEPT_S = 30 * 24 * 3600
ABSENT_S = 600
# Slow hosts may hold so many of the threads that answer pages, and no more; the others wait this long for a turn.
AT_ONCE = threading.BoundedSemaphore(3)
TURN_S = 1.5


class Busy(Exception):
    """Too many pictures are being fetched at this moment: ask again."""


def picture(url: str, network: str, size: Size) -> bytes | None:
    """The picture behind the address, as WebP; None where there is none to be had.

    Raises: Busy.
    """
    file = _place(url, size)
    kept = _kept(file)
    if kept is not None:
        return kept or None
    if not AT_ONCE.acquire(timeout=TURN_S):
        raise Busy
    try:
        kept = _kept(file)  # somebody else may have fetched it meanwhile
        if kept is None:
            kept = _fetched(url, network, size)
            _keep(file, kept)
    finally:
        AT_ONCE.release()
    return kept or None


def forget(urls: Iterable[str]) -> int:
    """Remove the kept copies of these pictures, for what was deleted at the network or erased. Returns how many."""
    files = [_place(url, size) for url in urls if url for size in Size]
    return sum(_remove(file) for file in files)


def purge() -> int:
    """Remove what was fetched more than 30 days ago. Returns how many. Idempotent."""
    root = Path(settings.MEDIA_ROOT)
    before = time.time() - KEPT_S
    return sum(_remove(file) for file in root.glob("*/*") if _modified(file) < before)


def _fetched(url: str, network: str, size: Size) -> bytes:
    try:
        return rewritten(media.fetch(url, network), size)
    except (HttpFailure, Invalid) as error:
        log.info("media.not_fetched", network=network, why=type(error).__name__)
        return b""


def _place(url: str, size: Size) -> Path:
    digest = hashlib.sha256(f"{size.name} {url}".encode()).hexdigest()
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


def _kept(file: Path) -> bytes | None:
    """The kept bytes, empty for a picture that is known to be absent; None where that has to be found out."""
    try:
        age = time.time() - file.stat().st_mtime
        content = file.read_bytes()
    except FileNotFoundError:
        return None
    return content if age < (KEPT_S if content else ABSENT_S) else None


def _keep(file: Path, content: bytes) -> None:
    """All or nothing. A full disk costs the next visitor a fetch, and nobody a picture."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        Path(fresh).replace(file)
    except OSError as error:
        log.warning("media.not_kept", errno=error.errno)


def _modified(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _remove(file: Path) -> bool:
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    return True
