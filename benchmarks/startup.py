"""How long `make run` takes in a fresh clone, and whether Ctrl-C leaves a process behind.

    python -m benchmarks.startup [--user NAME] [--starts 2] [--warm-cache] [--json PATH]

Clones the last commit into a temporary directory, starts it as this user or (as root) as another, waits for the line
`Ready:`, presses Ctrl-C, looks for processes that still belong to the clone, and starts again. Unless --warm-cache
is given, the package installers begin with empty caches.
"""

import argparse
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READY_DEADLINE_S, STOP_DEADLINE_S = 900.0, 60.0


@dataclass(frozen=True)
class Start:
    """One start and its end; seconds."""

    number: int
    user: str
    ready_s: float
    stop_s: float
    exit_code: int
    left_behind: list[str]


def clone(directory: Path, user: str) -> Path:
    """Clone the last commit and give it to the user."""
    target = directory / "socialcare"
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(ROOT), str(target)], check=True)
    if user != pwd.getpwuid(os.geteuid()).pw_name:
        subprocess.run(["chown", "-R", f"{user}:", str(directory)], check=True)
    return target


def environment(directory: Path, user: str, *, warm_cache: bool) -> dict[str, str]:
    """Give what a login shell would have, free ports and, unless told otherwise, empty caches."""
    account = pwd.getpwnam(user)
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "DJANGO", "VIRTUAL", "MAKE"))
    }
    for name in ("DATABASE_URL", "REDIS_URL", "SOCIALCARE_HOME", "SECRET_KEY", "VENV", "MFLAGS"):
        plain.pop(name, None)
    if account.pw_uid != os.geteuid():
        plain |= {"PATH": "/usr/local/bin:/usr/bin:/bin", "USER": user, "LOGNAME": user}
    plain |= {"HOME": account.pw_dir, "PORT": str(free_port()), "SANDBOX_PORT": str(free_port())}
    if not warm_cache:
        plain |= {"UV_CACHE_DIR": str(directory / "uv"), "PIP_CACHE_DIR": str(directory / "pip")}
    return plain


def start_and_stop(number: int, tree: Path, user: str, env: dict[str, str]) -> Start:
    """Start, wait for Ready, press Ctrl-C, wait for the end, look who is left."""
    account = pwd.getpwnam(user)
    drop = {} if account.pw_uid == os.geteuid() else {"user": user, "group": account.pw_gid, "extra_groups": []}
    began = time.monotonic()
    child = subprocess.Popen(
        ["make", "run"], cwd=tree, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True, **drop
    )
    try:
        wait_for_ready(child, began)
        ready_s = time.monotonic() - began
        asked = time.monotonic()
        os.killpg(child.pid, signal.SIGINT)  # what the terminal does
        child.communicate(timeout=STOP_DEADLINE_S)
    except BaseException:
        os.killpg(child.pid, signal.SIGKILL)
        raise
    return Start(number, user, ready_s, time.monotonic() - asked, child.returncode, processes_of(tree))


def wait_for_ready(child: subprocess.Popen[str], began: float) -> None:
    for line in child.stdout:
        print(f"    {line}", end="", flush=True)
        if line.startswith("Ready:"):
            return
        if time.monotonic() - began > READY_DEADLINE_S:
            break
    raise SystemExit(f"`make run` did not become ready (exit code {child.poll()}).")


def processes_of(tree: Path) -> list[str]:
    """List processes that work in the clone or were started from it."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            where = os.readlink(entry / "cwd")
        except OSError:  # gone meanwhile, or a kernel thread
            continue
        if str(tree) in where or str(tree) in words:
            found.append(f"{entry.name} {words[:100]}")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--user", default=pwd.getpwuid(os.geteuid()).pw_name, help="start as this user (only root can)")
    parser.add_argument("--starts", type=int, default=2)
    parser.add_argument("--warm-cache", action="store_true")
    parser.add_argument("--json", type=Path, metavar="PATH")
    parser.add_argument("--seed", type=int, default=0, help="without effect: nothing here is drawn by chance")
    chosen = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="socialcare-startup-"))
    directory.chmod(0o755)
    try:
        tree = clone(directory, chosen.user)
        env = environment(directory, chosen.user, warm_cache=chosen.warm_cache)
        starts = [start_and_stop(number, tree, chosen.user, env) for number in range(1, chosen.starts + 1)]
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    print(f"\n{'start':>5}  {'as':<10} {'ready s':>8} {'stop s':>7}  {'left behind'}")
    for each in starts:
        left = ", ".join(each.left_behind) or "nothing"
        print(f"{each.number:>5}  {each.user:<10} {each.ready_s:>8.1f} {each.stop_s:>7.1f}  {left}")
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(each) for each in starts], indent=2) + "\n", encoding="utf-8")
    return 1 if any(each.left_behind for each in starts) else 0


if __name__ == "__main__":
    sys.exit(main())
