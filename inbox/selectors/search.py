"""Search over text, author and handle, newest first. A common word is walked in slices from the newest message
down, so that the cost follows what is shown and not what is stored; where the walk stops, the page says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.core import signing
from django.db import connection

from core.copying import array_literal
from core.errors import Invalid
from inbox.policies import Access
from inbox.selectors.conversations import ANY, LONGEST_PAGE, PAGE, Owned, Row, Wanted, brands_of, rows_of

LONGEST_QUERY = 200
MOST_PEOPLE = 2_000
_SALT = "inbox.search"


@dataclass(frozen=True, slots=True)
class Depth:
    """How far a search goes.

    Args:
        few: up to so many expected hits are all looked up in the index; a hit costs 2 to 5 microseconds there, and
            reading the words of a message again, as slices do, 35.
        first: message ids in the shortest first slice; each further slice is four times as long.
        pages: the first slice should hold so many pages of hits, since some of them may not be seen.
        most: message ids that are walked at all; then the page says that older ones were not searched.
    """

    few: int = 20_000
    first: int = 2_000
    pages: int = 3
    most: int = 500_000


@dataclass(frozen=True, slots=True)
class Found:
    """Rows newest hit first; their `text` is the text that was hit.

    Args:
        next: where the next page begins; None = that was all, unless `cut`.
        cut: the search stopped before the oldest message.
    """

    rows: list[Row]
    next: str | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class _Hit:
    conversation_id: int
    message_id: int
    text: str


def search(
    access: Access,
    query: str,
    wanted: Wanted,
    *,
    after: str | None = None,
    limit: int = PAGE,
    depth: Depth = Depth(),
) -> Found:
    """Conversations with a message, an author or a handle that matches; at most five queries plus one per slice.

    Args:
        query: words, "phrases", -without, or; as `websearch_to_tsquery` reads them. `@handle` searches people only.

    Raises: Invalid for a text without a word, one above 200 characters, or a foreign cursor.
    """
    query = query.replace("\0", " ").strip()
    if not query or len(query) > LONGEST_QUERY:
        raise Invalid("Type one to 200 characters.", fields={"q": "Type one to 200 characters."})
    limit = min(limit, LONGEST_PAGE)
    before = _read(after) if after else None
    with connection.cursor() as cursor:
        hits, cut = _Search(cursor, access, query, wanted, before, depth).newest(limit + 1)
    page = hits[:limit]
    texts = {hit.conversation_id: hit.text for hit in page}
    rows = [replace(row, text=texts[row.pk]) for row in rows_of([hit.conversation_id for hit in page])]
    more = len(hits) > limit
    return Found(rows, signing.dumps(page[-1].message_id, salt=_SALT) if more else None, cut and not more)


def _read(cursor: str) -> int:
    try:
        return int(signing.loads(cursor, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        raise Invalid("This page does not belong to this search.", fields={"cursor": "Search again."}) from None


# Numbers in parentheses: the driver writes them as they are, and `-9223372036854775808::bigint` is out of range.
_VISIBLE = """
c.merged_into_id IS NULL AND c.brand_id = ANY(%(brands)s::bigint[])
AND (c.queue_id = ANY(%(queues)s::bigint[]) OR EXISTS (
    SELECT FROM inbox_grant g WHERE g.conversation_id = c.id
    AND (g.user_id = %(user)s OR g.team_id = ANY(%(teams)s::bigint[]))))
AND (%(only)s::bigint[] IS NULL OR c.queue_id = ANY(%(only)s::bigint[]))
AND (%(statuses)s::text[] IS NULL OR c.status = ANY(%(statuses)s::text[]))
AND ((%(channel)s)::bigint IS NULL OR c.channel_id = (%(channel)s)::bigint)
AND ((%(owner)s)::bigint IS NULL OR c.owner_id = (%(owner)s)::bigint) AND (NOT %(free)s OR c.owner_id IS NULL)
AND (NOT %(waiting)s OR c.waiting_since IS NOT NULL) AND (NOT %(late)s OR c.due_at < now())
"""
_MATCH = "to_tsvector('socialcare'::regconfig, COALESCE({m}.text, '')) @@ websearch_to_tsquery('socialcare', %(query)s)"
_WORDS = _MATCH.format(m="m")
_LATER_WORDS = _MATCH.format(m="v")
# What may not be seen is dropped first: looking that up costs 4 microseconds, reading the words of a text again 35.
_SLICE = f"""
SELECT s.conversation_id, s.id FROM (
    SELECT m.conversation_id, m.id FROM inbox_message m
    CROSS JOIN LATERAL (SELECT FROM inbox_conversation c WHERE c.id = m.conversation_id AND {_VISIBLE} LIMIT 1) AS seen
    WHERE m.id >= %(bottom)s AND m.id < %(top)s OFFSET 0) AS s
CROSS JOIN LATERAL (SELECT FROM inbox_message m WHERE m.id = s.id AND {_WORDS} LIMIT 1) AS hit
"""  # noqa: S608
_BEFORE = "((%(before)s)::bigint IS NULL OR m.id < (%(before)s)::bigint)"
_ONCE = f"""
NOT EXISTS (SELECT FROM inbox_message m WHERE m.conversation_id = h.conversation_id AND m.id >= (%(before)s)::bigint
            AND {_WORDS})
