"""Noticing that Graph repeats itself, so that no walk goes on for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from core.errors import TransientChannelError

OVERLAP_S = 300
START = datetime(1970, 1, 1, tzinfo=UTC)


def require_new(digest: str, previous: str) -> None:
    """Raises: `TransientChannelError` when a page is the one before it once more, in whatever order."""
    if digest and digest == previous:
        raise TransientChannelError("Facebook sent a page again that was read before.", code="repeated_page")


def digest_of(ids: Iterable[str]) -> str:
    """A short name for a page by what is on it; "" for an empty one."""
    joined = " ".join(sorted(ids))
    return hashlib.blake2b(joined.encode(), digest_size=8).hexdigest() if joined else ""


def floor_of(newest: str | None, options: dict[str, object]) -> datetime:
    """How far down a walk goes: the mark less the overlap, or `since` at the first connection."""
    if newest:
        return datetime.fromisoformat(newest) - timedelta(seconds=float(str(options.get("overlap_s", OVERLAP_S))))
    since = options.get("since")
    return datetime.fromisoformat(str(since)) if since else START
