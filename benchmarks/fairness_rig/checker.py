"""The checker: sums with fractions over what it is told, one assignment at a time. It imports nothing of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

Due = tuple[float, int]


@dataclass
class Faults:
    """What was wrong, by rule; and how much was checked."""

    assignments: int = 0
    bound_checked: int = 0
    beyond_one: int = 0
    above_capacity: int = 0
    out_of_order: int = 0
    receiver_ahead: int = 0
    widest: Fraction = field(default_factory=Fraction)

    @property
    def total(self) -> int:
        return self.beyond_one + self.above_capacity + self.out_of_order + self.receiver_ahead

    def check(
        self,
        capacities: Mapping[int, int],
        loads: Mapping[int, int],
        receiver: int,
        due: Due,
        waiting: Sequence[Due],
        *,
        keepable: bool,
    ) -> None:
        """One assignment, after it.

        Args:
            capacities: of all who were eligible, full or not; `loads` are theirs after the assignment.
            due: of what was given; `waiting`: of everything that waited at that moment, this one included.
            keepable: whether the bound can be kept by anybody at this point.
        """
        self.assignments += 1
        apart = {one: _apart(capacities, loads, one) for one in capacities}
        if keepable:
            self.bound_checked += 1
            self.beyond_one += max(map(abs, apart.values())) > 1
            self.widest = max(self.widest, *map(abs, apart.values()))
        self.above_capacity += any(loads[one] > capacities[one] for one in capacities)
        self.out_of_order += due != min(waiting)
        before = {one: loads[one] - (one == receiver) for one in capacities}
        room = [one for one in capacities if before[one] < capacities[one]]
        better = [one for one in room if _apart(capacities, _with(before, one), one) <= 1]
        self.receiver_ahead += bool(better) and receiver not in better

    def told(self) -> dict[str, object]:
        return {
            "assignments": self.assignments,
            "bound_checked": self.bound_checked,
            "beyond_one": self.beyond_one,
            "widest": float(self.widest),
            "above_capacity": self.above_capacity,
            "out_of_order": self.out_of_order,
            "receiver_ahead": self.receiver_ahead,
            "faults": self.total,
        }


def _apart(capacities: Mapping[int, int], loads: Mapping[int, int], one: int) -> Fraction:
    """How far from the share: load − capacity · Σload / Σcapacity."""
    return loads[one] - Fraction(capacities[one] * sum(loads[each] for each in capacities), sum(capacities.values()))


def _with(loads: Mapping[int, int], one: int) -> dict[int, int]:
    return {**loads, one: loads[one] + 1}
