"""The people of queues as the assignment sees them: a fixed number of queries, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from accounts.models import Presence, User
from inbox.models.conversation import Conversation
from inbox.models.queue import Queue
from inbox.policies import access_of_all
from routing.assignment import Agent, Hindrance, Need, hindrance
from routing.calendar import Calendar, Period
from routing.models.staffing import AgentSkill, ConversationSkill, QueueSkill, QueueStaffing, WorkingPeriod

# Somebody who has never said anything takes no work that is pushed.
UNSAID = Presence(status=Presence.Status.OFFLINE)


@dataclass(frozen=True, slots=True)
class Staffed:
    """One queue: its settings and who could be asked."""

    queue: Queue
    settings: QueueStaffing
    skills: Mapping[int, int]
    agents: tuple[Agent, ...]

    def hindrances(self, need: Need) -> list[tuple[Agent, Hindrance | None]]:
        """Each of its people with what keeps this work from them."""
        return [(agent, hindrance(agent, need)) for agent in self.agents]


def staffed(queue_ids: Collection[int], *, now: datetime, lock: bool = False) -> dict[int, Staffed]:
    """The queues with their people and what these own now.

    Args:
        lock: hold the people, so that nobody else gives them something, and their rights stay as they are; in order
            of their ids, inside the caller's transaction.
    """
    queues = Queue.objects.filter(pk__in=queue_ids).select_related("desk")
    settings = QueueStaffing.objects.in_bulk(list(queue_ids))
    skills: dict[int, dict[int, int]] = defaultdict(dict)
    for queue_id, skill, level in _rows(QueueSkill, "staffing_id", queue_ids):
        skills[queue_id][skill] = level
    agents = agents_of(queue_ids, now=now, lock=lock)
    return {
        queue.pk: Staffed(
            queue,
            settings.get(queue.pk) or QueueStaffing(queue=queue),
            skills[queue.pk],
            tuple(agent for agent in agents if queue.pk in agent.queue_ids),
        )
        for queue in queues
    }


def agents_of(queue_ids: Collection[int], *, now: datetime, lock: bool = False) -> list[Agent]:
    """Everybody active who staffs one of these queues; machines take no work."""
    people = User.objects.filter(is_active=True, is_integration=False, teams__queues__in=list(queue_ids))
    ids = sorted(set(people.values_list("pk", flat=True)))
    rows = User.objects.filter(pk__in=ids, is_active=True).order_by("pk")
    return agents([*(rows.select_for_update(no_key=True) if lock else rows)], now=now)


def agents(people: Collection[User], *, now: datetime) -> list[Agent]:
    """These people with their rights, presence, open work, skills and hours: five queries."""
    ids = [person.pk for person in people]
    rights = access_of_all(ids)
    presence = Presence.objects.in_bulk(ids)
    loads = open_of(ids)
    skills: dict[int, dict[int, int]] = defaultdict(dict)
    for user_id, skill, level in _rows(AgentSkill, "user_id", ids):
        skills[user_id][skill] = level
    hours = _hours(ids)
    return [
        Agent(
            user_id=person.pk,
            name=person.name,
            capacity=presence.get(person.pk, UNSAID).capacity,
            load=loads.get(person.pk, 0),
            status=presence.get(person.pk, UNSAID).status,
            on_duty=_on_duty(person, hours.get(person.pk, ()), now),
            queue_ids=rights[person.pk].member_queue_ids,
            brand_ids=rights[person.pk].brand_ids,
            skills=skills[person.pk],
        )
        for person in people
    ]


def open_of(user_ids: Collection[int]) -> dict[int, int]:
    """How many open conversations each of them owns, counted in the rows themselves."""
    rows = Conversation.objects.filter(owner_id__in=list(user_ids), status=Conversation.Status.OPEN)
    return dict(rows.values_list("owner_id").annotate(n=Count("pk")).values_list("owner_id", "n"))


def needs_of(conversations: Iterable[Conversation], queues: Mapping[int, Staffed]) -> dict[int, Need]:
    """What each conversation asks for: what its queue asks for, and what it asks for itself; one query."""
    rows = list(conversations)
    own: dict[int, dict[int, int]] = defaultdict(dict)
    for conversation_id, skill, level in _rows(ConversationSkill, "conversation_id", [row.pk for row in rows]):
        own[conversation_id][skill] = level
    return {row.pk: Need(row.queue_id, row.brand_id, merged(queues[row.queue_id].skills, own[row.pk])) for row in rows}


def merged(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    """Both needs at once: the higher level of each."""
    return {skill: max(one.get(skill, 0), other.get(skill, 0)) for skill in {*one, *other}}


def _rows(model: type, key: str, ids: Collection[int]) -> Iterable[tuple[int, int, int]]:
    rows = model.objects.filter(Q(**{f"{key}__in": list(ids)}))  # type: ignore[attr-defined]
    return rows.values_list(key, "skill_id", "level")


def _hours(user_ids: Collection[int]) -> dict[int, list[Period]]:
    found: dict[int, list[Period]] = defaultdict(list)
    rows = WorkingPeriod.objects.filter(user_id__in=user_ids)
    for user_id, *period in rows.values_list("user_id", "weekday", "starts", "ends"):
        found[user_id].append(Period(*period))
    return found


def _on_duty(person: User, periods: Collection[Period], now: datetime) -> bool:
    return not periods or Calendar(person.time_zone, tuple(periods)).is_open(now)
