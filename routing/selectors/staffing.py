"""Reading how queues are staffed: warnings, who has what, and what nobody can take. Fixed numbers of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count

from accounts.models import User
from channels.models import Brand
from core.clock import database_now
from core.copying import array_literal
from inbox.models.conversation import Conversation
from inbox.models.queue import Queue
from inbox.policies import Access
from routing.assignment import LASTING, Agent, Hindrance, Need, hindrance, nearest
from routing.models.staffing import AgentSkill, QueueStaffing, Skill, Skip, WorkingPeriod
from routing.selectors import halves
from routing.selectors.halves import Waiting
from routing.services import roster, sla_setup
from routing.services.roster import Staffed

SKIPS_OF = timedelta(days=7)
AT_MOST = 200
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Stuck:
    """Conversations of one queue and brand that ask for the same, and that nobody can take.

    Args:
        lasting: nothing but a change of the settings helps; else it passes by itself.
        examples: ids, what is due first.
        waits_for: who has the other half of each of them; then `why` says what keeps that person. Empty = nobody has.
    """

    queue: Queue
    brand: str
    skills: Mapping[str, int]
    count: int
    waiting_since: datetime | None
    examples: tuple[int, ...]
    why: Hindrance
    lasting: bool
    waits_for: str = ""


_GROUPS = """
SELECT c.queue_id, c.brand_id, n.skills, n.levels, count(*), min(c.waiting_since),
       (array_agg(c.id ORDER BY c.due_at NULLS LAST, c.waiting_since NULLS LAST, c.id))[1:5]
FROM inbox_conversation c CROSS JOIN LATERAL (
    SELECT COALESCE(array_agg(s.skill_id ORDER BY s.skill_id), '{}') AS skills,
           COALESCE(array_agg(s.level ORDER BY s.skill_id), '{}') AS levels
    FROM routing_conversationskill s WHERE s.conversation_id = c.id) n
WHERE c.queue_id = ANY(%(queues)s::bigint[]) AND c.brand_id = ANY(%(brands)s::bigint[])
  AND c.status = 'open' AND c.owner_id IS NULL AND c.merged_into_id IS NULL AND c.id <> ALL(%(but)s::bigint[])
GROUP BY c.queue_id, c.brand_id, n.skills, n.levels
ORDER BY min(c.due_at) NULLS LAST, min(c.waiting_since) NULLS LAST, c.queue_id LIMIT %(limit)s
"""


def stuck(access: Access, *, limit: int = AT_MOST) -> list[Stuck]:
    """What nobody can take, in the queues that somebody runs, what lasts first.

    A queue that is pulled is only listed where nobody could ever take it: that people are away is no news there. A half
    of an exchange that waits for the colleague who has the other half is listed in any queue, for itself.
    """
    runs = access.all_queue_ids if access.is_administrator else access.supervised_queue_ids
    queues = roster.staffed(runs, now=database_now())
    waiting = halves.waiting(queues, access.brand_ids)
    with connection.cursor() as cursor:
        values = {"queues": array_literal(sorted(runs)), "brands": array_literal(sorted(access.brand_ids))}
        but = array_literal(sorted(one.conversation.pk for one in waiting))
        cursor.execute(_GROUPS, {**values, "but": but, "limit": limit})
        groups = cursor.fetchall()
    brands, skill_names = _names()
    found = _kept(waiting, queues, brands)
    for queue_id, brand_id, skills, levels, count, since, examples in groups:
        queue = queues[queue_id]
        need = Need(queue_id, brand_id, roster.merged(queue.skills, dict(zip(skills, levels, strict=True))))
        why = _why(queue, need)
        if why is not None:
            asked = {skill_names[skill]: level for skill, level in need.skills.items()}
            lasting = why in LASTING
            found.append(Stuck(queue.queue, brands[brand_id], asked, count, since, tuple(examples), why, lasting))
    return sorted(found, key=lambda one: not one.lasting)


def _kept(waiting: Collection[Waiting], queues: Mapping[int, Staffed], brands: Mapping[int, str]) -> list[Stuck]:
    """Halves by queue, brand, colleague and reason, in their order."""
    groups: dict[tuple[int, int, str, Hindrance], list[Conversation]] = defaultdict(list)
    for one in waiting:
        row = one.conversation
        groups[row.queue_id, row.brand_id, one.keeper.name, one.why].append(row)
    return [
        Stuck(
            queue=queues[queue_id].queue,
            brand=brands[brand_id],
            skills={},
            count=len(rows),
            waiting_since=min((row.waiting_since for row in rows if row.waiting_since), default=None),
            examples=tuple(row.pk for row in rows[:EXAMPLES]),
            why=why,
            lasting=False,
            waits_for=name,
        )
        for (queue_id, brand_id, name, why), rows in groups.items()
    ]


def _why(queue: Staffed, need: Need) -> Hindrance | None:
    hindrances = [why for _, why in queue.hindrances(need)]
    if None in hindrances:
        return None
    why = nearest([one for one in hindrances if one is not None])
    return why if queue.settings.pushes or why in LASTING else None


@dataclass(frozen=True, slots=True)
class Warned:
    """One thing that is wrong with how a queue is staffed: a code, and what it is about."""

    code: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What warnings look at beside a queue: the brands and skills by id, and the queues whose hours never open."""

    brands: Mapping[int, str]
    skills: Mapping[int, str]
    closed: Collection[int]


