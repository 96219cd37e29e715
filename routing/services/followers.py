"""Telling followers that somebody wrote, as a stage that finds its own work: no event of an arriving message waits
for it, and whatever came while no worker ran is told by the next look."""

from __future__ import annotations

from django.db import connection, transaction

from routing.services import notices
from routing.services.notices import Telling

BATCH = 200

# The newest message of a followed conversation, where the follower did not write it, has read all that was told of
# the conversation so far, and saw none of it since. One notice stands for all that is said until it is read.
_NEWS = """
SELECT g.user_id, c.id, m.id, m.direction, COALESCE(NULLIF(p.name, ''), '@' || NULLIF(p.handle, ''), 'Somebody'),
       COALESCE(a.name, '')
FROM inbox_grant g
JOIN inbox_conversation c ON c.id = g.conversation_id AND c.merged_into_id IS NULL
JOIN inbox_message m ON m.id = c.last_message
JOIN accounts_user u ON u.id = g.user_id AND u.is_active
JOIN inbox_profile p ON p.id = c.profile_id
LEFT JOIN accounts_user a ON a.id = m.author_id
LEFT JOIN routing_attention t ON t.user_id = g.user_id
WHERE g.reason = 'follower' AND m.author_id IS DISTINCT FROM g.user_id
  AND m.ingested_at > g.created_at AND m.ingested_at > clock_timestamp() - interval '1 day'
  AND NOT EXISTS (
    SELECT FROM routing_notice n WHERE n.user_id = g.user_id AND n.conversation_id = c.id
    AND (n.read_at > m.ingested_at OR n.key = 'followed:' || c.id || ':' || m.id
         OR (n.kind LIKE 'followed.%%' AND n.read_at IS NULL AND (n.in_app OR n.mailed_at IS NULL)
             AND NOT (NOT n.in_app AND (t.digest = 'off' OR 'followed' = ANY(t.not_mailed)) AND EXISTS (
               SELECT FROM routing_push r WHERE r.notice_id = n.id AND r.state IN ('held_back', 'failed'))))))
  AND NOT COALESCE('followed' = ANY(t.not_told) AND (t.digest = 'off' OR 'followed' = ANY(t.not_mailed))
    AND ('followed' = ANY(t.not_pushed) OR NOT EXISTS (SELECT FROM accounts_device d WHERE d.user_id = g.user_id)),
    false)
ORDER BY m.id LIMIT %s
"""


def tell_followers(limit: int = BATCH) -> int:
    """Tell who follows a conversation of the newest word in it, the contact's or a colleague's; how many.

    Records nothing: it tells what is recorded. Idempotent: by (person, conversation, message).
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute(_NEWS, [limit])
            found = cursor.fetchall()
        return notices.tell_many(_telling(*row) for row in found)


def _telling(user_id: int, conversation_id: int, message_id: int, direction: str, person: str, by: str) -> Telling:
    key = f"followed:{conversation_id}:{message_id}"
    if direction == "in":
        return Telling([user_id], "followed.wrote", conversation_id, {"person": person}, key)
    data = {"person": person, "by": by or "Somebody outside Socialcare"}
    return Telling([user_id], "followed.answered", conversation_id, data, key)
