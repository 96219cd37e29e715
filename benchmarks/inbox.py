"""What does the inbox cost, beside the same work done bare in the same run?

    python -m benchmarks.inbox [--only ingest,list,claim,search,stream] [--sizes 10000,100000,1000000] [--rounds 5]
                               [--runs 3] [--warm-up 30] [--seed N] [--home DIRECTORY] [--json PATH]

Everything alternates with its yardstick in rounds (product first, then yardstick first), medians and worst are
printed, CPU is read from /proc for the client and PostgreSQL. Pages are asked for over HTTP, signed in as an agent
with restricted visibility. `--sizes 10000,1000000,10000000` runs the large one. Source of method and aims:
performance.md §4.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.stage import environment
from socialcare.embedded import Embedded

PARTS = ("ingest", "list", "claim", "search", "stream")


def main(arguments: list[str] | None = None) -> int:
    chosen = parse(arguments)
    with tempfile.TemporaryDirectory(prefix="socialcare-inbox-") as directory:
        Path(directory).chmod(0o711)
        home = (chosen.home or Path(directory) / "home").absolute()
        os.environ.update(environment(home, None))
        with Embedded(home, durable=False) as urls:
            os.environ.update(urls)
            from benchmarks.inbox_rig.run import run  # reads the settings, which read the environment

            result = run(chosen)
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(PARTS))
    parser.add_argument(
        "--sizes", type=lambda text: [int(n) for n in text.split(",")], default=[10_000, 100_000, 1_000_000]
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=3, help="each with processes of its own; the medians count")
    parser.add_argument("--warm-up", type=float, default=30, help="seconds before each run's first measurement")
    parser.add_argument("--messages", type=int, default=5_000, help="messages per round of ingest")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path, help="keep the filled store here for the next run")
    parser.add_argument("--json", type=Path, metavar="PATH")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
