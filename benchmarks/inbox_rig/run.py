"""The parts of `benchmarks.inbox`, at each size."""

import argparse
import os
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks.inbox_rig import ingest, store  # noqa: E402
from benchmarks.tables import show  # noqa: E402
from tests import personas  # noqa: E402


def run(chosen: argparse.Namespace) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    world = personas.world()
    server = postmaster()
    result: dict[str, Any] = {"seed": chosen.seed, "cores": os.cpu_count(), "sizes": {}}
    filled = 0
    for size in chosen.sizes:
        filled = store.fill(world, size, already=filled, seed=chosen.seed)
        found: dict[str, Any] = {}
        if "ingest" in chosen.only:
            found["ingest"] = ingest.Bench(world.channels.northwind_x, server, size + chosen.seed, chosen.messages).run(
                chosen.rounds
            )
            show(f"Ingest with {size:,} conversations stored", found["ingest"])
        result["sizes"][str(size)] = found
    return result


def postmaster() -> int:
    """The parent of the backend that serves us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    return int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])
