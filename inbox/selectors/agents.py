"""Colleagues who could take a conversation."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from inbox.models.conversation import Conversation

AT_MOST = 100

_AGENTS = """
SELECT u.id, u.name, COALESCE((
    SELECT sum(k.n) FROM (
        SELECT n FROM inbox_count WHERE owner_id = u.id AND status = 'open'
        UNION ALL SELECT n FROM inbox_countdelta WHERE owner_id = u.id AND status = 'open') AS k), 0)
FROM accounts_user u JOIN accounts_membership m ON m.user_id = u.id AND m.team_id = %(team)s
WHERE u.is_active AND NOT u.is_integration AND (u.role = 'administrator' OR EXISTS (
    SELECT FROM channels_brandaccess b WHERE b.user_id = u.id AND b.brand_id = %(brand)s))
ORDER BY u.name LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Assignable:
    """Somebody of the queue's team who sees the brand; `load` = open conversations that they own."""

    pk: int
    name: str
    load: int


def assignable(conversation: Conversation) -> list[Assignable]:
    """One query. The load comes from the kept counters."""
    values = {"team": conversation.queue.team_id, "brand": conversation.brand_id, "limit": AT_MOST}
    with connection.cursor() as cursor:
        cursor.execute(_AGENTS, values)
        return [Assignable(pk, name, int(load)) for pk, name, load in cursor.fetchall()]
