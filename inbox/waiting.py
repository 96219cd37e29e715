"""Who waits, as SQL: one rule for every statement that asks it, whether for one conversation or for a page of them.

The contact's oldest message waits that our newest answer does not answer, that is posted after the connection, whose
author is not muted for the brand, and that was not stored yet when the conversation was last resolved for good. An
answer answers what was posted before it and what its author could have seen: what was stored only after it had been
submitted waits, even where the network shows it above the answer (docs/adr/0011-….md).
"""

from __future__ import annotations

_MUTED = "EXISTS (SELECT FROM inbox_mute x WHERE x.profile_id = {profile} AND x.brand_id = {brand})"

# A resolution that a person took back resolved nothing; one after which the contact wrote did.
_RESOLVED_LAST = """
SELECT e.occurred_at FROM inbox_conversationevent e
WHERE e.conversation_id = {conversation} AND e.kind = 'conversation.resolved' AND e.occurred_at < {until}
  AND NOT EXISTS (
    SELECT FROM inbox_conversationevent r
    WHERE r.conversation_id = e.conversation_id AND r.kind = 'conversation.reopened' AND r.actor_id IS NOT NULL
      AND r.id > e.id AND r.occurred_at < {until}
      AND NOT EXISTS (
        SELECT FROM inbox_conversationevent n
        WHERE n.conversation_id = e.conversation_id AND n.kind = 'conversation.resolved' AND n.id > e.id
          AND n.id < r.id))
ORDER BY e.id DESC LIMIT 1
"""

_OLDEST_WAITING = """
SELECT min(m.posted_at) FROM inbox_message m
WHERE m.conversation_id = {conversation} AND m.direction = 'in' AND m.deleted_at IS NULL
  AND m.posted_at >= {connected_at}
  AND (m.posted_at > COALESCE({answered_at}, '-infinity') OR m.ingested_at > {answer_seen_at})
  AND NOT {muted}
  AND m.ingested_at > COALESCE(({resolved}), '-infinity')
"""


def muted(*, profile: str, brand: str) -> str:
    """Whether an author asks for nobody at this brand. Arguments are SQL, as in all functions here."""
    return _MUTED.format(profile=profile, brand=brand)


def oldest_waiting(
    *,
    conversation: str,
    brand: str,
    connected_at: str,
    answered_at: str,
    answer_seen_at: str,
    until: str = "'infinity'::timestamptz",
) -> str:
    """Network time of the oldest message without an answer, or null.

    Args:
        until: only resolutions before this count.
    """
    return _OLDEST_WAITING.format(
        conversation=conversation,
        connected_at=connected_at,
        answered_at=answered_at,
        answer_seen_at=answer_seen_at,
        muted=muted(profile="m.profile_id", brand=brand),
        resolved=_RESOLVED_LAST.format(conversation=conversation, until=until),
    )
