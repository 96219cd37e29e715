"""Rules that wait: they look at conversations for which nothing that they watch has changed for a while.

Nothing is scheduled. A sweep asks PostgreSQL which conversations stand still long enough; the moment since when
they do is the episode's key. Whatever changes moves that moment on, and thereby cancels; a key fires once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction

from core.clock import database_now
from core.contention import retried
from inbox.models.conversation import Conversation
from inbox.services import events
from routing.rules import conditions, packing
from routing.rules.compiling import Seen
from routing.rules.contracts import Facts, Outcome
from routing.rules.decide import RuleSetView, RuleView, outcome_of
from routing.services import applying, rules
from routing.services.applying import Wanted

BATCH = 100
# What changes each thing that a rule may watch.
WATCHED: Mapping[str, tuple[str, ...]] = {
    "owned": (
        "conversation.claimed",
        "conversation.assigned",
        "conversation.released",
        "conversation.lease_expired",
        "conversation.taken_over",
        "handoff.accepted",
    ),
    "queue": ("conversation.moved",),
    "status": (
        "conversation.resolved",
        "conversation.reopened",
        "conversation.snoozed",
        "conversation.woken",
    ),
    "priority": ("conversation.prioritised",),
}

# Open conversations that wait, since the later of the contact's first unanswered word and the last change of what
# the rule watches; what has fired for this very moment is left out. The facts are those of the newest decision.
_STANDING = """
WITH standing AS (
  SELECT c.id, c.queue_id, c.priority, c.owner_id IS NOT NULL AS owned, GREATEST(c.waiting_since, (
      SELECT max(e.occurred_at) FROM inbox_conversationevent e
      WHERE e.conversation_id = c.id AND e.kind = ANY(%(kinds)s))) AS since
  FROM inbox_conversation c
  WHERE c.status = 'open' AND c.waiting_since <= %(before)s AND c.merged_into_id IS NULL
    AND (%(only)s::bigint[] IS NULL OR c.id = ANY(%(only)s::bigint[]))
)
SELECT s.id, s.since, d.message_id, d.facts, d.text, s.queue_id, s.priority, s.owned FROM standing s
CROSS JOIN LATERAL (
  SELECT d.message_id, d.facts, m.text FROM inbox_message m JOIN routing_decision d ON d.message_id = m.id
  WHERE m.conversation_id = s.id AND m.direction = 'in' ORDER BY m.posted_at DESC, m.id DESC, d.id DESC LIMIT 1
) d
WHERE s.since <= %(before)s AND s.id > %(after)s AND NOT EXISTS (
  SELECT 1 FROM routing_ruleepisode e
  WHERE e.conversation_id = s.id AND e.number = %(number)s AND e.since = s.since)
ORDER BY s.id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A conversation in which nothing that a rule watches has changed since `since`."""

    conversation_id: int
    since: datetime
    facts: Facts


def fire_due(limit: int = BATCH) -> int:
    """Do what the rules that wait say where their time has come; how many times.

    Records: rule.fired, and what `applying.apply` records. Idempotent: by (rule, conversation, since when).
    """
    try:
        in_force = rules.in_force()
    except rules.NoQueue:
        return 0
    return sum(_fire(rule, in_force, limit) for rule in in_force.timed)


def watched_kinds(rule: RuleView) -> list[str]:
    """The kinds of events that begin the rule's wait anew."""
    fields = conditions.fields_of(rule.when)
    return sorted(kind for field in fields for kind in WATCHED.get(field, ()))


def _fire(rule: RuleView, in_force: RuleSetView, limit: int) -> int:
    """All that is due for one rule, in batches; those that do not fit otherwise are passed by."""
    fired, after = 0, 0
    while True:
        found = _standing(rule, after=after, limit=limit)
        fired += _fire_batch(rule, in_force, [one.conversation_id for one in found if _fits(rule, one)])
        if len(found) < limit:
            return fired
        after = found[-1].conversation_id


def _fits(rule: RuleView, one: Standing) -> bool:
    return rule.matches(Seen(one.facts))


@retried
def _fire_batch(rule: RuleView, in_force: RuleSetView, ids: Sequence[int]) -> int:
    """Lock, look again, write the episodes, and do it; one transaction."""
    if not ids:
        return 0
    with transaction.atomic(durable=True):
        rows = Conversation.objects.filter(pk__in=ids).select_related("queue", "profile").order_by("pk")
        locked = {row.pk: row for row in rows.select_for_update(no_key=True, of=("self",))}
        # Asked again under the lock: whoever held it may have changed what the rule watches.
        due = [one for one in _standing(rule, limit=len(ids), only=ids) if _fits(rule, one)]
        fresh = _episodes(rule, in_force, due)
        _do(rule, fresh, locked)
        return len(fresh)


def _do(rule: RuleView, fresh: Sequence[Standing], locked: Mapping[int, Conversation]) -> None:
    outcome = outcome_of(rule)
    wanted = [_wanted(rule, one, outcome) for one in fresh]
    data = {"rule": rule.number, "why": rule.sentence}
    places = [locked[one.conversation_id] for one in fresh]
    events.record_many("rule.fired", [events.Fact(row.pk, row.queue_id, row.brand_id, data) for row in places])
    applying.apply(wanted, locked, now=database_now())


def _wanted(rule: RuleView, one: Standing, outcome: Outcome) -> Wanted:
    key = f"{rule.number}:{one.conversation_id}:{one.since.timestamp():.6f}"
    return Wanted(one.conversation_id, one.facts.message_id, outcome, key=key)


def _episodes(rule: RuleView, in_force: RuleSetView, due: Sequence[Standing]) -> list[Standing]:
    """Those whose episode nobody has written before us; one statement."""
    if not due:
        return []
    packed = orjson.dumps(packing.pack_outcome(outcome_of(rule))).decode()
    columns: list[Any] = [[one.conversation_id for one in due], [one.since for one in due]]
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [rule.number, in_force.id, rule.sentence, packed, *columns])
        begun = {row[0] for row in cursor.fetchall()}
    return [one for one in due if one.conversation_id in begun]


_BEGIN = """
INSERT INTO routing_ruleepisode (number, rule_set_id, sentence, outcome, conversation_id, since, fired_at)
SELECT %s, %s, %s, %s::jsonb, t.id, t.since, clock_timestamp()
FROM unnest(%s::bigint[], %s::timestamptz[]) AS t(id, since)
ON CONFLICT (conversation_id, number, since) DO NOTHING RETURNING conversation_id
"""


def _standing(rule: RuleView, *, limit: int, after: int = 0, only: Sequence[int] | None = None) -> list[Standing]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp(), clock_timestamp() - make_interval(mins => %s)", [rule.waits or 0])
        now, before = cursor.fetchone()
        values = {
            "kinds": watched_kinds(rule),
            "before": before,
            "after": after,
            "number": rule.number,
            "limit": limit,
            "only": list(only) if only is not None else None,
        }
        cursor.execute(_STANDING, values)
        return [_read(row, now) for row in cursor.fetchall()]


def _read(row: tuple[Any, ...], now: datetime) -> Standing:
    """The facts of its newest message as they were decided on, with everything that changes as it is now."""
    conversation_id, since, message_id, stored, text, queue_id, priority, owned = row
    waited = int((now - since).total_seconds() // 60)
    live = {"q": queue_id, "st": Conversation.Status.OPEN.value, "p": priority, "o": owned, "w": waited}
    facts = packing.unpack_facts(
        {**orjson.loads(stored), **live}, message_id=message_id, conversation_id=conversation_id, text=text
    )
    return Standing(conversation_id, since, facts)
