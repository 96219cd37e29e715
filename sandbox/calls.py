"""Who called what, how often and with which outcome."""

from collections import Counter
from dataclasses import dataclass


@dataclass(slots=True)
class Call:
    """One request; the endpoint fills it in and the outermost layer counts it."""

    method: str
    path: str
    network: str = ""
    template: str = ""
    account: str = ""
    status: int = 0
    fault: str = ""


class Calls:
    """Counts per network, method, route, account and status. A broken connection counts as status 0."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str, str, str, int, str]] = Counter()

    def add(self, call: Call) -> None:
        if not call.network:
            return
        route = call.template or call.path
        self._counts[call.network, call.method, route, call.account, call.status, call.fault] += 1

    def clear(self) -> None:
        self._counts.clear()

    def total(self) -> int:
        return self._counts.total()

    def rows(self) -> list[dict]:
        names = ("network", "method", "route", "account", "status", "fault")
        return [{**dict(zip(names, row, strict=True)), "count": count} for row, count in sorted(self._counts.items())]
