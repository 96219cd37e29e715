"""`make reset`: remove the embedded data after asking.

The generated secrets stay: a database named by DATABASE_URL may need them.
"""

import os
import shutil
import sys

from socialcare.devserver.options import Refusal, read
from socialcare.embedded import Embedded
from socialcare.servers.errors import EmbeddedError
from socialcare.servers.places import state_directory

DATA = ("postgres", "postgres.new", "valkey", "sandbox", "media", "static", "run", "binaries")


def main() -> int:
    try:
        home = read(os.environ).home
        if not home.is_dir():
            raise Refusal(f"There are no embedded data: {home} does not exist.")
        with Embedded(home, wanted=(), min_free_bytes=0):  # the lock: never under a running Socialcare
            found = [base / name for base in {home, state_directory(home)} for name in DATA if (base / name).exists()]
            if not found:
                raise Refusal(f"There are no embedded data in {home}.")
            if not confirmed([str(path) for path in found]):
                raise Refusal("Nothing was removed.")
            for path in found:
                shutil.rmtree(path)
    except (Refusal, EmbeddedError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    sys.stdout.write("Removed. The next `make run` begins anew.\n")
    return 0


def confirmed(paths: list[str]) -> bool:
    """Ask at the terminal; only the whole word counts, and no answer is no."""
    sys.stdout.write("These will be removed, with every message and person in them:\n  " + "\n  ".join(paths) + "\n")
    sys.stdout.write("Type yes to remove them: ")
    sys.stdout.flush()
    return sys.stdin.readline().strip() == "yes"


if __name__ == "__main__":
    sys.exit(main())
