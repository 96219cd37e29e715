"""The real service on a real database: batches arrive, `assignment.drain` gives them out, some are finished."""

import random
import statistics
import time
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Presence, User  # noqa: E402
from benchmarks.fairness_rig.checker import Due, Faults  # noqa: E402
from inbox.models.conversation import Conversation  # noqa: E402
from inbox.models.work import ConversationEvent  # noqa: E402
from inbox.services import lifecycle  # noqa: E402
from routing.models.staffing import QueueStaffing  # noqa: E402
from routing.services import assignment  # noqa: E402
from tests import personas  # noqa: E402
from tests.factories import people, talk  # noqa: E402

BATCHES = (1, 40)


class Floor:
    """The queue of Care with people of unequal capacity, all there."""

    def __init__(self, luck: random.Random, agents: int) -> None:
        call_command("migrate", verbosity=0)
        self.luck, self.world = luck, personas.world()
        self.queue = self.world.queues.care
        QueueStaffing.objects.create(queue=self.queue, mode=QueueStaffing.Mode.LEAST_LOADED)
        self.capacities = {self._join(number).pk: luck.randint(2, 30) for number in range(agents)}
        for pk, capacity in self.capacities.items():
            Presence.objects.create(user_id=pk, status="available", capacity=capacity)

    def _join(self, number: int) -> User:
        name = f"Agent {number}"
        email = f"agent{number}@socialcare.example"
        return people.person(name, email=email, teams=[self.world.teams.care], brands=[self.world.brands.northwind])

    def arrive(self) -> None:
        now = timezone.now()
        due = now + timedelta(minutes=self.luck.uniform(5, 600))
        talk.conversation(self.world.channels.northwind_x, self.queue, due_at=due, waiting_since=now)

    def loads(self) -> dict[int, int]:
        held = Conversation.objects.filter(owner__in=self.capacities, status="open").values_list("owner", flat=True)
        found = dict.fromkeys(self.capacities, 0)
        for owner in held:
            found[owner] += 1
        return found

    def waiting(self) -> list[Due]:
        free = Conversation.objects.filter(queue=self.queue, owner=None, status="open")
        return [(due.timestamp(), pk) for due, pk in free.values_list("due_at", "pk")]

    def finish_all(self) -> None:
        """The end of a shift."""
        for row in Conversation.objects.filter(owner__in=self.capacities, status="open").select_related("owner"):
            lifecycle.resolve(row.pk, actor=row.owner, disposition="expired")


def run(arrivals: int, agents: int, seed: int, broken: str) -> dict[str, Any]:
    """Batches until so many have arrived; when nobody has room, the shift ends and what waits is drained."""
    luck, faults, times = random.Random(seed), Faults(), []
    floor, left = Floor(luck, agents), arrivals
    _spoil(broken)
    while left > 0:
        batch = min(left, luck.randint(*BATCHES))
        left -= batch
        for _ in range(batch):
            floor.arrive()
        times += [_drain(floor, faults)]
        if floor.waiting():
            floor.finish_all()
            times += [_drain(floor, faults)]
    given = faults.assignments
    took = [seconds for seconds, n in times if n]
    return {
        "arrivals": arrivals,
        "agents": agents,
        "drains": len(took),
        "ms_a_drain_median": round(1000 * statistics.median(took), 1),
        "ms_an_assignment": round(1000 * sum(took) / given, 2),
        **faults.told(),
    }


def _drain(floor: Floor, faults: Faults) -> tuple[float, int]:
    loads, waiting = floor.loads(), floor.waiting()
    mark = ConversationEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
    began = time.perf_counter()
    n = assignment.drain()
    took = time.perf_counter() - began
    dues = {pk: due for due, pk in waiting}
    given = ConversationEvent.objects.filter(pk__gt=mark, kind="conversation.assigned").order_by("id")
    for pk, data in given.values_list("conversation_id", "data"):
        loads[data["to_id"]] += 1
        due = (dues[pk], pk)
        faults.check(floor.capacities, loads, data["to_id"], due, waiting, keepable=True)
        waiting.remove(due)
    faults.above_capacity += loads != floor.loads()  # what the events tell is not what the rows say
    return took, n


def _spoil(broken: str) -> None:
    """Take one safeguard away from the service."""
    waiting = assignment._waiting
    if broken == "fairness":
        assignment.pick = lambda group, **_known: next((one.user_id for one in group if one.has_room), None)
    if broken == "order":
        assignment._waiting = lambda queues, page: (each[::-1] for each in waiting(queues, page))
    if broken == "capacity":
        Presence.objects.update(capacity=200)
