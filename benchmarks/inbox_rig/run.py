"""The parts of `benchmarks.inbox`, at each size."""

import argparse
import os
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks.inbox_rig import claiming, ingest, lists, searching, store, streams, yard  # noqa: E402
from benchmarks.inbox_rig.cast import Cast, cast  # noqa: E402
from benchmarks.inbox_rig.runs import merged  # noqa: E402
from benchmarks.inbox_rig.served import BARE, BROKEN, PRODUCT, serving  # noqa: E402
from benchmarks.tables import show  # noqa: E402
from inbox.services import counts  # noqa: E402


def run(chosen: argparse.Namespace) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    everybody = cast()
    yard.prepare()
    result: dict[str, Any] = {"seed": chosen.seed, "cores": os.cpu_count(), "sizes": {}}
    filled = store.filled()
    for size in chosen.sizes:
        filled = store.fill(everybody, size, already=filled, seed=chosen.seed)
        result["sizes"][str(size)] = at_size(chosen, everybody, size)
    result["load_average"] = os.getloadavg()
    return result


def at_size(chosen: argparse.Namespace, everybody: Cast, size: int) -> dict[str, Any]:
    """The chosen parts, with so many conversations stored: the medians of the runs, and each run's ratios."""
    found = merged([one_run(chosen, everybody, size, number) for number in range(chosen.runs)])
    for name, values in found.items():
        show_parts(f"{name.capitalize()} with {size:,} conversations stored, {chosen.runs} runs", values)
    return found


def one_run(chosen: argparse.Namespace, everybody: Cast, size: int, number: int) -> dict[str, Any]:
    """Each part once, in processes of its own that have been warmed up."""
    server, found = postmaster(), {}
    if "ingest" in chosen.only:
        bench = ingest.Bench(everybody.northwind_x, server, size + chosen.seed + 7 * number, chosen.messages)
        bench.warm_up(chosen.warm_up)
        found["ingest"] = bench.run(chosen.rounds)
    while counts.fold():  # what beat does every 2 s
        pass
    with serving(PRODUCT) as web, serving(BARE) as bare:
        if set(PARTS) & set(chosen.only):
            lists.warm_up(everybody, web, bare, chosen.warm_up)
        for name, part in PARTS.items():
            if name in chosen.only:
                found[name] = part(everybody, web, bare, server, chosen.rounds)
    show_parts(f"Run {number + 1} of {chosen.runs} with {size:,} conversations stored", found)
    return found


def show_parts(title: str, values: dict[str, Any]) -> None:
    """A table; what has parts of its own gets a table each."""
    show(title, {name: value for name, value in values.items() if not isinstance(value, dict)})
    for name, value in values.items():
        if isinstance(value, dict):
            show_parts(f"{title}: {name.replace('_', ' ')}", value)


def contested(chosen: argparse.Namespace) -> dict[str, Any]:
    """Two agents, one conversation, at the same instant; on a small store of its own."""
    call_command("migrate", verbosity=0)
    everybody = cast()
    yard.prepare()
    store.fill(everybody, chosen.n * 60, already=0, seed=chosen.seed)
    with serving(BROKEN if chosen.broken else PRODUCT) as web:
        return claiming.contest(everybody, web, chosen.n, chosen.seed)


PARTS = {"list": lists.run, "claim": claiming.run, "search": searching.run, "stream": streams.run}


def postmaster() -> int:
    """The parent of the backend that serves us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    return int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])