def warnings_of(queue: Staffed, known: Known) -> list[Warned]:
    """What will leave work lying, told where it is set."""
    closed = [Warned("never_open")] if queue.queue.pk in known.closed else []
    return [*_unstaffed(queue, known.brands, known.skills), *closed]


def _unstaffed(queue: Staffed, brands: Mapping[int, str], skills: Mapping[int, str]) -> list[Warned]:
    if not queue.agents:
        return [Warned("no_members")]
    found = [
        Warned("nobody_has", skills[skill]) for skill, level in queue.skills.items() if not _has(queue, skill, level)
    ]
    found += [
        Warned("nobody_sees", name)
        for pk, name in brands.items()
        if not any(pk in one.brand_ids for one in queue.agents)
    ]
    everybody = [hindrance(one, Need(queue.queue.pk, brand, queue.skills)) for one in queue.agents for brand in brands]
    if not found and everybody and all(why in LASTING for why in everybody):
        found.append(Warned("nobody_can"))
    if queue.settings.pushes and all(one.capacity < 1 for one in queue.agents):
        found.append(Warned("no_capacity"))
    return found


def _has(queue: Staffed, skill: int, level: int) -> bool:
    return any(one.skills.get(skill, 0) >= level for one in queue.agents)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with what they take and can."""

    user: User
    agent: Agent
    reason: str
    skills: Mapping[str, int]
    periods: tuple[tuple[int, int, int], ...]
    skipped: int


def people(rows: Collection[User]) -> list[Person]:
    """These people, in their order, with load, capacity, skills, hours and what they skipped in 7 days."""
    now = database_now()
    ids = [row.pk for row in rows]
    agents = {one.user_id: one for one in roster.agents(rows, now=now)}
    skill_names = dict(Skill.objects.values_list("pk", "name"))
    periods: dict[int, list[tuple[int, int, int]]] = {pk: [] for pk in ids}
    for user, *period in WorkingPeriod.objects.filter(user__in=ids).values_list("user", "weekday", "starts", "ends"):
        periods[user].append((period[0], period[1], period[2]))
    recent = Skip.objects.filter(user__in=ids, skipped_at__gte=now - SKIPS_OF)
    skipped = Counter(dict(recent.values_list("user").annotate(n=Count("pk")).values_list("user", "n")))
    return [
        Person(
            row,
            agents[row.pk],
            _reason(row),
            {skill_names[skill]: level for skill, level in agents[row.pk].skills.items()},
            tuple(periods[row.pk]),
            skipped[row.pk],
        )
        for row in rows
    ]


def _reason(row: User) -> str:
    presence = getattr(row, "presence", None)
    return presence.reason if presence else ""


def settings_of(queue: Queue) -> tuple[QueueStaffing, dict[int, int], list[Warned]]:
    """How a queue finds its people, the skills that it asks for, and what is wrong with it."""
    found = roster.staffed([queue.pk], now=database_now())[queue.pk]
    return found.settings, dict(found.skills), warnings_of(found, known())


def known() -> Known:
    """All brands and skills, and the queues whose hours never open; four queries."""
    return Known(*_names(), sla_setup.queues_with_hours(open_at_all=False))


def _names() -> tuple[dict[int, str], dict[int, str]]:
    return dict(Brand.objects.values_list("pk", "name")), dict(Skill.objects.values_list("pk", "name"))


def skills() -> list[tuple[Skill, int]]:
    """All skills by name, each with the number of people who have it; one query."""
    return [(row, row.n) for row in Skill.objects.annotate(n=Count("agents")).order_by("name")]


def skills_of(user_id: int) -> dict[int, int]:
    """Level by id of the skill."""
    return dict(AgentSkill.objects.filter(user=user_id).values_list("skill", "level"))
