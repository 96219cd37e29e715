"""Is pushed work shared out fairly, in due order, and never above anybody's capacity?

    python -m benchmarks.fairness [--arrivals 10000] [--agents 12] [--seed N] [--served 1200] [--json PATH]
                                  [--break fairness|capacity|order]

Two runs. The plain one plays shifts with the pure decision (`routing.assignment`): people of unequal capacity come,
work arrives one by one until everybody is full and more waits; some of it is finished, what waits is drained; then
the shift ends. The served one drains a queue with the real service on a real PostgreSQL. The checker knows nothing of
the code under test: it gets who was eligible with which capacity and load, and who got what, and does the sums with
fractions. Exits with 1 on any fault; with --break the decision is spoilt, and the run must be red.

While work is finished at random below full load, nobody can keep the bound (docs/assignment.md): that part of each
shift is counted by itself, and held to what can be kept.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.stage import environment
from benchmarks.tables import show
from socialcare.embedded import Embedded

BREAKS = ("fairness", "capacity", "order")


def main(arguments: list[str] | None = None) -> int:
    chosen = parse(arguments)
    from benchmarks.fairness_rig.shifts import play  # pure: needs no settings

    began = time.perf_counter()
    result = {"plain": play(chosen.arrivals, chosen.agents, chosen.seed, chosen.broken)}
    result["plain"]["seconds"] = round(time.perf_counter() - began, 2)
    if chosen.served:
        result["served"] = served(chosen)
    for name, values in result.items():
        show(f"Fairness, {name}: seed {chosen.seed}", values)
    red = sum(values["faults"] for values in result.values())
    if chosen.json:
        chosen.json.write_text(json.dumps({"seed": chosen.seed, **result}, indent=2) + "\n", encoding="utf-8")
    return 1 if red else 0


def served(chosen: argparse.Namespace) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="socialcare-fairness-") as directory:
        Path(directory).chmod(0o711)
        home = Path(directory) / "home"
        os.environ.update(environment(home, None))
        with Embedded(home, durable=False) as urls:
            os.environ.update(urls)
            from benchmarks.fairness_rig.served import run  # reads the settings, which read the environment

            return run(chosen.served, chosen.agents, chosen.seed, chosen.broken)


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arrivals", type=int, default=10_000)
    parser.add_argument("--agents", type=int, default=12)
    parser.add_argument("--served", type=int, default=1_200, help="arrivals that the real service gives out; 0 = none")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--break", dest="broken", choices=BREAKS, default="")
    parser.add_argument("--json", type=Path, metavar="PATH")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
