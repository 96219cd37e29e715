"""What was answered where somebody asked alike: resolved conversations of the same brand that one may read.

Two steps, so that the cost follows what is rare and not what is stored. The index names the messages that share the
rarest words of the question, a few hundred of them; trigrams then compare only these with it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models.functions import Left

from accounts.models import User
from core.copying import array_literal
from inbox import reply_variables
from inbox.models.conversation import Conversation
from inbox.models.message import Message
from inbox.policies import Access
from inbox.selectors.saved_replies import values_of
from routing.selectors.moods import moods_of

SHOWN = 3
# Below this two texts share a word and no more.
ALIKE = 0.2
LONGEST = 500
# Words of the question that are looked up, the rarest first; each finds at most so many messages, the newest.
WORDS = 8
FOUND = 2_000
# Of these the texts are compared.
COMPARED = 300
# What is said in more messages than this share parts nothing; two such words together may.
COMMON = 0.002
PAIRED = 3

_NUMBER = re.compile(r"[\d.,:/-]+")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What was answered elsewhere, made ready for this contact.

    Args:
        asked: what was asked there; alike: how much it resembles, 0 to 1.
        mood: of the contact's last message after the answer; "" = they did not write again, or nothing is known.
        missing: what of the text has to be filled in.
    """

    conversation_id: int
    asked: str
    text: str
    missing: tuple[str, ...]
    alike: float
    mood: str


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the question, and in which share of all messages it is said (None = rarer than the statistics list)."""

    lexeme: str
    share: float | None


@dataclass(frozen=True, slots=True)
class _Answer:
    message_id: int
    text: str
    last_id: int | None


def suggestions(conversation: Conversation, user: User, access: Access) -> list[Suggestion]:
    """At most three, the most alike first; seven queries, whatever is stored.

    Args:
        conversation: as `get_visible_conversation` gives it.
    """
    question = _question(conversation)
    hits = _hits(question) if question else {}
    asked = _asked(conversation, access, question, hits)
    answers = _answers(asked, private=conversation.is_private)
    chosen = list(_chosen(asked, answers))[:SHOWN]
    if not chosen:
        return []
    moods = moods_of([answer.last_id for _, answer in chosen if answer.last_id])
    values = values_of(conversation, user)
    return [_suggestion(row, answer, moods.get(answer.last_id or 0, ""), values) for row, answer in chosen]


def _question(conversation: Conversation) -> str:
    """What the contact wrote last."""
    rows = Message.objects.filter(conversation=conversation, direction="in", deleted_at=None).exclude(text="")
    return (rows.order_by("-posted_at", "-id").values_list("text", flat=True).first() or "")[:LONGEST]


# What the planner knows of the text index: the commonest words and in which share of the messages each stands.
_WORDS = """
SELECT w.lexeme, s.share
FROM unnest(to_tsvector('socialcare'::regconfig, %(question)s)) AS w
LEFT JOIN (
    SELECT e.lexeme, e.share FROM pg_stats,
    LATERAL unnest(most_common_elems::text::text[], most_common_elem_freqs) AS e (lexeme, share)
    WHERE schemaname = current_schema() AND tablename = 'message_text' AND e.lexeme IS NOT NULL) AS s USING (lexeme)
"""


def _hits(question: str) -> dict[int, float]:
    """Messages that share rare words with the question, by the weight of what they share; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, {"question": question})
        words = [_Word(*row) for row in cursor.fetchall() if len(row[0]) > 2 and not _NUMBER.fullmatch(row[0])]
        looked_up = list(_looked_up(words))
        if not looked_up:
            return {}
        sql, values = _statement(looked_up)
        cursor.execute(sql, values)
        return {pk: float(weight) for pk, weight in cursor.fetchall()}


def _looked_up(words: list[_Word]) -> Iterator[tuple[str, float]]:
    """What the index is asked for, each with its weight: the rarest words, and pairs of the common ones."""
    words = sorted(words, key=lambda word: (word.share or 0.0, -len(word.lexeme)))[:WORDS]
    common = [word for word in words if (word.share or 0.0) > COMMON]
    for word in words:
        if word not in common:
            yield _quoted(word.lexeme), _weight(word)
    for one, other in combinations(common[:PAIRED], 2):
        yield f"{_quoted(one.lexeme)} & {_quoted(other.lexeme)}", _weight(one) + _weight(other)


