"""What came of saved replies: how often they were sent, and how people felt after it. One query for a whole list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from core.copying import array_literal
from routing.selectors.moods import MOOD

# Uses of one saved reply that are counted; above it says “1,000+”.
COUNTED = 1_000
# Its newest uses of which the moods are looked up.
LOOKED_AT = 100
# With fewer conversations a share says nothing.
ENOUGH = 10


@dataclass(frozen=True, slots=True)
class Effect:
    """What came of one saved reply.

    Args:
        uses: answers sent with it, at most `COUNTED`.
        negative: of the newest `LOOKED_AT`, the conversations that entered negative.
        heard: those of them in which the contact wrote after it, with a mood that is known.
        better: those of them in which the contact's last message is neutral or better.
    """

    uses: int = 0
    negative: int = 0
    heard: int = 0
    better: int = 0

    @property
    def share(self) -> int | None:
        """Percent that ended better; None = not enough yet."""
        return round(100 * self.better / self.heard) if self.heard >= ENOUGH else None


_EFFECTS = f"""
WITH used AS (
    SELECT w.reply_id, s.conversation_id, s.at, s.since, s.place
    FROM unnest(%(replies)s::bigint[]) AS w (reply_id)
    CROSS JOIN LATERAL (
        SELECT d.conversation_id, COALESCE(m.posted_at, d.settled_at) AS at, c.first_inbound_at AS since,
               row_number() OVER (ORDER BY u.id DESC) AS place
        FROM inbox_savedreplyuse u JOIN inbox_delivery d ON d.id = u.delivery_id
        LEFT JOIN inbox_message m ON m.id = d.message_id LEFT JOIN inbox_case c ON c.id = d.case_id
        WHERE u.reply_id = w.reply_id AND d.state = 'sent' ORDER BY u.id DESC LIMIT %(counted)s) AS s),
told AS (
    SELECT u.reply_id, u.conversation_id, min(u.at) AS at, min(u.since) AS since
    FROM used u WHERE u.place <= %(looked_at)s GROUP BY 1, 2),
felt AS (
    SELECT t.reply_id, {MOOD.format(message="first.id")} AS entered, {MOOD.format(message="last.id")} AS left_as
    FROM told t
    LEFT JOIN LATERAL (
        SELECT id FROM inbox_message WHERE conversation_id = t.conversation_id AND direction = 'in'
        AND posted_at >= COALESCE(t.since, '-infinity') ORDER BY posted_at, id LIMIT 1) AS first ON true
    LEFT JOIN LATERAL (
        SELECT id FROM inbox_message WHERE conversation_id = t.conversation_id AND direction = 'in'
        AND posted_at > t.at ORDER BY posted_at DESC, id DESC LIMIT 1) AS last ON true)
SELECT n.reply_id, n.uses, COALESCE(f.negative, 0), COALESCE(f.heard, 0), COALESCE(f.better, 0)
FROM (SELECT reply_id, count(*) AS uses FROM used GROUP BY 1) AS n
LEFT JOIN (
    SELECT reply_id, count(*) FILTER (WHERE entered = 'negative') AS negative,
           count(*) FILTER (WHERE entered = 'negative' AND left_as <> '') AS heard,
           count(*) FILTER (WHERE entered = 'negative' AND left_as IN ('neutral', 'positive')) AS better
    FROM felt GROUP BY 1) AS f USING (reply_id)
"""  # noqa: S608 - our own words


def effects_of(reply_ids: Collection[int]) -> dict[int, Effect]:
    """By saved reply; one that was never sent has an empty effect. One query."""
    found = dict.fromkeys(reply_ids, Effect())
    if found:
        values: dict[str, Any] = {"replies": array_literal(sorted(found)), "counted": COUNTED, "looked_at": LOOKED_AT}
        with connection.cursor() as cursor:
            cursor.execute(_EFFECTS, values)
            found |= {pk: Effect(*numbers) for pk, *numbers in cursor.fetchall()}
    return found
