"""What somebody may read, as a condition on a conversation `c`, for statements that do not walk the lanes."""

from __future__ import annotations

from typing import Any

from core.copying import array_literal
from inbox.policies import Access
from inbox.selectors.conversations import ANY, Owned, Wanted, brands_of, statuses_of

# Numbers in parentheses: the driver writes them as they are, and `-9223372036854775808::bigint` is out of range.
VISIBLE = """
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


def visible_values(access: Access, wanted: Wanted) -> dict[str, Any]:
    """The values that `VISIBLE` and `wanted.where` name."""
    return {
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
        **dict(wanted.where.values),
    }


def _owner(access: Access, wanted: Wanted) -> int | None:
    if wanted.owned in (Owned.ANYBODY, Owned.NOBODY):
        return None
    return access.user_id if wanted.owned == Owned.ME else int(wanted.owned)


def _statuses(wanted: Wanted) -> str | None:
    if not wanted.statuses and wanted.status in ("", ANY):
        return None
    return array_literal(statuses_of(wanted))
