"""Giving waiting work to people: push queues are drained in the order in which their work is due."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from core.clock import database_now
from core.contention import retried
from core.copying import array_literal
from core.hints import hint_on_commit
from inbox.models.conversation import Conversation
from inbox.services import giving
from inbox.services.giving import Gift
from routing.assignment import AVAILABLE, Agent, Hindrance, Need, Standing, in_turn, pick, waits_for
from routing.models.staffing import QueueStaffing, Turn
from routing.services import pairs, roster
from routing.services.pairs import OTHER_HALF, Joined
from routing.services.roster import Staffed

DRAIN = "routing.tasks.drain_queues"
BATCH = 200
# After these somebody has room again, or something waits again. Beat looks every 2 s in any case.
FREEING = (
    "conversation.released",
    "conversation.lease_expired",
    "conversation.resolved",
    "conversation.snoozed",
    "conversation.moved",
    "delivery.sent",
)
PULL, ROUND_ROBIN = QueueStaffing.Mode.PULL, QueueStaffing.Mode.ROUND_ROBIN


@retried
def drain(queue_ids: Collection[int] | None = None, *, limit: int = BATCH) -> int:
    """Give waiting unowned work of push queues to people who may and can take it; how many were given.

    In the order due, waiting, id, over all these queues. What nobody can take now is passed over. A queue that
    another worker drains at this instant is left to it, and so is a conversation that somebody holds.

    Args:
        queue_ids: None = all queues that push.
        limit: at most so many are given.

    Records: conversation.assigned, by the system. Idempotent: what has an owner is not given again.
    """
    with transaction.atomic(durable=True):
        ours = _lock_queues(queue_ids)
        if not ours or not _anything_waits(ours):
            return 0
        now = database_now()
        table = _Table(roster.staffed(ours, now=now, lock=True), now)
        given = table.deal(limit)
        table.remember()
        return giving.give(given)


def eligible(conversation: Conversation, *, now: datetime | None = None) -> list[tuple[Agent, Hindrance | None]]:
    """Everybody who staffs its queue, with what keeps it from each (None = they can take it now)."""
    queues = roster.staffed([conversation.queue_id], now=now or database_now())
    need = roster.needs_of([conversation], queues)[conversation.pk]
    return queues[conversation.queue_id].hindrances(need)


def hint_drain(*_facts: object) -> None:
    """Somebody may have become free: look now, after the commit."""
    hint_on_commit(DRAIN)


class _Table:
    """The people around the queues while a batch is dealt; their loads grow with what they are given."""

    def __init__(self, queues: Mapping[int, Staffed], now: datetime) -> None:
        self.queues = queues
        self.now = now
        self.agents = {agent.user_id: agent for queue in queues.values() for agent in queue.agents}
        self.turns = _turns(queues)
        self.turned: set[tuple[int, int]] = set()
        self.given: dict[int, Gift] = {}

    def deal(self, limit: int) -> list[Gift]:
        """To whom each goes, at most `limit` and the other part of the last one; stops when nobody has room."""
        for page in _waiting(self.queues, limit):
            known = self._known(page)
            for one in pairs.joined(page, self.queues, self._waits):
                self._give(one, known.get(one.conversation.pk))
                if len(self.given) >= limit or not self._has_room():
                    return list(self.given.values())
        return list(self.given.values())

    def remember(self) -> None:
        """Store whose turn it was."""
        rows = [Turn(queue_id=queue, user_id=user, number=self.turns[queue][user]) for queue, user in self.turned]
        Turn.objects.bulk_create(rows, update_conflicts=True, unique_fields=["queue", "user"], update_fields=["number"])

    def _waits(self, owner: int, need: Need) -> bool:
        return waits_for(self.agents.get(owner), need)

    def _give(self, one: Joined, known: int | None) -> None:
        """Give it, with its other parts as far as there is room; nothing where it has to wait."""
        if one.conversation.pk in self.given or one.rest.held:
            return
        free = [one.conversation, *(row for row in one.rest.free if row.pk not in self.given)]
        chosen, why = self._chosen(one, known, units=sum(map(_takes_room, free)))
        for row in free if chosen is not None else ():
            agent = self.agents[chosen or 0]
            if agent.room or not _takes_room(row):  # else that part waits for them
                self.agents[agent.user_id] = replace(agent, load=agent.load + _takes_room(row))
                self.given[row.pk] = Gift(row, agent.user_id, agent.name, why)

    def _chosen(self, one: Joined, known: int | None, *, units: int) -> tuple[int | None, str]:
        """Who gets it, and why."""
        queue = self.queues[one.conversation.queue_id]
        agents = {agent.user_id: self.agents[agent.user_id] for agent in queue.agents}
        here = replace(queue, agents=tuple(agents.values())).hindrances(one.need)
        group = [agent for agent, why in here if why in (None, Hindrance.FULL)]
        if keepers := one.keepers(agents, {pk: gift.to_id for pk, gift in self.given.items()}):
            return next((agent.user_id for agent in group if agent.user_id in keepers and agent.room), None), OTHER_HALF
        wide = any(agent.room >= units for agent in group)
        chosen = self._choose(queue, group, known, room=units if wide else 1)
        return chosen, "answered them before" if chosen == known else _why(queue, len(group))

    def _choose(self, queue: Staffed, group: list[Agent], known: int | None, *, room: int) -> int | None:
        if queue.settings.mode != ROUND_ROBIN:
            standings = [Standing(one.user_id, one.capacity, one.load, one.room >= room) for one in group]
            return pick(standings, before=known)
        turns = self.turns[queue.queue.pk]
        roomy = {one.user_id: turns.get(one.user_id, 0) for one in group if one.room >= room}
        chosen = in_turn(roomy, before=known)
        if chosen is not None:
            turns[chosen] = max(turns.values(), default=0) + 1
            self.turned.add((queue.queue.pk, chosen))
        return chosen

    def _has_room(self) -> bool:
        return any(one.status == AVAILABLE and one.room for one in self.agents.values())

    def _known(self, page: list[Conversation]) -> dict[int, int]:
        """Who answered this contact last, where the queue prefers them and it is not too long ago."""
        days = {pk: queue.settings.same_agent_days for pk, queue in self.queues.items()}
        asking = [row for row in page if days[row.queue_id]]
        found = _last_answered(asking)
        return {
            row.pk: found[row.profile_id][0]
            for row in asking
            if row.profile_id in found
            and found[row.profile_id][1] >= self.now - timedelta(days=days[row.queue_id] or 0)
        }


def _takes_room(row: Conversation) -> bool:
    return row.status == Conversation.Status.OPEN


def _why(queue: Staffed, among: int) -> str:
    if queue.settings.mode == ROUND_ROBIN:
        return f"in turn, of {among}"
    return f"furthest below their share, of {among}"


def _turns(queues: Mapping[int, Staffed]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {pk: {} for pk in queues}
    for queue, user, number in Turn.objects.filter(queue__in=list(queues)).values_list("queue", "user", "number"):
        found[queue][user] = number
    return found


def _lock_queues(queue_ids: Collection[int] | None) -> list[int]:
    """Those of these queues that push and that nobody else drains now, by the row of their settings."""
    rows = QueueStaffing.objects.exclude(mode=PULL).order_by("pk")
    if queue_ids is not None:
        rows = rows.filter(pk__in=queue_ids)
    locked = rows.select_for_update(no_key=True, skip_locked=True, of=("self",))
    return list(locked.values_list("pk", flat=True))


def _anything_waits(queue_ids: Collection[int]) -> bool:
    return Conversation.objects.filter(queue__in=queue_ids, **FREE).exists()


FREE: dict[str, Any] = {"status": Conversation.Status.OPEN, "owner": None, "merged_into": None}

# Lane by lane along the index conversation_lane: a backlog of any size costs what is read of it.
_WAITING = """
SELECT w.id, w.due, w.waiting
FROM unnest(%(queues)s::bigint[]) q(id), channels_brand b, LATERAL (
    SELECT c.id, COALESCE(c.due_at, 'infinity'::timestamptz) AS due,
           COALESCE(c.waiting_since, 'infinity'::timestamptz) AS waiting
    FROM inbox_conversation c
    WHERE c.queue_id = q.id AND c.brand_id = b.id AND c.status = 'open' AND c.owner_id IS NULL
      AND c.merged_into_id IS NULL
      AND (COALESCE(c.due_at, 'infinity'::timestamptz), COALESCE(c.waiting_since, 'infinity'::timestamptz), c.id)
          > (%(due)s::timestamptz, %(waiting)s::timestamptz, %(id)s)
    ORDER BY COALESCE(c.due_at, 'infinity'::timestamptz), COALESCE(c.waiting_since, 'infinity'::timestamptz), c.id
    LIMIT %(limit)s) w