def _weight(word: _Word) -> float:
    """The rarer, the more it says: the logarithm of one in how many messages has it."""
    return -math.log(word.share or COMMON / 10)


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _statement(looked_up: Iterable[tuple[str, float]]) -> tuple[str, dict[str, Any]]:
    """One statement; every part of it goes through the text index (the fence keeps the planner from the other end)."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    for number, (query, weight) in enumerate(looked_up):
        values |= {f"q{number}": query, f"w{number}": weight}
        parts.append(
            f"""(SELECT id, (%(w{number})s)::float8 AS weight FROM (
                    SELECT m.id FROM inbox_message m
                    WHERE to_tsvector('socialcare'::regconfig, COALESCE(m.text, '')) @@ (%(q{number})s)::tsquery
                    OFFSET 0) AS s ORDER BY id DESC LIMIT {FOUND})"""  # noqa: S608 - our own words
        )
    union = " UNION ALL ".join(parts)
    sql = f"SELECT id, sum(weight) FROM ({union}) AS h GROUP BY id ORDER BY 2 DESC, 1 DESC LIMIT {COMPARED}"  # noqa: S608
    return sql, values


def _asked(conversation: Conversation, access: Access, question: str, hits: dict[int, float]) -> Sequence[Message]:
    """The questions in resolved conversations that somebody may read, the most alike first; one query."""
    if not hits:
        return []
    seen = Conversation.objects.visible_to(access).filter(brand=conversation.brand_id, status="resolved")
    rows = Message.objects.filter(
        pk__in=list(hits), direction="in", deleted_at=None, conversation__in=seen.exclude(pk=conversation.pk)
    )
    alike = TrigramSimilarity(Left("text", LONGEST), question)
    most = max(hits.values())
    found = list(rows.select_related("profile").annotate(alike=alike))
    for row in found:
        row.alike = (row.alike + hits[row.pk] / most) / 2
    return sorted((row for row in found if row.alike >= ALIKE), key=lambda row: -row.alike)


_ANSWERS = """
SELECT a.id, r.id, r.text, l.id
FROM inbox_message a
CROSS JOIN LATERAL (
    SELECT id, text, posted_at FROM inbox_message WHERE conversation_id = a.conversation_id AND direction = 'out'
    AND visibility = %(visibility)s AND deleted_at IS NULL AND text <> '' AND posted_at > a.posted_at
    ORDER BY posted_at, id LIMIT 1) AS r
LEFT JOIN LATERAL (
    SELECT id FROM inbox_message WHERE conversation_id = a.conversation_id AND direction = 'in'
    AND posted_at > r.posted_at ORDER BY posted_at DESC, id DESC LIMIT 1) AS l ON true
WHERE a.id = ANY(%(asked)s::bigint[])
"""


def _answers(asked: Sequence[Message], *, private: bool) -> dict[int, _Answer]:
    """What was said to each question, in public or in private as here, and the last word after it; one query."""
    if not asked:
        return {}
    values = {"asked": array_literal(row.pk for row in asked), "visibility": "private" if private else "public"}
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, values)
        return {pk: _Answer(*answer) for pk, *answer in cursor.fetchall()}


def _chosen(asked: Sequence[Message], answers: dict[int, _Answer]) -> Iterator[tuple[Message, _Answer]]:
    """Each answer once, and each conversation once."""
    said: set[object] = set()
    for row in asked:
        answer = answers.get(row.pk)
        if answer and not said & {answer.text, row.conversation_id}:
            said |= {answer.text, row.conversation_id}
            yield row, answer


def _suggestion(row: Message, answer: _Answer, mood: str, values: dict[str, str]) -> Suggestion:
    to = row.profile
    told = reply_variables.for_somebody_else(
        answer.text, name=to.name if to else "", handle=to.handle if to else "", values=values
    )
    missing = tuple(reply_variables.unfilled(told.text))
    alike: float = row.alike  # type: ignore[attr-defined]
    return Suggestion(row.conversation_id or 0, row.text[:LONGEST], told.text, missing, round(alike, 2), mood)
