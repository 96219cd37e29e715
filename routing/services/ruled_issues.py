"""Issues that rules name: verdicts as any other, by “rule”. Apart from triage, which the pages must not load."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import connection

from routing.triage.contracts import BY_RULE


class Ruled(NamedTuple):
    """The issue that a rule names, and its sentence."""

    issue: str
    why: str


# The newest verdicts on the message; what triage had said becomes its second best.
_NAME = """
UPDATE routing_messagetriage t SET issue = n.issue, said = jsonb_set(t.said, '{issue}',
  jsonb_build_array(1, n.why, %s::text, CASE WHEN t.issue <> n.issue THEN t.issue ELSE '' END))
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS n(message_id, issue, why)
WHERE t.id = (SELECT max(r.id) FROM routing_messagetriage r WHERE r.message_id = n.message_id)
  AND (t.issue <> n.issue OR t.said -> 'issue' ->> 2 IS DISTINCT FROM %s)
  AND EXISTS (SELECT FROM inbox_issue i WHERE i.slug = n.issue AND i.retired_at IS NULL)
RETURNING t.message_id
"""


def name(chosen: Mapping[int, Ruled]) -> set[int]:
    """Let a rule's word on the issue of these messages count as the verdict, in the open transaction and in one
    statement; the ids of those for which that is new.

    Records nothing: the decision of the rules has it. Idempotent: by the issue. An issue that is gone is passed over;
    what a person has corrected stays corrected.
    """
    if not chosen:
        return set()
    columns: list[Any] = [
        list(chosen),
        [one.issue for one in chosen.values()],
        [one.why[:300] for one in chosen.values()],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_NAME, [BY_RULE, *columns, BY_RULE])
        return {row[0] for row in cursor.fetchall()}
