"""What does a back-test of 100,000 messages cost, and does it say what then happens?

    python -m benchmarks.backtest [--messages 100000] [--again 100000] [--workers 2] [--seed N] [--json PATH]

A first installation takes in the messages with the rules as shipped and is asked, for three rules, what each would
have done: one by words and mood, one that looks at earlier conversations, one that waits. A second, fresh
installation takes in the first `--again` of the same messages through workers with the rule on; what stands
elsewhere than foretold is listed by the network's id. Triage is left out (benchmarks.triage measures it): the mood
is a fixed function of the text, the same in both. Exits with 1 where a rule that is not approximate disagrees, or a
back-test takes a minute.
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
    result["cores"], result["first_run"] = os.cpu_count(), told["run"]
    for name, foretold in told["rules"].items():
        happened = installation(chosen, name, chosen.again)
        result["rules"][name] = judged(foretold, happened)
    for name, figures in result["rules"].items():
        show(name.capitalize(), {key: value for key, value in figures.items() if key != "differ"})
        for external_id in figures["differ"]:
            print("  differs:", external_id)
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    exact = [one for one in result["rules"].values() if not one["approximate"]]
    slow = [one for one in result["rules"].values() if one["seconds"] >= MINUTE]
    return 1 if slow or any(one["mismatches"] for one in exact) else 0


def judged(foretold: dict[str, Any], happened: dict[str, Any]) -> dict[str, Any]:
    """The figures of one rule: its back-test, and conversations that stand elsewhere than it said."""
    stands = happened["stands"]
    differ = sorted(root for root, queue in stands.items() if foretold["stands"].get(root) != queue)
    shown = {key: value for key, value in foretold.items() if key != "stands"}
    return {**shown, "compared": len(stands), "mismatches": len(differ), "differ": differ[:20]}


def installation(chosen: argparse.Namespace, what: str, messages: int) -> dict[str, Any]:
    """A fresh database, the messages in it, and what was found."""
    with tempfile.TemporaryDirectory(prefix="socialcare-backtest-") as directory:
        Path(directory).chmod(0o711)
        home, answer = Path(directory) / "home", Path(directory) / "answer.json"
        os.environ.update(environment(home, None))
        with Embedded(home, durable=False) as urls:
            command = [sys.executable, "-m", "benchmarks.backtest_rig", what, str(messages), str(chosen.seed)]
            command += [str(chosen.workers), str(answer)]
            subprocess.run(command, env={**os.environ, **urls}, check=True)
        return dict(json.loads(answer.read_text(encoding="utf-8")))


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--again", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    chosen.again = min(chosen.again, chosen.messages)
    return chosen


if __name__ == "__main__":
    sys.exit(main())
