"""Thirty agents in one queue: can two answer the same message, and does anybody lose words or not hear why?

    python -m benchmarks.collision [--seconds 60] [--agents 28] [--seed N] [--json PATH] [--break no-guard]

Real servers, a real sandbox over HTTP, the product's senders, two pages in Chromium. Agents open, type (drafts are
kept), claim and send, at random and often two at once, in a handful of conversations while new ones keep arriving.
Nobody ever says that a second answer is meant. Afterwards the sandbox is asked what stands below each message, and
each refusal is looked at: does its reason name who won, and are the words still there? Leaves with 1 on any fault.
With --break no-guard the lock on a conversation, the constraint on open answers, the question whether somebody has
answered and the last check before the call are taken away: it must be red by doubled answers.
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
from tests.sandbox.running import running


def main(arguments: list[str] | None = None) -> int:
    chosen = parse(arguments)
    with tempfile.TemporaryDirectory(prefix="socialcare-collision-") as directory, running() as sandbox:
        Path(directory).chmod(0o711)
        home = Path(directory) / "home"
        os.environ.update(environment(home, sandbox, SEND_HOLD_SECONDS="1"))
        with Embedded(home, durable=False) as urls:
            os.environ.update(urls)
            from benchmarks.collision_rig import Rig  # reads the settings, which read the environment

            result = Rig(sandbox, chosen).run()
    show("What came out", result)
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 1 if any(result[name] for name in ("doubled", "lost_answers", "lost_words", "not_told", "failures")) else 0


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--agents", type=int, default=28, help="over HTTP, each with a live stream")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--break", dest="broken", choices=["no-guard"], default="")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
