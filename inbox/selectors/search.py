"""Search over text, author and handle, newest first. A common word is walked in slices from the newest message
down, so that the cost follows what is shown and not what is stored; where the walk stops, the page says so.
"""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass, field, replace
from typing import Any

from django.core import signing
from django.db import connection

from core.copying import array_literal
from core.errors import Invalid
from inbox.marking import Passage, passage, plain, words_of
from inbox.policies import Access
from inbox.selectors.conversations import LONGEST_PAGE, PAGE, Row, Wanted, rows_of
from inbox.selectors.visible import VISIBLE, visible_values

LONGEST_QUERY = 200
LONGEST_READ = 2_000  # characters in which a passage is looked for
MOST_PEOPLE = 2_000
_SALT = "inbox.search"


@dataclass(frozen=True, slots=True)
class Depth:
    """How far a search goes.

    Args:
        few: up to so many expected hits are all looked up in the index; a hit costs 2 to 5 microseconds there, and
            reading the words of a message again, as slices do where its letters fit, 26.
        first: message ids in the shortest first slice; each further one is as long as what was found so far lets
            expect, at most four times as long.
        pages: the first slice should hold so many pages of hits: words that are said together are commoner than the
            planner guesses, and hits that may not be seen are made up for by the next slice.
        most: message ids that are walked for one page; then it says that older ones were not searched yet.
        seconds: for so long it is walked, by this machine's clock; the lengths of slices are chosen to fit.
    """

    few: int = 20_000
    first: int = 2_000
    pages: int = 1
    most: int = 500_000
    seconds: float = 0.2


@dataclass(frozen=True, slots=True)
class Found:
    """Rows newest hit first; their `text` is the passage that was hit.

    Args:
        next: where the next page begins, or where the search stopped; None = that was all.
        cut: the search stopped before the oldest message; from `next` it goes on.
        marks: by conversation, the passage in pieces, of which some are hits.
    """

    rows: list[Row]
    next: str | None = None
    cut: bool = False
    marks: dict[int, Passage] = field(default_factory=dict)


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
    """Conversations with a message, an author or a handle that matches; at most six queries plus one per slice.

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
        hits, stopped = _Search(cursor, access, query, wanted, before, depth).newest(limit + 1)
    page, more = hits[:limit], len(hits) > limit
    words = words_of(query)
    marks = {hit.conversation_id: passage(hit.text, words) for hit in page}
    rows = [replace(row, text=plain(marks[row.pk])) for row in rows_of([hit.conversation_id for hit in page])]
    position = page[-1].message_id if more else stopped
    return Found(rows, signing.dumps(position, salt=_SALT) if position else None, bool(stopped) and not more, marks)


def _read(cursor: str) -> int:
    try:
        return int(signing.loads(cursor, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        raise Invalid("This page does not belong to this search.", fields={"cursor": "Search again."}) from None


_MATCH = "to_tsvector('socialcare'::regconfig, COALESCE({m}.text, '')) @@ websearch_to_tsquery('socialcare', %(query)s)"
_WORDS = _MATCH.format(m="m")
_LATER_WORDS = _MATCH.format(m="v")
# What may not be seen is dropped first: looking that up costs 4 microseconds, reading the words of a text again 26.
_SLICE = """
SELECT s.conversation_id, s.id FROM (
    SELECT m.conversation_id, m.id FROM inbox_message m
    CROSS JOIN LATERAL (SELECT FROM inbox_conversation c WHERE c.id = m.conversation_id AND {where} LIMIT 1) AS seen
    WHERE m.id >= %(bottom)s AND m.id < %(top)s AND {said} OFFSET 0) AS s
CROSS JOIN LATERAL (SELECT FROM inbox_message m WHERE m.id = s.id AND {pieces} AND {words} LIMIT 1) AS hit
"""
# A text without the letters of a word does not have the word: 4 microseconds instead of 26. Both sides lose their
# accents, as the index of words does for most of them.
_PIECES = "lower(unaccent(COALESCE(m.text, ''))) LIKE ALL (%(pieces)s::text[])"
_LETTERS = "SELECT lower(unaccent(lexeme)) FROM unnest(to_tsvector('socialcare', %(query)s))"
# With "or" and "-" (as `websearch_to_tsquery` reads them) not every word has to be there.
_CHOICE = re.compile(r"(?<!\w)-|\bor\b", re.IGNORECASE)
# What few people wrote is all read, however common the word.
_OF_PEOPLE = """
SELECT m.conversation_id, m.id FROM inbox_conversation c JOIN inbox_message m ON m.conversation_id = c.id
WHERE c.profile_id = ANY(%(people)s::bigint[]) AND {words} AND {said}
"""
_BEFORE = "((%(before)s)::bigint IS NULL OR m.id < (%(before)s)::bigint)"
_ONCE = """
NOT EXISTS (SELECT FROM inbox_message m WHERE m.conversation_id = h.conversation_id AND m.id >= (%(before)s)::bigint
            AND {words} AND {said})
