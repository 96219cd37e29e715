"""What does a back-test of 100,000 messages cost, and does it say what then happens?

    python -m benchmarks.backtest [--messages 100000] [--again 20000] [--workers 2] [--seed N] [--json PATH]
                                  [--break late-facts]

A first installation takes in the messages with the rules as shipped and is asked, for three rules, what each would
have done: one by words and mood, one that looks at earlier conversations, one that waits. For each rule a second,
fresh installation takes in the first `--again` of the same messages with the rule on; what stands elsewhere than
foretold is listed by the network's id. Everywhere real Celery workers judge and route what is stored, and the sweep of
rules that wait runs after them, as by beat. Some conversations are claimed before they are routed, some afterwards.

Compared are conversations of which both installations have the same messages: one that goes on after the first
`--again` is not. Exits with 1 where a rule that is not approximate disagrees, or a back-test takes a minute. With
--break late-facts the stored facts are those of after everything: the run must then be red.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.stage import environment
from benchmarks.tables import show
from socialcare.embedded import Embedded

MINUTE = 60.0


def main(arguments: list[str] | None = None) -> int:
    chosen = parse(arguments)
    told = installation(chosen, "ask", chosen.messages)
    result: dict[str, Any] = {"seed": chosen.seed, "messages": chosen.messages, "again": chosen.again, "rules": {}}
    result |= {"broken": chosen.broken, "cores": os.cpu_count(), "first_run": told["run"]}
    show("First run", told["run"])
    for name, foretold in told["rules"].items():
        figures = result["rules"][name] = judged(foretold, installation(chosen, name, chosen.again))
        show(name.capitalize(), {key: value for key, value in figures.items() if key != "differ"})
        for external_id in figures["differ"]:
            print("  differs:", external_id)
    result["load_average"] = os.getloadavg()
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    exact = [one for one in result["rules"].values() if not one["approximate"]]
    slow = [one for one in result["rules"].values() if one["seconds"] >= MINUTE]
    return 1 if slow or any(one["mismatches"] for one in exact) else 0


def judged(foretold: dict[str, Any], happened: dict[str, Any]) -> dict[str, Any]:
    """The figures of one rule: its back-test, and conversations that stand elsewhere than it said."""
    told, sizes = foretold["stands"], foretold["sizes"]
    stands = {key: queue for key, queue in happened["stands"].items() if sizes.get(key) == happened["sizes"][key]}
    differ = sorted(key for key, queue in stands.items() if told.get(key) != queue)
    moved = sum(foretold["stood"].get(key) != queue for key, queue in stands.items())
    shown = {key: value for key, value in foretold.items() if key not in ("stood", "stands", "sizes")}
    shown |= {"again_a_second": happened["run"]["routed_a_second"], "moved_again": moved}
    return {**shown, "compared": len(stands), "mismatches": len(differ), "differ": differ[:20]}


def installation(chosen: argparse.Namespace, what: str, messages: int) -> dict[str, Any]:
    """A fresh database, the messages in it, and what was found."""
    with tempfile.TemporaryDirectory(prefix="socialcare-backtest-") as directory:
        Path(directory).chmod(0o711)
        home, answer = Path(directory) / "home", Path(directory) / "answer.json"
        os.environ.update(environment(home, None))
        with Embedded(home, durable=False) as urls:
            command = [sys.executable, "-m", "benchmarks.backtest_rig", what, str(messages), str(chosen.seed)]
            command += [str(chosen.workers), str(answer), chosen.broken]
            subprocess.run(command, env={**os.environ, **urls}, check=True)
        return dict(json.loads(answer.read_text(encoding="utf-8")))


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--again", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--break", dest="broken", choices=["late-facts"], default="")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    chosen.again = min(chosen.again, chosen.messages)
    return chosen


if __name__ == "__main__":
    sys.exit(main())
