"""The last look before the call: is it still ours to send, wanted, and allowed?"""

from __future__ import annotations

from enum import Enum

from inbox.advisory import SenderSession
from inbox.attempts import Attempt

# Older than this it does not count (reliability.md §2.2), seconds.
CHECKED_FOR_S = 2.0


class Verdict(Enum):
    GO = "go"
    OVERTAKEN = "overtaken"
    UNPROVEN = "unproven"  # the session with the lock is gone: nothing may be sent
    BLOCKED = "blocked"
    DELETED = "deleted"
    PART_DELETED = "part_deleted"
    ELSEWHERE = "elsewhere"
    DISABLED = "disabled"
    TAKEN = "taken"


_CHECK = """
SELECT d.state = 'sending' AND d.fence = %(fence)s AND d.account_external_id = ch.external_id
         AND d.channel_id = c.channel_id,
       ch.status = 'active' AND ch.sending_halted_at IS NULL AND b.sending_halted_at IS NULL,
       a.deleted_at IS NOT NULL,
       EXISTS (WITH RECURSIVE before (id) AS (
                   SELECT d.after_id UNION ALL SELECT p.after_id FROM inbox_delivery p JOIN before ON p.id = before.id)
               SELECT FROM before JOIN inbox_delivery p ON p.id = before.id JOIN inbox_message m ON m.id = p.message_id
               WHERE m.deleted_at IS NOT NULL),
       NOT d.second_answer AND d.after_id IS NULL AND EXISTS (
           SELECT FROM inbox_message m LEFT JOIN inbox_delivery o ON o.message_id = m.id
           WHERE m.conversation_id = d.conversation_id AND m.direction = 'out' AND m.visibility = d.visibility
             AND m.deleted_at IS NULL AND m.ingested_at > d.created_at AND o.id IS NULL
             AND (d.visibility = 'private' OR m.in_reply_to = a.external_id)),
       u.is_active,
       c.owner_id IS NOT NULL AND c.owner_id <> d.author_id
FROM inbox_delivery d
JOIN inbox_conversation c ON c.id = d.conversation_id
JOIN channels_channel ch ON ch.id = d.channel_id
JOIN channels_brand b ON b.id = ch.brand_id
JOIN accounts_user u ON u.id = d.author_id
LEFT JOIN inbox_message a ON a.id = d.answers_id
WHERE d.id = %(id)s
"""


def last_check(session: SenderSession, attempt: Attempt) -> Verdict:
    """Asked through the very session that holds the lock: an answer proves that the lock is still held.

    Raises: psycopg2.Error when the session is gone; then nothing may be sent.
    """
    row = session.ask(_CHECK, {"id": attempt.delivery_id, "fence": attempt.fence})
    if row is None or not row[0]:
        return Verdict.OVERTAKEN
    _, allowed, deleted, part_deleted, elsewhere, author_active, taken = row
    if not allowed:
        return Verdict.BLOCKED
    if not author_active:
        return Verdict.DISABLED
    if taken:  # only the owner sends, and the check stands here and not in the page (product.md, Owner and lease)
        return Verdict.TAKEN
    if deleted:
        return Verdict.DELETED
    if part_deleted:
        return Verdict.PART_DELETED
    return Verdict.ELSEWHERE if elsewhere else Verdict.GO
