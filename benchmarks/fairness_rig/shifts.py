"""Shifts played with the pure decision: fill, overload, finish at random, end."""

import heapq
import random
from typing import Any

from benchmarks.fairness_rig.checker import Due, Faults
from routing.assignment import Standing, pick

CAPACITIES = (2, 40)


class Shift:
    """Some of the people, all with empty hands, and what waits for them."""

    def __init__(self, luck: random.Random, agents: int, faults: Faults, broken: str) -> None:
        self.luck, self.faults, self.broken = luck, faults, broken
        here = luck.sample(range(agents), luck.randint(2, agents) if agents > 1 else 1)
        self.capacities = {one: luck.randint(*CAPACITIES) for one in here}
        self.loads = dict.fromkeys(here, 0)
        self.owners: list[int] = []
        self.waiting: list[Due] = []
        self.numbers = 0

    def arrive(self, *, keepable: bool) -> None:
        """One more, due at some time; what is due first goes to somebody."""
        self.numbers += 1
        heapq.heappush(self.waiting, (round(self.luck.random(), 6), self.numbers))
        self.drain(keepable=keepable)

    def drain(self, *, keepable: bool) -> None:
        while self.waiting and (chosen := self.choose()) is not None:
            due = self.waiting[-1] if self.broken == "order" else min(self.waiting)
            self.loads[chosen] += 1
            self.owners.append(chosen)
            self.faults.check(self.capacities, self.loads, chosen, due, self.waiting, keepable=keepable)
            self.waiting.remove(due)
            heapq.heapify(self.waiting)

    def choose(self) -> int | None:
        """The decision under test, with somebody known to the contact now and then; or what spoils it."""
        if self.broken == "fairness":
            room = [one for one in self.loads if self.loads[one] < self.capacities[one]]
            return self.luck.choice(room) if room else None
        slack = 1 if self.broken == "capacity" else 0
        group = [
            Standing(one, self.capacities[one], load, load < self.capacities[one] + slack)
            for one, load in self.loads.items()
        ]
        known = self.luck.choice([None, *self.loads])
        return pick(group, before=known)

    def finish(self) -> None:
        """Somebody finishes something, whoever it is."""
        if self.owners:
            place = self.luck.randrange(len(self.owners))
            self.owners[place], self.owners[-1] = self.owners[-1], self.owners[place]
            self.loads[self.owners.pop()] -= 1


def play(arrivals: int, agents: int, seed: int, broken: str) -> dict[str, Any]:
    """Shifts until so many have arrived. In each: fill up and overload, keep busy, then ease off."""
    luck, faults, left, shifts = random.Random(seed), Faults(), arrivals, 0
    while left > 0:
        shift, shifts = Shift(luck, agents, faults, broken), shifts + 1
        room = sum(shift.capacities.values())
        left -= _fill(shift, min(left, room + luck.randint(0, room // 4)))
        left -= _busy(shift, min(left, luck.randint(0, room // 4)))
        left -= _ease(shift, min(left, luck.randint(0, room // 4)))
    return {"arrivals": arrivals, "agents": agents, "shifts": shifts, **faults.told()}


def _fill(shift: Shift, n: int) -> int:
    for _ in range(n):
        shift.arrive(keepable=True)
    return n


def _busy(shift: Shift, n: int) -> int:
    """More arrives than is finished: whoever finishes something is given what waits at once."""
    full = all(shift.loads[one] == shift.capacities[one] for one in shift.loads)
    for _ in range(n):
        if shift.waiting:
            shift.finish()
        shift.arrive(keepable=full)
    return n


def _ease(shift: Shift, n: int) -> int:
    """Less arrives than is finished, by whomever: the bound is nobody's to keep, the rest is."""
    for _ in range(n):
        shift.finish()
        shift.finish()
        shift.drain(keepable=False)
        shift.arrive(keepable=False)
    return n
