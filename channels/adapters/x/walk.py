"""A walk over one stream of X, from the newest post down to the floor, page by page.

The state is the `resume` of a fetch: it can be stored after any page and taken up by another process. The floor is
the mark less an overlap, since X may show a post some time after its id says it was made.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from channels.adapters import reading
from channels.adapters.x import snowflake
from channels.adapters.x.parse import Page
from channels.contracts import type_json
from core.errors import TransientChannelError

OVERLAP_S = 300
# X may send pages without items that still have a next one; this many in a row is a loop.
EMPTY_MAX = 20
# A walk that was interrupted for longer may find that the window has moved past its place.
FRESH_S = 60
# Code of the error for a page that leads nowhere new.
REPEATED = "repeated_page"


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a walk stands.

    Args:
        floor: ids at or below are known.
        newest / oldest: highest id seen at all, lowest id seen in this walk.
        token: X's continuation; without one the walk goes on below `until`.
        seen: items so far, to notice the end of X's window.
        filling: the window has ended; the rest comes from search, for this handle.
        began: epoch seconds of the first page.
    """

    floor: int
    newest: int
    oldest: int | None = None
    token: str | None = None
    until: int | None = None
    seen: int = 0
    empty: int = 0
    filling: str = ""
    began: float = 0.0

    @classmethod
    def begin(cls, mark: type_json, options: type_json) -> Walk:
        """A new walk down to the mark less the overlap, or to `since` at the first connection."""
        now = time.time()
        if since_id := mark.get("since_id"):
            overlap = float(options.get("overlap_s", OVERLAP_S))
            return cls(floor=snowflake.minus_seconds(int(since_id), overlap), newest=int(since_id), began=now)
        since = options.get("since")
        floor = snowflake.from_time(datetime.fromisoformat(since)) if since else 0
        return cls(floor=floor, newest=floor, began=now)

    @classmethod
    def of(cls, mark: type_json, resume: type_json | None, options: type_json) -> Walk:
        """The walk that `resume` describes, or a new one."""
        return cls(**reading.known_fields(cls, resume)) if resume else cls.begin(mark, options)

    def params(self) -> dict[str, Any]:
        """What to ask X for next, by ids (timelines and search)."""
        return {
            "since_id": self.floor or None,
            "until_id": None if self.token else self.until,
        }

    def advance(self, page: Page) -> Walk:
        """The walk after this page.

        Raises: `TransientChannelError` where X repeats itself, so that no walk goes on for ever.
        """
        if page.next_token and page.next_token == self.token:
            raise TransientChannelError("X sent a continuation that leads back to itself.", code=REPEATED)
        if page.oldest is not None and self.oldest is not None and page.oldest >= self.oldest:
            raise TransientChannelError("X sent a page again that was read before.", code=REPEATED)
        empty = 0 if page.items else self.empty + 1
        if empty > EMPTY_MAX and page.next_token:
            raise TransientChannelError("X sends nothing but empty pages.")
        return replace(
            self,
            newest=max(self.newest, page.newest or 0),
            oldest=page.oldest if page.oldest is not None else self.oldest,
            token=page.next_token,
            seen=self.seen + len(page.items),
            empty=empty,
        )

    def below(self) -> Walk:
        """The same walk without its token, going on by ids: tokens expire, ids do not."""
        return replace(self, token=None, until=self.oldest)

    def fill(self, handle: str) -> Walk:
        """The walk that reads the rest through search."""
        return replace(self, token=None, until=self.oldest, filling=handle, empty=0)

    def just_short_of(self, seconds: float) -> bool:
        """Whether this is a channel's first walk, and its wish is at most an hour beyond what X shows."""
        first = self.newest == self.floor
        return first and self.floor >= snowflake.from_time(datetime.fromtimestamp(self.began - seconds - 3600, UTC))

    def window_ended(self, window: int) -> bool:
        """Whether X may have stopped because its window ended, and not because the floor was reached.

        Deleted posts count towards the window, so a few less than all of it are already suspicious.
        """
        return not self.filling and self.seen >= window - window // 40

    def interrupted(self) -> bool:
        """Whether the walk took so long that the window may have moved past its place meanwhile."""
        return not self.filling and self.oldest is not None and time.time() - self.began > FRESH_S

    def mark(self) -> type_json:
        return {"since_id": str(self.newest)} if self.newest else {}

    def resume(self) -> type_json:
        return asdict(self)

    def span(self) -> str:
        """The hole between the floor and the oldest post seen, for people."""
        until = snowflake.to_time(self.oldest or self.newest)
        if not self.floor:
            return f"before {until:%Y-%m-%d %H:%M} UTC"
        return f"between {snowflake.to_time(self.floor):%Y-%m-%d %H:%M} and {until:%Y-%m-%d %H:%M} UTC"
