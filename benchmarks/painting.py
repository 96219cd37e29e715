"""How quickly does the inbox stand on the screen, and the next conversation after a key?

    python -m benchmarks.painting [--sizes 10000,1000000] [--steps 60] [--pause 0.6] [--seed N] [--home DIRECTORY]
                                  [--json PATH] [--break slow]

Chromium, 1440 by 900, signed in as an agent, static files as they are served in production. Says what the first page
costs (first paint, bytes over the wire, layout shift), and for each of so many steps the time from the key to the
frame in which the conversation stands: opened by Enter while one reads for `--pause` seconds, opened at once, and led
on to by an act (snooze). Leaves with 1 where the layout shifts, CSS and JS are above 150 kB, or the 95th percentile
of a key is above 100 ms (200 from a million conversations on). With --break slow each answer of the server waits for
half a second: the run must then be red. Source of the aims: the issue of the workspace.
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
    with tempfile.TemporaryDirectory(prefix="socialcare-painting-") as directory:
        Path(directory).chmod(0o711)
        home = (chosen.home or Path(directory) / "home").absolute()
        os.environ.update(environment(home, None))
        os.environ |= {"STATIC_FROM_SOURCE": "0", "STATIC_ROOT": str(Path(directory) / "static")}
        del os.environ["STATICFILES_BACKEND"]
        with Embedded(home, durable=False) as urls:
            os.environ.update(urls)
            from benchmarks.inbox_rig.painting import run  # reads the settings, which read the environment

            result = run(chosen)
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 1 if result["faults"] else 0


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")], default=[10_000])
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--pause", type=float, default=0.6, help="seconds for which somebody reads")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path, help="keep the filled store here for the next run")
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--break", dest="broken", choices=["slow"], default="")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
