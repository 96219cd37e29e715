"""Noticing that Graph repeats itself, so that no walk goes on for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from core.errors import PermanentChannelError, TransientChannelError

OVERLAP_S = 300
# A circle of more pages than this is not noticed.
CYCLE_MAX = 100
START = datetime(1970, 1, 1, tzinfo=UTC)


def go_on(digest: str, seen: list[str]) -> list[str]:
    """The pages seen in this walk with this one added.

    Raises: `TransientChannelError` when the page is one of them once more, in whatever order.
    """
    if digest and digest in seen:
        raise TransientChannelError("Facebook sent a page again that was read before.", code="repeated_page")
    return [*seen, digest][-CYCLE_MAX:]


def digest_of(ids: Iterable[str]) -> str:
    """A short name for a page by what is on it; "" for an empty one."""
    joined = " ".join(sorted(ids))
    return hashlib.blake2b(joined.encode(), digest_size=8).hexdigest() if joined else ""


def floor_of(newest: str | None, options: dict[str, object]) -> datetime:
    """How far down a walk goes: the mark less the overlap, or `since` at the first connection (UTC).

    All times of a walk are UTC in ISO form, so that they order as texts.
    """
    if newest:
        return datetime.fromisoformat(newest) - timedelta(seconds=float(str(options.get("overlap_s", OVERLAP_S))))
    since = options.get("since")
    return datetime.fromisoformat(str(since)).astimezone(UTC) if since else START


Page = TypeVar("Page")


def from_start_if_refused(ask: Callable[[], Page], after: dict[str, str]) -> Page:
    """What `ask` gives; a place that Graph no longer knows is emptied, and the edge asked for from its start."""
    try:
        return ask()
    except PermanentChannelError as error:
        if error.code != "bad_request" or not after:
            raise
        after.clear()
        return ask()
