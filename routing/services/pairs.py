"""What belongs together: a public conversation and the private ones that it moved to go to one person, or wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from django.db import connection

from core.copying import array_literal
from inbox.models.conversation import Conversation
from inbox.services import leases
from routing.assignment import LASTING, Agent, Need, hindrance
from routing.services import roster
from routing.services.roster import Staffed

# From half to half, within one queue and channel: two public conversations may have moved to the same private one.
_PARTS = """
WITH RECURSIVE part(start, id) AS (
    SELECT s.id, s.id FROM unnest(%s::bigint[]) s(id)
    UNION
    SELECT p.start, o.id
    FROM part p
    CROSS JOIN LATERAL (
        SELECT l.private_id AS id FROM inbox_conversationlink l WHERE l.public_id = p.id
        UNION ALL SELECT l.public_id FROM inbox_conversationlink l WHERE l.private_id = p.id) n
    JOIN inbox_conversation a ON a.id = p.start
    JOIN inbox_conversation o ON o.id = n.id AND o.queue_id = a.queue_id AND o.channel_id = a.channel_id
    WHERE o.status <> 'resolved' AND o.merged_into_id IS NULL)
SELECT start, id FROM part WHERE start <> id ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Rest:
    """The unresolved other parts of one exchange in the same queue, under lock.

    Args:
        free: nobody has them; `owned`: somebody has them.
        held: somebody works on a part at this instant: whose it is will be known in a moment.
    """

    free: tuple[Conversation, ...] = ()
    owned: tuple[Conversation, ...] = ()
    held: bool = False


ALONE = Rest()
OTHER_HALF = "has the other half of it"


@dataclass(frozen=True, slots=True)
class Joined:
    """One conversation that waits, with what belongs to it.

    Args:
        need: what it and its free other parts ask for, together.
    """

    conversation: Conversation
    need: Need
    rest: Rest

    def keepers(self, agents: Mapping[int, Agent], given: Mapping[int, int]) -> set[int]:
        """Who has another part of it, by id. Who may never take this one is no reason to wait.

        Args:
            agents: who staffs its queue; `given`: who has just been given which conversation.
        """
        fresh = {given[row.pk] for row in self.rest.free if row.pk in given}
        owners = {row.owner_id or 0 for row in self.rest.owned} | fresh
        return {pk for pk in owners if pk in agents and hindrance(agents[pk], self.need) not in LASTING}


def joined(
    page: Sequence[Conversation], queues: Mapping[int, Staffed], waits: Callable[[int, Need], bool]
) -> list[Joined]:
    """Each of these conversations with its other parts; three queries, two where nothing is linked.

    Parts that rest, pending or snoozed, are taken from owners who are not waited for.

    Inside the caller's transaction, which holds the conversations; waits for nobody.

    Args:
        waits: whether work with such a need waits for the person of that id.

    Records: conversation.released.
    """
    rests = rests_of(page)
    parts = [row for rest in rests.values() for row in (*rest.free, *rest.owned)]
    needs = roster.needs_of([*page, *parts], queues)
    rests = _rejoined(rests, lambda start, owner: waits(owner, needs[start]))
    return [_joined(row, rests.get(row.pk, ALONE), needs) for row in page]


def _joined(row: Conversation, rest: Rest, needs: Mapping[int, Need]) -> Joined:
    skills = reduce(roster.merged, (needs[part.pk].skills for part in rest.free), needs[row.pk].skills)
    return Joined(row, replace(needs[row.pk], skills=skills), rest)


def rests_of(conversations: Iterable[Conversation]) -> dict[int, Rest]:
    """The other parts of those that have any, by id; two queries, one where nothing is linked.

    Inside the caller's transaction, which holds the conversations; waits for nobody.
    """
    queues = {row.pk: row.queue_id for row in conversations}
    parts: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, [array_literal(sorted(queues))])
        for start, part in cursor.fetchall():
            parts[start].append(part)
    if not parts:
        return {}
    rows = _held({part for others in parts.values() for part in others})
    return {start: _rest(others, rows, queues[start]) for start, others in parts.items()}


def _rejoined(rests: Mapping[int, Rest], waits: Callable[[int, int], bool]) -> dict[int, Rest]:
    left = {
        row.pk: row
        for start, rest in rests.items()
        for row in rest.owned
        if row.status != Conversation.Status.OPEN and not waits(start, row.owner_id or 0)
    }
    if left:
        leases.release_resting(left)
    for row in left.values():
        row.refresh_from_db(fields=["owner", "lease_until", "revision"])
    return {start: _sorted((*rest.free, *rest.owned), held=rest.held) for start, rest in rests.items()}


def _held(ids: Collection[int]) -> Mapping[int, Conversation]:
    rows = Conversation.objects.filter(pk__in=ids, merged_into=None).exclude(status=Conversation.Status.RESOLVED)
    locked = rows.select_related("queue").order_by("id")
    return {row.pk: row for row in locked.select_for_update(no_key=True, skip_locked=True, of=("self",))}


def _rest(others: Collection[int], rows: Mapping[int, Conversation], queue_id: int) -> Rest:
    there = [rows[pk] for pk in others if pk in rows]
    return _sorted([row for row in there if row.queue_id == queue_id], held=len(there) < len(others))


def _sorted(parts: Iterable[Conversation], *, held: bool) -> Rest:
    rows = list(parts)
    free = tuple(row for row in rows if row.owner_id is None)
    return Rest(free, tuple(row for row in rows if row.owner_id is not None), held)