ORDER BY w.due, w.waiting, w.id LIMIT %(limit)s
"""


def _waiting(queue_ids: Collection[int], page: int) -> Iterator[list[Conversation]]:
    """What waits, in the order in which it is due, page by page and under lock; what somebody holds is left out."""
    after: dict[str, Any] = {"due": "-infinity", "waiting": "-infinity", "id": 0}
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                # As text: the driver knows no date at infinity.
                _WAITING.replace("SELECT w.id, w.due, w.waiting", "SELECT w.id, w.due::text, w.waiting::text"),
                {"queues": array_literal(sorted(queue_ids)), "limit": page, **after},
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield _locked([row[0] for row in rows], queue_ids)
        if len(rows) < page:
            return
        after = dict(zip(("id", "due", "waiting"), rows[-1], strict=True))


def _locked(ids: list[int], queue_ids: Collection[int]) -> list[Conversation]:
    rows = Conversation.objects.filter(pk__in=ids, queue__in=list(queue_ids), **FREE).select_related("queue")
    found = {row.pk: row for row in rows.select_for_update(no_key=True, skip_locked=True, of=("self",))}
    return [found[pk] for pk in ids if pk in found]


_ANSWERED = """
SELECT DISTINCT ON (c.profile_id) c.profile_id, m.author_id, m.posted_at
FROM inbox_conversation c JOIN inbox_message m ON m.conversation_id = c.id
WHERE c.profile_id = ANY(%s::bigint[]) AND m.direction = 'out' AND m.author_id IS NOT NULL
ORDER BY c.profile_id, m.posted_at DESC
"""


def _last_answered(conversations: Collection[Conversation]) -> dict[int, tuple[int, datetime]]:
    """Who of us answered each contact last, and when, by profile; one query."""
    if not conversations:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED, [array_literal(sorted({row.profile_id for row in conversations}))])
        return {profile: (author, at) for profile, author, at in cursor.fetchall()}


def freed(person: User, status: str) -> None:
    """What `accounts.hooks` calls when somebody says whether they take work."""
    if status == "available":
        hint_drain(person)
