"""Which way of serving is better: pages on threads with the stream on the loop, or Django's ASGI handler for all?

    python -m benchmarks.serving [--size 10000] [--rounds N] [--requests N] [--seed N] [--json PATH]

The list page, signed in, from 8 and 32 browsers at once, against each shape in turn. Says requests per second, p95,
CPU and the connections that PostgreSQL holds. Source of the decision: docs/adr/0002.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.stage import environment
from socialcare.embedded import Embedded


def main(arguments: list[str] | None = None) -> int:
    chosen = parse(arguments)
    with tempfile.TemporaryDirectory(prefix="socialcare-serving-") as directory:
        Path(directory).chmod(0o711)
        home = Path(directory) / "home"
        os.environ.update(environment(home, None))
        with Embedded(home, durable=False) as urls:
            os.environ.update(urls)
            from benchmarks.inbox_rig.shapes import run  # reads the settings, which read the environment

            result = run(chosen)
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=10_000, help="conversations stored")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=48)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="PATH")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
