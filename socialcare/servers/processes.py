"""Child processes that never outlive us: own session, a signal when we die, a plain user if we are root."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1  # Source: prctl(2), linux/prctl.h
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class PlainUser:
    """A user without rights that root gives its servers to."""

    name: str
    uid: int
    gid: int


def die_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """Make the hook that a child runs before exec: the kernel signals it as soon as we are gone.

    The kernel watches the thread that spawned, so spawn only from a thread that lives as long as the program.
    """
    parent = os.getpid()

    def before_exec() -> None:
        if _LIBC is None:
            return
        _LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # we died between fork and prctl: nobody is left to send the signal
            os._exit(1)

    return before_exec


def spawn(
    command: Sequence[str | Path],
    *,
    output: IO[bytes] | int,
    errors: IO[bytes] | int = subprocess.STDOUT,
    death_signal: signal.Signals,
    user: PlainUser | None = None,
    cwd: Path | str = "/",
    env: Mapping[str, str] | None = None,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, writing to `output`, that dies with us."""
    return subprocess.Popen(  # noqa: S603 - the commands are ours
        [str(part) for part in command],
        stdin=stdin,
        stdout=output,
        stderr=errors,
        cwd=cwd,
        env=env,
        start_new_session=True,
        umask=0o077,
        preexec_fn=die_with_parent(death_signal),
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
    )


def group_is_alive(group: int) -> bool:
    """Tell whether any process of the group still runs; zombies that nobody reaped count as dead."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return any(_group_of(pid) == group for pid in _pids())


def stop_group(child: subprocess.Popen[bytes], ask: signal.Signals, *, grace_s: float) -> None:
    """Ask the child to end, wait, then kill whatever is left of its process group."""
    if child.poll() is None:
        child.send_signal(ask)
    wait_or_kill(child, grace_s=grace_s)


def wait_or_kill(child: subprocess.Popen[bytes], *, grace_s: float) -> None:
    """Wait for a child that was asked to end, then kill whatever is left of its process group."""
    with suppress(subprocess.TimeoutExpired):
        child.wait(timeout=grace_s)
    if group_is_alive(child.pid):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def inhabitants(directory: Path) -> list[int]:
    """List the processes that live here: this is their working directory and they have no terminal.

    What we start has a session of its own and so no terminal; somebody's shell in this directory is no inhabitant.
    """
    home = str(directory.resolve())
    return [pid for pid in _pids() if _working_directory(pid) == home and not _has_terminal(pid)]


def evict(directory: Path, ask: signal.Signals, *, grace_s: float) -> None:
    """End what a killed predecessor left running in a data directory; the caller holds its lock."""
    deadline = time.monotonic() + grace_s
    for pid in inhabitants(directory):
        _send(pid, ask)
    while (left := inhabitants(directory)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in left:
        _send(pid, signal.SIGKILL)
    while inhabitants(directory) and time.monotonic() < deadline + grace_s:
        time.sleep(0.05)


def end_with_parent() -> None:
    """Have the kernel ask this very process to end when the one that started it is gone."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


def _send(pid: int, which: signal.Signals) -> None:
    try:
        os.kill(pid, which)
    except ProcessLookupError:
        return  # it ended by itself meanwhile


def _pids() -> list[int]:
    proc = Path("/proc")
    return [int(entry.name) for entry in proc.iterdir() if entry.name.isdigit()] if proc.is_dir() else []


def _working_directory(pid: int) -> str | None:
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:  # gone, a zombie, or somebody else's
        return None


def _group_of(pid: int) -> int | None:
    """Read the process group, None for a zombie or a process that is gone."""
    state, _parent, group, _session, _terminal = _stat(pid)
    return None if state == "Z" else int(group)


def _has_terminal(pid: int) -> bool:
    return _stat(pid)[4] != "0"


def _stat(pid: int) -> tuple[str, str, str, str, str]:
    """Read state, parent, group, session and terminal; a process that is gone looks like a zombie.

    Source: proc(5), /proc/pid/stat, fields 3 to 7, behind the name in parentheses.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return "Z", "0", "0", "0", "0"
    state, parent, group, session, terminal = stat.rpartition(")")[2].split()[:5]
    return state, parent, group, session, terminal
