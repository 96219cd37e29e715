"""Ways of serving the same pages, in turn."""

import argparse
import os
from dataclasses import dataclass, field
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from benchmarks.inbox_rig import store, yard  # noqa: E402
from benchmarks.inbox_rig.cast import cast  # noqa: E402
from benchmarks.inbox_rig.run import postmaster, show_parts  # noqa: E402
from benchmarks.inbox_rig.served import (  # noqa: E402
    PRODUCT,
    Taken,
    database_connections,
    load,
    serving,
    session_of,
)

LIST = "/inbox/care/"
CLIENTS = (8, 32)
LOOP = "socialcare.asgi:live"


@dataclass
class Shape:
    """One way of serving, and what it took."""

    application: str
    extra: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    taken: dict[int, Taken] = field(default_factory=lambda: {clients: Taken() for clients in CLIENTS})
    connections: int = 0
    refused: int = 0


def shapes() -> dict[str, Shape]:
    return {
        "4 threads": Shape(PRODUCT, environment={"WEB_THREADS": "4"}),
        "8 threads": Shape(PRODUCT, environment={"WEB_THREADS": "8"}),
        "16 threads": Shape(PRODUCT, environment={"WEB_THREADS": "16"}),
        "8 threads, 2 processes": Shape(PRODUCT, ("--workers", "2"), {"WEB_THREADS": "8"}),
        "loop, kept connections": Shape(LOOP, environment={"DATABASE_KEEP_S": "600"}),
        "loop, a connection each": Shape(LOOP, environment={"DATABASE_KEEP_S": "0"}),
    }


def run(chosen: argparse.Namespace) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    everybody = cast()
    yard.prepare()
    store.fill(everybody, chosen.size, already=0, seed=chosen.seed)
    server, session, all_shapes = postmaster(), session_of(everybody.ana), shapes()
    for number in range(chosen.rounds):
        for name in list(all_shapes)[:: 1 if number % 2 == 0 else -1]:
            _round(all_shapes[name], server, session, chosen.requests)
    result: dict[str, Any] = {"seed": chosen.seed, "cores": os.cpu_count(), "load_average": os.getloadavg()}
    for name, shape in all_shapes.items():
        lines = {"connections_most": shape.connections, "rounds_with_errors": shape.refused}
        for clients, taken in shape.taken.items():
            if taken.seconds:
                lines |= taken.line(f"{clients}_browsers")
        result[name] = lines
    show_parts("Ways of serving", result)
    return result


def _round(shape: Shape, server: int, session: str, n: int) -> None:
    """A fresh process, warmed up, then so many browsers; a shape that runs out of connections is noted, not fatal."""
    with serving(shape.application, *shape.extra, **shape.environment) as web:
        try:
            load(web, server, session, 8, 16, lambda browser: browser.get(LIST), Taken())
            for clients in CLIENTS:
                load(web, server, session, clients, n, lambda browser: browser.get(LIST), shape.taken[clients])
                shape.connections = max(shape.connections, database_connections())
        except SystemExit:
            shape.refused += 1
