"""Faults that are armed by control and fire on matching calls."""

import random
from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

KINDS = (
    "429",
    "5xx",
    "timeout",
    "reset",
    "truncated",
    "malformed",
    "duplicate_page",
    "reordered",
    "after_effect",
)
SERVER_ERRORS = (500, 502, 503, 504)


@dataclass
class Fault:
    """One armed fault. Exactly one of `times` (left to fire) and `rate` (0 to 1) rules how often."""

    id: int
    match: str
    kind: str
    times: int | None = None
    rate: float | None = None
    seed: int = 0
    status: int | None = None
    retry_after: int = 2
    seconds: float = 30.0
    fired: int = 0
    chance: random.Random = field(default_factory=random.Random, repr=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def matches(self, method: str, path: str) -> bool:
        verb, _, pattern = self.match.partition(" ")
        if verb not in ("*", method):
            return False
        if any(char in pattern for char in "*?["):
            return fnmatchcase(path, pattern)
        return path.startswith(pattern)

    def strikes(self) -> bool:
        """Whether it would fire on this matching call."""
        if self.times is not None:
            return self.fired < self.times
        return self.rate is not None and self.chance.random() < self.rate

    def as_dict(self) -> dict:
        names = ("id", "match", "kind", "times", "rate", "seed", "status", "retry_after", "seconds", "fired")
        return {name: getattr(self, name) for name in names}


class Faults:
    """All armed faults, the first that strikes wins; counts stay when the faults are taken away."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []
        self._next = 1
        self.fired: Counter[str] = Counter()

    def arm(self, **values: object) -> Fault:
        fault = Fault(id=self._next, **values)  # type: ignore[arg-type]
        self._next += 1
        self._armed.append(fault)
        return fault

    def disarm(self) -> None:
        self._armed.clear()

    def clear(self) -> None:
        self.disarm()
        self.fired.clear()

    def choose(self, method: str, path: str) -> Fault | None:
        if not self._armed:
            return None
        return next((f for f in self._armed if f.matches(method, path) and f.strikes()), None)

    def count(self, fault: Fault) -> None:
        """Note that it really fired."""
        fault.fired += 1
        self.fired[fault.kind] += 1

    def as_dict(self) -> dict:
        return {"faults": [fault.as_dict() for fault in self._armed], "fired": dict(self.fired)}