"""


class _Search:
    """One search: what is asked, by whom, and how far down it has come."""

    def __init__(
        self, cursor: Any, access: Access, query: str, wanted: Wanted, before: int | None, depth: Depth
    ) -> None:
        self.cursor = cursor
        self.depth = depth
        self.words = not query.startswith("@")
        self.values: dict[str, Any] = {
            "query": query,
            "person": "%" + _escaped(query.removeprefix("@").upper()) + "%",
            "brands": array_literal(brands_of(access, wanted)),
            "queues": array_literal(access.readable_queue_ids),
            "user": access.user_id,
            "teams": array_literal(access.team_ids),
            "only": None if wanted.queue_ids is None else array_literal(wanted.queue_ids),
            "statuses": _statuses(wanted),
            "channel": wanted.channel_id,
            "owner": _owner(access, wanted),
            "free": wanted.owned == Owned.NOBODY,
            "waiting": wanted.status == "needs_reply",
            "late": wanted.late,
            "before": before,
        }

    def newest(self, limit: int) -> tuple[list[_Hit], bool]:
        """The newest hits, one per conversation, and whether the walk stopped early."""
        hits = self._people(limit)
        cut = False
        if self.words:
            expected = self._expected()
            texts, cut = self._few(limit) if expected <= self.depth.few else self._sliced(limit, expected)
            hits += texts
        best: dict[int, _Hit] = {}
        for hit in sorted(hits, key=lambda hit: -hit.message_id):
            best.setdefault(hit.conversation_id, hit)
        return list(best.values())[:limit], cut

    def _expected(self) -> int:
        """How many messages match, as the planner's statistics of the text index guess: nothing is counted."""
        self.cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT 1 FROM inbox_message m WHERE {_WORDS}", self.values)  # noqa: S608
        plan = self.cursor.fetchone()[0]
        return int(plan[0]["Plan"]["Plan Rows"])

    def _few(self, limit: int) -> tuple[list[_Hit], bool]:
        said = f"SELECT m.conversation_id, m.id FROM inbox_message m WHERE {_WORDS} AND {_BEFORE}"  # noqa: S608
        return self._hits(said, limit) + self._later_words(limit), False

    def _sliced(self, limit: int, expected: int) -> tuple[list[_Hit], bool]:
        """From the newest message down, in slices that grow, until the page is full."""
        self.cursor.execute("SELECT COALESCE(max(id), 0) FROM inbox_message")
        newest = self.cursor.fetchone()[0]
        top: int = self.values["before"] or newest + 1
        first = max(newest * self.depth.pages * limit // expected, self.depth.first)
        hits: list[_Hit] = []
        seen: set[int] = set()
        length, lowest = first, max(top - self.depth.most, 0)
        while top > lowest:
            bottom = max(top - length, lowest)
            self.values |= {"top": top, "bottom": bottom}
            found = self._hits(_SLICE, limit)
            hits += [hit for hit in found if hit.conversation_id not in seen]
            seen |= {hit.conversation_id for hit in found}
            if len(hits) >= limit:
                return hits, False
            top, length = bottom, 4 * length
        return hits, lowest > 0

    def _hits(self, said: str, limit: int) -> list[_Hit]:
        """The newest hit of each conversation among the messages that a statement names."""
        once = _ONCE if self.values["before"] else "true"
        self.cursor.execute(
            f"""WITH h AS MATERIALIZED (
                    SELECT conversation_id, max(id) AS id FROM ({said}) AS said
                    WHERE conversation_id IS NOT NULL GROUP BY 1 ORDER BY 2 DESC)
                SELECT h.conversation_id, h.id, hit.text FROM h
                -- Row by row, newest first: it ends as soon as the page is full, whatever the guess of the hits.
                CROSS JOIN LATERAL (SELECT FROM inbox_conversation c
                                    WHERE c.id = h.conversation_id AND {_VISIBLE} LIMIT 1) AS seen
                CROSS JOIN LATERAL (SELECT left(text, 280) AS text FROM inbox_message
                                    WHERE id = h.id LIMIT 1) AS hit
                WHERE {once} ORDER BY h.id DESC LIMIT {limit}""",  # noqa: S608
            self.values,
        )
        return [_Hit(*row) for row in self.cursor.fetchall()]

    def _later_words(self, limit: int) -> list[_Hit]:
        """Hits in later wordings of edited messages."""
        self.cursor.execute(
            f"""SELECT DISTINCT ON (m.id) m.conversation_id, m.id, left(v.text, 280) FROM inbox_messageversion v
                JOIN inbox_message m ON m.id = v.message_id JOIN inbox_conversation c ON c.id = m.conversation_id
                WHERE {_LATER_WORDS} AND {_BEFORE} AND {_VISIBLE} ORDER BY m.id DESC LIMIT {limit}""",  # noqa: S608
            self.values,
        )
        return [_Hit(*row) for row in self.cursor.fetchall()]

    def _people(self, limit: int) -> list[_Hit]:
        """Conversations of people whose handle or name contains the query."""
        self.cursor.execute(
            f"""SELECT c.id, c.last_message, left(m.text, 280) FROM (
                    SELECT id FROM inbox_profile
                    WHERE UPPER(handle) LIKE %(person)s OR UPPER(name) LIKE %(person)s LIMIT {MOST_PEOPLE}) AS p
                JOIN inbox_conversation c ON c.profile_id = p.id JOIN inbox_message m ON m.id = c.last_message
                WHERE {_VISIBLE} AND {_BEFORE} ORDER BY m.id DESC LIMIT {limit}""",  # noqa: S608
            self.values,
        )
        return [_Hit(*row) for row in self.cursor.fetchall()]


def _owner(access: Access, wanted: Wanted) -> int | None:
    if wanted.owned in (Owned.ANYBODY, Owned.NOBODY):
        return None
    return access.user_id if wanted.owned == Owned.ME else int(wanted.owned)


def _statuses(wanted: Wanted) -> str | None:
    if wanted.status in ("", ANY):
        return None
    return array_literal(["open" if wanted.status == "needs_reply" else wanted.status])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
