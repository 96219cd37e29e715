"""Two agents click Claim at the same instant: does one win, and is the other told who?

    python -m benchmarks.claims [--n 200] [--seed N] [--json PATH] [--break no-lock]

Ana and Omar, two sessions over HTTP against the web process that `make run` starts; each contest is about another
conversation. Exits with 1 unless every contest has one winner, and everybody else a 409 that names the winner.
With --break the row lock is taken away: the run must then be red.
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


def main(arguments: list[str] | None = None) -> int:
    chosen = parse(arguments)
    with tempfile.TemporaryDirectory(prefix="socialcare-claims-") as directory:
        Path(directory).chmod(0o711)
        home = Path(directory) / "home"
        os.environ.update(environment(home, None))
        with Embedded(home, durable=False) as urls:
            os.environ.update(urls)
            from benchmarks.inbox_rig.run import contested  # reads the settings, which read the environment

            result = contested(chosen)
    show("Two agents claim at the same instant", result)
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0 if result["winners"] == result["told_who_won"] == chosen.n else 1


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--break", dest="broken", choices=["no-lock"], default="")
    parser.add_argument("--json", type=Path, metavar="PATH")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