"""


class _Search:
    """One search: what is asked, by whom, and how far down it has come."""

    def __init__(
        self, cursor: Any, access: Access, query: str, wanted: Wanted, before: int | None, depth: Depth
    ) -> None:
        self.cursor = cursor
        self.depth = depth
        self.words = not query.startswith("@")
        self.wanted = wanted
        self.parts = {
            "where": f"{VISIBLE} AND {wanted.where.sql}",
            "said": wanted.said.sql,
            "words": _WORDS,
            "pieces": _PIECES,
        }
        self.values: dict[str, Any] = {
            **visible_values(access, wanted),
            **dict(wanted.said.values),
            "query": query,
            "person": "%" + _escaped(query.removeprefix("@").upper()) + "%",
            "people": array_literal(wanted.people or ()),
            "before": before,
            "pieces": [],
        }

    def newest(self, limit: int) -> tuple[list[_Hit], int | None]:
        """The newest hits, one per conversation, and the message at which the walk stopped early, if it did."""
        hits = [] if self.wanted.said or self.wanted.people is not None else self._people(limit)
        stopped = None
        if self.words:
            texts, stopped = self._texts(limit)
            hits += texts
        best: dict[int, _Hit] = {}
        for hit in sorted(hits, key=lambda hit: -hit.message_id):
            best.setdefault(hit.conversation_id, hit)
        return list(best.values())[:limit], stopped

    def _texts(self, limit: int) -> tuple[list[_Hit], int | None]:
        if self.wanted.people is not None:
            return self._hits(_OF_PEOPLE, limit) + self._later_words(limit), None
        expected = self._expected()
        return self._few(limit) if expected <= self.depth.few else self._sliced(limit, expected)

    def _expected(self) -> int:
        """How many messages match, as the planner's statistics of the text index guess: nothing is counted."""
        self.cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT 1 FROM inbox_message m WHERE {_WORDS}", self.values)  # noqa: S608
        plan = self.cursor.fetchone()[0]
        return int(plan[0]["Plan"]["Plan Rows"])

    def _few(self, limit: int) -> tuple[list[_Hit], None]:
        said = f"SELECT m.conversation_id, m.id FROM inbox_message m WHERE {{words}} AND {{said}} AND {_BEFORE}"  # noqa: S608
        return self._hits(said, limit) + self._later_words(limit), None

    def _sliced(self, limit: int, expected: int) -> tuple[list[_Hit], int | None]:
        """From the newest message down, in slices, until the page is full or the time is up."""
        self.cursor.execute("SELECT COALESCE(max(id), 0) FROM inbox_message")
        newest = self.cursor.fetchone()[0]
        self.values["pieces"] = self._pieces()
        top: int = self.values["before"] or newest + 1
        length = max(newest * self.depth.pages * limit // expected, self.depth.first)
        lowest, begun = max(top - self.depth.most, 0), time.monotonic()
        hits: dict[int, _Hit] = {}
        while top > lowest and length:
            bottom, at = max(top - length, lowest), time.monotonic()
            self.values |= {"top": top, "bottom": bottom}
            for hit in self._hits(_SLICE, limit):
                hits.setdefault(hit.conversation_id, hit)
            if len(hits) >= limit:
                return list(hits.values()), None
            most = self._next(top - bottom, time.monotonic() - at, time.monotonic() - begun)
            length, top = min(most, _needed(top - bottom, len(hits), limit)), bottom
        return list(hits.values()), top or None

    def _pieces(self) -> list[str]:
        """What the letters of every hit are like."""
        if _CHOICE.search(self.values["query"]):
            return []
        self.cursor.execute(_LETTERS, self.values)
        return [f"%{_escaped(letters)}%" for (letters,) in self.cursor.fetchall()]

    def _next(self, length: int, took: float, in_all: float) -> int:
        """How long the next slice may be, so that it ends in time; 0 = the time is up."""
        left = self.depth.seconds - in_all
        return 0 if left <= 0 else min(4 * length, max(int(length * left / max(took, 1e-6)), 1))

    def _hits(self, said: str, limit: int) -> list[_Hit]:
        """The newest hit of each conversation among the messages that a statement names."""
        once = _ONCE.format(**self.parts) if self.values["before"] else "true"
        where = self.parts["where"]
        self.cursor.execute(
            f"""WITH h AS MATERIALIZED (
                    SELECT conversation_id, max(id) AS id FROM ({said.format(**self.parts)}) AS said
                    WHERE conversation_id IS NOT NULL GROUP BY 1 ORDER BY 2 DESC)
                SELECT h.conversation_id, h.id, hit.text FROM h
                -- Row by row, newest first: it ends as soon as the page is full, whatever the guess of the hits.
                CROSS JOIN LATERAL (SELECT FROM inbox_conversation c
                                    WHERE c.id = h.conversation_id AND {where} LIMIT 1) AS seen
                CROSS JOIN LATERAL (SELECT left(text, {LONGEST_READ}) AS text FROM inbox_message
                                    WHERE id = h.id LIMIT 1) AS hit
                WHERE {once} ORDER BY h.id DESC LIMIT {limit}""",  # noqa: S608
            self.values,
        )
        return [_Hit(*row) for row in self.cursor.fetchall()]

    def _later_words(self, limit: int) -> list[_Hit]:
        """Hits in later wordings of edited messages."""
        where, said = self.parts["where"], self.parts["said"]
        self.cursor.execute(
            f"""SELECT DISTINCT ON (m.id) m.conversation_id, m.id, left(v.text, {LONGEST_READ})
                FROM inbox_messageversion v
                JOIN inbox_message m ON m.id = v.message_id JOIN inbox_conversation c ON c.id = m.conversation_id
                WHERE {_LATER_WORDS} AND {_BEFORE} AND {said} AND {where} ORDER BY m.id DESC LIMIT {limit}""",  # noqa: S608
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
                WHERE {self.parts["where"]} AND {_BEFORE} ORDER BY m.id DESC LIMIT {limit}""",  # noqa: S608
            self.values,
        )
        return [_Hit(*row) for row in self.cursor.fetchall()]


def _needed(length: int, found: int, limit: int) -> int:
    """How many message ids should hold the rest of the page, where so many have held what was found; a little more."""
    return math.ceil(1.25 * length * (limit - found) / found) if found else 4 * length


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
