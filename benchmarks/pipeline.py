"""How fast do stored messages find their queue, person and clock, and does a killed worker lose or double any?

    python -m benchmarks.pipeline [--messages 20000] [--workers 2] [--kills 8] [--seed N] [--json PATH]
                                  [--promises] [--break early-delete|no-lock|no-clocks]

Real servers and real Celery workers (prefork, one process each, queue `triage`). So many messages are stored twice:
first the workers are left alone (throughput), then they are killed with SIGKILL in the middle of a page and replaced.
Afterwards the database is asked what happened to each message. Exits with 1 where one was lost, routed twice, left
without an owner although somebody could take it, or given to somebody who may not answer it. With --promises a policy
is in force, and each conversation that waits must have one running first-response clock, due when the row says, and
one of resolution. With --break a safeguard
is taken away: the run must then be red.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.stage import environment
from benchmarks.tables import show
from socialcare.embedded import Embedded

BREAKS = ("early-delete", "no-lock", "no-clocks")


def main(arguments: list[str] | None = None) -> int:
    chosen = parse(arguments)
    with tempfile.TemporaryDirectory(prefix="socialcare-pipeline-") as directory:
        Path(directory).chmod(0o711)
        home = Path(directory) / "home"
        os.environ.update(environment(home, None, PIPELINE_BREAK=chosen.broken))
        with Embedded(home, durable=False) as urls:
            os.environ.update(urls)
            from benchmarks.pipeline_rig import run  # reads the settings, which read the environment

            result = run(chosen)
    for name, values in result.items():
        if isinstance(values, dict):
            show(name.replace("_", " ").capitalize(), values)
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0 if result["sound"] else 1


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--agents", type=int, default=12)
    parser.add_argument("--promises", action="store_true", help="with a policy in force")
    parser.add_argument("--deadline", type=float, default=900, help="seconds after which a pass is given up")
    parser.add_argument("--break", dest="broken", choices=BREAKS, default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="PATH")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
