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

# One step from half to half. Two public conversations may have moved to the same private one.
_NEXT = """
SELECT l.here, o.id, o.queue_id, o.channel_id
FROM (SELECT public_id AS here, private_id AS there FROM inbox_conversationlink WHERE public_id = ANY(%(ids)s::bigint[])
      UNION ALL
      SELECT private_id, public_id FROM inbox_conversationlink WHERE private_id = ANY(%(ids)s::bigint[])) l
JOIN inbox_conversation o ON o.id = l.there
WHERE o.status <> 'resolved' AND o.merged_into_id IS NULL
"""
Lane = tuple[int, int]
"""Queue and channel: parts of one exchange stand in the same ones."""


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
    """Each of these conversations with its other parts; five queries, two where nothing is linked.

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
    return [together(row, rests.get(row.pk, ALONE), needs) for row in page]


def together(row: Conversation, rest: Rest, needs: Mapping[int, Need]) -> Joined:
    """One that waits with what belongs to it; `needs` of it and of its free other parts."""
    skills = reduce(roster.merged, (needs[part.pk].skills for part in rest.free), needs[row.pk].skills)
    return Joined(row, replace(needs[row.pk], skills=skills), rest)


def rests_of(conversations: Iterable[Conversation]) -> dict[int, Rest]:
    """The other parts of those that have any, by id; one query where nothing is linked, three for pairs.

    Inside the caller's transaction, which holds the conversations; waits for nobody.
    """
    lanes = {row.pk: (row.queue_id, row.channel_id) for row in conversations}
    parts = parts_of(lanes)
    if not parts:
        return {}
    rows = _held({part for others in parts.values() for part in others})
    return {start: _rest(others, rows, lanes[start][0]) for start, others in parts.items()}


def parts_of(lanes: Mapping[int, Lane]) -> dict[int, list[int]]:
    """Those that have other parts in their own lane, with the ids of these; no locks. A query for each step away from
    them: a recursive one takes seconds while the tables are new and the planner knows nothing of them.
    """
    steps: dict[int, dict[int, Lane]] = defaultdict(dict)
    seen, ahead = set(lanes), set(lanes)
    while ahead:
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, {"ids": array_literal(sorted(ahead))})
            for here, there, *lane in cursor.fetchall():
                steps[here][there] = (lane[0], lane[1])
        ahead = {there for here in ahead for there in steps.get(here, ())} - seen
        seen |= ahead
    found = {start: _reached(start, lane, steps) for start, lane in lanes.items() if start in steps}
    return {start: others for start, others in found.items() if others}


def _reached(start: int, lane: Lane, steps: Mapping[int, Mapping[int, Lane]]) -> list[int]:
    """What can be walked to without leaving the lane, by id."""
    seen, ahead = {start}, [start]
    while ahead:
        fresh = {there for there, its in steps.get(ahead.pop(), {}).items() if its == lane} - seen
        seen |= fresh
        ahead += fresh
    return sorted(seen - {start})


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
    return {start: rest_of((*rest.free, *rest.owned), held=rest.held) for start, rest in rests.items()}


def _held(ids: Collection[int]) -> Mapping[int, Conversation]:
    rows = Conversation.objects.filter(pk__in=ids, merged_into=None).exclude(status=Conversation.Status.RESOLVED)
    locked = rows.select_related("queue").order_by("id")
    return {row.pk: row for row in locked.select_for_update(no_key=True, skip_locked=True, of=("self",))}


def _rest(others: Collection[int], rows: Mapping[int, Conversation], queue_id: int) -> Rest:
    there = [rows[pk] for pk in others if pk in rows]
    return rest_of([row for row in there if row.queue_id == queue_id], held=len(there) < len(others))


def rest_of(parts: Iterable[Conversation], *, held: bool = False) -> Rest:
    """The other parts, by whether somebody has them."""
    rows = list(parts)
    free = tuple(row for row in rows if row.owner_id is None)
    return Rest(free, tuple(row for row in rows if row.owner_id is not None), held)
