"""Who gets it, as pure functions: who may and can take a conversation, and whose turn it is among them.

Fairness is counted in loads: somebody's share is capacity · Σload / Σcapacity over all who could take this work, full
or not. While work only arrives, everybody stays within one conversation of their share after every assignment; the
pick is the earliest deadline among those who are not ahead of their share, which is optimal for one unit at a time
(docs/assignment.md says where the bound cannot be held by anybody). All comparisons are exact, in integers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

AVAILABLE = "available"
AT_WORK = (AVAILABLE, "busy")
LOWEST, HIGHEST = 1, 5


class Hindrance(StrEnum):
    """Why somebody cannot be given a conversation, from what lasts longest to what passes first."""

    NOT_MEMBER = "not_member"
    NO_BRAND = "no_brand"
    NO_CAPACITY = "no_capacity"
    LACKS_SKILL = "lacks_skill"
    OFF_HOURS = "off_hours"
    ABSENT = "absent"
    FULL = "full"


# Nothing but a change of the settings lets these people take it; the others may take it later.
LASTING = (Hindrance.NOT_MEMBER, Hindrance.NO_BRAND, Hindrance.NO_CAPACITY, Hindrance.LACKS_SKILL)


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody as the assignment sees them.

    Args:
        load: open conversations that they own, in all queues.
        capacity: how many of these they take at a time.
        queue_ids: queues that their teams staff.
        skills: proficiency (1–5) by id of the skill.
        on_duty: inside their working hours; somebody without hours always is.
    """

    user_id: int
    name: str
    capacity: int
    load: int
    status: str = AVAILABLE
    on_duty: bool = True
    queue_ids: frozenset[int] = frozenset()
    brand_ids: frozenset[int] = frozenset()
    skills: Mapping[int, int] = field(default_factory=dict)

    @property
    def room(self) -> int:
        """How many more they take."""
        return max(0, self.capacity - self.load)


@dataclass(frozen=True, slots=True)
class Need:
    """What a waiting conversation asks of whoever takes it: proficiency by id of the skill."""

    queue_id: int
    brand_id: int
    skills: Mapping[int, int] = field(default_factory=dict)


def hindrance(agent: Agent, need: Need) -> Hindrance | None:
    """The first thing that keeps this conversation from this agent; None = they can take it now."""
    missing = any(agent.skills.get(skill, 0) < level for skill, level in need.skills.items())
    tests = (
        (need.queue_id not in agent.queue_ids, Hindrance.NOT_MEMBER),
        (need.brand_id not in agent.brand_ids, Hindrance.NO_BRAND),
        (agent.capacity < 1, Hindrance.NO_CAPACITY),
        (missing, Hindrance.LACKS_SKILL),
        (not agent.on_duty, Hindrance.OFF_HOURS),
        (agent.status != AVAILABLE, Hindrance.ABSENT),
        (not agent.room, Hindrance.FULL),
    )
    return next((why for hindered, why in tests if hindered), None)


def waits_for(agent: Agent | None, need: Need) -> bool:
    """Whether work that belongs to somebody's other work waits for them: they are at work, and may take it."""
    if agent is None or agent.status not in AT_WORK:
        return False
    return hindrance(agent, need) in (None, Hindrance.ABSENT, Hindrance.FULL)


def nearest(hindrances: Collection[Hindrance]) -> Hindrance:
    """What to tell where nobody can take it: what keeps those who come nearest. No people at all = no members."""
    order = list(Hindrance)
    return max(hindrances, key=order.index, default=Hindrance.NOT_MEMBER)


@dataclass(frozen=True, slots=True)
class Standing:
    """One of those among whom a conversation is shared out.

    Args:
        load: their open conversations.
        has_room: below capacity; those without still count for the shares.
    """

    user_id: int
    capacity: int
    load: int
    has_room: bool = True


def pick(group: Sequence[Standing], *, before: int | None = None) -> int | None:
    """Whose turn it is: the id of somebody with room, or None.

    Args:
        before: who had this contact last; they get it where fairness and room allow it.
    """
    roomy = [one for one in group if one.has_room]
    if not roomy:
        return None
    capacity, total = sum(one.capacity for one in group), sum(one.load for one in group) + 1
    behind = [one for one in roomy if not _is_ahead(one, capacity, total)] or roomy
    known = next((one for one in behind if one.user_id == before), None)
    if known is not None and not _is_ahead(known, capacity, total) and _stays_fair(group, known):
        return known.user_id
    return min(behind, key=_Turn(capacity, total)).user_id


def _is_ahead(one: Standing, capacity: int, total: int) -> bool:
    """Whether one more would put them more than one above their share."""
    return one.load * capacity > one.capacity * total


class _Turn:
    """The order of turns: the next one's deadline, then who is furthest behind, then the id."""

    def __init__(self, capacity: int, total: int) -> None:
        self.capacity, self.total = capacity, total

    def __call__(self, one: Standing) -> tuple[float, int, int]:
        behind = one.load * self.capacity - one.capacity * self.total
        return ((one.load + 1) / one.capacity, behind, one.user_id)


def _stays_fair(group: Sequence[Standing], chosen: Standing) -> bool:
    """Whether giving one to `chosen` leaves everybody able to stay within one of their share from here on.

    Where that is lost already (somebody finished much at once), nothing more can be lost by it.
    """
    loads = {one.user_id: one.load for one in group}
    if not _can_stay_fair(group, loads):
        return True
    return _can_stay_fair(group, {**loads, chosen.user_id: chosen.load + 1})


def _can_stay_fair(group: Sequence[Standing], loads: Mapping[int, int]) -> bool:
    """Whether at every later moment no more is due than can have been given by then.

    Units of one agent are due when without them the agent would be more than one behind. Only as long as somebody is
    ahead of their share can there be too many at once; after that everybody's units come due evenly.
    """
    capacity, now = sum(one.capacity for one in group), sum(loads.values())
    last = max(capacity * (loads[one.user_id] + 1) // one.capacity for one in group)
    return all(
        sum(max(0, -(-one.capacity * at // capacity) - 1 - loads[one.user_id]) for one in group) <= at - now
        for at in range(now, min(last, now + capacity) + 1)
    )


def in_turn(turns: Mapping[int, int], *, before: int | None = None) -> int | None:
    """Whose turn it is in the round: the id of who was given something longest ago, or None.

    Args:
        turns: number of the last turn by id, 0 = never; only those who could take it now.
        before: who had this contact last; they go before the others, but not twice in a row.
    """
    latest = max(turns.values(), default=0)
    if before is not None and len(turns) > 1 and turns.get(before, latest) < latest:
        return before
    return min(turns, key=lambda user: (turns[user], user), default=None)
