"""Arming faults."""

from typing import Any

from sandbox.control import checks
from sandbox.faults import KINDS
from sandbox.world import World

FIELDS = {"match", "kind", "times", "rate", "seed", "status", "retry_after", "seconds"}
METHODS = ("*", "GET", "POST", "PUT", "PATCH", "DELETE")


def arm(world: World, given: Any) -> dict:
    """Arm one fault or a list of them. Raises: Wrong (422) naming the field."""
    items = given if isinstance(given, list) else [given]
    values = [_read(item, f"[{at}]." if isinstance(given, list) else "") for at, item in enumerate(items)]
    return {"faults": [world.faults.arm(**value).as_dict() for value in values]}


def _read(item: Any, where: str) -> dict[str, Any]:
    given = checks.an_object(item, where.rstrip(".") or "fault")
    checks.only(given, where, FIELDS)
    match = checks.text(given, "match", where)
    verb, _, path = match.partition(" ")
    if verb not in METHODS or not path.startswith(("/", "*")):
        raise checks.Wrong(f"{where}match", "must be a METHOD or *, a space and a path")
    kind = checks.text(given, "kind", where)
    if kind not in KINDS:
        raise checks.Wrong(f"{where}kind", f"must be one of {', '.join(KINDS)}")
    times, rate = given.get("times"), given.get("rate")
    if times is not None and rate is not None:
        raise checks.Wrong(f"{where}rate", "give either times or rate")
    if rate is not None and (isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate <= 1):
        raise checks.Wrong(f"{where}rate", "must be between 0 and 1")
    return {
        "match": match,
        "kind": kind,
        "rate": rate,
        "times": checks.number(given, "times", where, 1) if rate is None else None,
        "seed": checks.number(given, "seed", where),
        "status": checks.number(given, "status", where) if given.get("status") is not None else None,
        "retry_after": checks.number(given, "retry_after", where, 2),
        "seconds": checks.number(given, "seconds", where, 30),
    }


def show(world: World) -> dict:
    return world.faults.as_dict()


def disarm(world: World) -> dict:
    world.faults.disarm()
    return world.faults.as_dict()
