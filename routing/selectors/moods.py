"""What is taken to be right about messages, for many at once: what a person said, else what triage said last."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from core.copying import array_literal
from core.prepared import Prepared

LABEL = """
COALESCE((SELECT k.value FROM routing_correction k WHERE k.message_id = {message} AND k.label = '{label}'),
         (SELECT t.{label} FROM routing_messagetriage t WHERE t.message_id = {message} ORDER BY t.id DESC LIMIT 1), '')
"""
MOOD = LABEL.format(message="{message}", label="sentiment")


LANGUAGE = LABEL.format(message="m.id", label="language")


def moods_of(message_ids: Collection[int]) -> dict[int, str]:
    """negative, neutral or positive by message, "" where nothing is known; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT m.id, {MOOD.format(message='m.id')} FROM unnest(%s::bigint[]) AS m (id)",  # noqa: S608 - our own
            [array_literal(message_ids)],
        )
        return dict(cursor.fetchall())


_LANGUAGES = Prepared(
    "routing_languages",
    ["bigint[]"],
    f"SELECT m.id, {LANGUAGE} FROM unnest($1) AS m (id)",  # noqa: S608 - our own
)


def languages_of(message_ids: Collection[int]) -> dict[int, str]:
    """ISO 639 code by message, "" where it is not known; one query."""
    with connection.cursor() as cursor:
        _LANGUAGES.execute(cursor, [array_literal(message_ids)])
        return dict(cursor.fetchall())


def language_of(conversation_id: int) -> str:
    """The language of the contact's newest message, "" where it is not known; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {LANGUAGE} FROM (
                    SELECT id FROM inbox_message WHERE conversation_id = %s AND direction = 'in' AND deleted_at IS NULL
                    ORDER BY posted_at DESC, id DESC LIMIT 1) AS m""",  # noqa: S608 - our own words
            [conversation_id],
        )
        found = cursor.fetchone()
    return str(found[0]) if found else ""


LEAST_SURE = 0.5
"""Below this triage is more likely wrong than right about a mood (its sureness is calibrated, docs/triage.md)."""

_ENDINGS = Prepared(
    "routing_endings",
    ["bigint[]"],
    f"""SELECT c.id, COALESCE(
            (SELECT k.value FROM routing_correction k WHERE k.message_id = m.id AND k.label = 'sentiment'),
            (SELECT CASE WHEN (t.said -> 'sentiment' ->> 0)::float >= {LEAST_SURE} THEN t.sentiment END
             FROM routing_messagetriage t WHERE t.message_id = m.id ORDER BY t.id DESC LIMIT 1), '')
        FROM unnest($1) AS c (id)
        CROSS JOIN LATERAL (
            SELECT id FROM inbox_message
            WHERE conversation_id = c.id AND direction = 'in' AND deleted_at IS NULL
            ORDER BY posted_at DESC, id DESC LIMIT 1) AS m""",  # noqa: S608 - our own words
)


def endings_of(conversation_ids: Collection[int]) -> dict[int, str]:
    """How the contact feels in their newest message of each conversation, "" where that is not surely known.

    One query, none for nothing; who may see them is checked.
    """
    if not conversation_ids:
        return {}
    with connection.cursor() as cursor:
        _ENDINGS.execute(cursor, [array_literal(conversation_ids)])
        return dict(cursor.fetchall())
