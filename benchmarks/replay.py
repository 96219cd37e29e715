"""Do real tweets come out threaded exactly as they were?

    python -m benchmarks.replay FILE [--no-conversation-id | --with-conversation-id] [--faults] [--limit N]
                                [--seed N] [--json PATH] [--break early-mark]

FILE is a CSV (also gzipped) with the columns tweet_id, author_id, inbound, created_at, text,
in_response_to_tweet_id and conversation_root_id. One X channel per brand reads the tweets from the sandbox through
tweepy, page by page; what /api/v1/ then says is compared with the file. Two passes: with the network's
conversation_id, and by parents alone with posts arriving in random order. Each pass is then run a second time,
which must add nothing. --faults arms 429, 5xx, time-outs, truncated JSON, repeated and reordered pages.
--break early-mark moves the high-water mark before the walk has closed: the run must then find losses and exit 1.
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

PASSES = {"with_id": True, "without_id": False}


def main(arguments: list[str] | None = None) -> int:
    chosen = parse(arguments)
    result = {"file": chosen.file.name, "seed": chosen.seed, "faults": chosen.faults}
    for name, with_id in PASSES.items():
        if chosen.only in (None, name):
            result[name] = one_pass(chosen, with_id=with_id)
            show(f"Pass {name}", result[name])
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0 if all(is_right(result[name]) for name in PASSES if name in result) else 1


def one_pass(chosen: argparse.Namespace, *, with_id: bool) -> dict:
    """One pass on fresh servers, in a process of its own: Django reads its settings once."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        with os.fdopen(write, "w", encoding="utf-8") as out:
            json.dump(_on_fresh_servers(chosen, with_id=with_id), out)
        os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as answer:
        text = answer.read()
    os.waitpid(child, 0)
    if not text:
        raise SystemExit("the pass did not finish; see above")
    return json.loads(text)


def _on_fresh_servers(chosen: argparse.Namespace, *, with_id: bool) -> dict:
    with tempfile.TemporaryDirectory(prefix="socialcare-replay-") as directory, running() as sandbox:
        Path(directory).chmod(0o711)
        home = Path(directory) / "home"
        os.environ.update(environment(home, sandbox))
        with Embedded(home, durable=False) as urls:
            os.environ.update(urls)
            from benchmarks.replay_rig import Rig  # reads the settings, which read the environment

            return Rig(sandbox, chosen, with_id=with_id).run()


def is_right(one: dict) -> bool:
    """Nothing lost, nothing double, every conversation, parent and text as in the file."""
    return (
        one["stored"] == one["expected"]
        and one["conversations_exact"] == one["conversations_expected"]
        and not (one["duplicates"] or one["parents_wrong"] or one["texts_wrong"] or one["conversations_extra"])
        and one["second_run_added"] == 0
    )


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    passes = parser.add_mutually_exclusive_group()
    passes.add_argument("--no-conversation-id", dest="only", action="store_const", const="without_id")
    passes.add_argument("--with-conversation-id", dest="only", action="store_const", const="with_id")
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--limit", type=int, help="only so many of the newest rows")
    parser.add_argument("--window", type=int, default=700, help="posts per account between two completed polls")
    parser.add_argument("--break", dest="broken", choices=["early-mark"], default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="PATH")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
