"""`make run`: embedded servers, migrations, demo, then web, worker, beat and sandbox until Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from socialcare.devserver import static_stamp
from socialcare.devserver.options import (
    ROOT,
    RUN_FILE,
    Options,
    Refusal,
    decided,
    read,
    require_free_ports,
    write_private,
)
from socialcare.devserver.ready import Readiness
from socialcare.devserver.services import Service, plans
from socialcare.embedded import BOTH, Embedded
from socialcare.servers.errors import EmbeddedError
from socialcare.servers.logs import last_lines, open_log
from socialcare.servers.places import explained
from socialcare.servers.processes import end_with_parent, evict, spawn, wait_or_kill

TICK_S = 0.2
GIVE_UP_AFTER = 3  # endings in a row before all was ready once
HEAL_PAUSE_S = 10.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 - this is what the person at the terminal reads


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Run until asked to end. Returns 0 after Ctrl-C, 1 with a sentence where it cannot run."""
    began = time.monotonic()
    for each in STOP_SIGNALS:
        signal.signal(each, interrupt)
    if os.environ.get("MAKELEVEL"):
        end_with_parent()  # a killed `make` must not leave us behind
    try:
        options = read(os.environ)
        try:
            run(options, began)
        except OSError as error:
            raise explained(error, options.home) from error
    except (Refusal, EmbeddedError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
    return 0


def run(options: Options, began: float) -> None:
    """Start everything and watch over it. Raises: Refusal, EmbeddedError, KeyboardInterrupt."""
    with ExitStack() as undo:
        wanted = tuple(name for name in BOTH if not os.environ.get(name))
        embedded = Embedded(options.home, wanted=wanted, say=say)
        undo.callback(embedded.stop)
        undo.callback(let_no_signal_disturb)
        urls = embedded.start()
        room = options.home / "run"
        room.mkdir(mode=0o700, exist_ok=True)
        evict(room, signal.SIGTERM, grace_s=8)  # what a killed run has left; its lock is ours now
        require_free_ports(options)
        undo.callback(evict, room, signal.SIGKILL, grace_s=5)

        own = {**decided(options, os.environ), **{name: urls.get(name) or os.environ[name] for name in BOTH}}
        write_private(options.home / RUN_FILE, own)
        environment = {**os.environ, **own}
        services = [Service(plan, options.home, environment) for plan in plans(options)]
        undo.callback(end_all, services)
        if options.sandbox:
            services[0].start()
        sign_ins = prepare(options, environment)
        for service in services[1 if options.sandbox else 0 :]:
            service.start()
        watch(options, embedded, services, Readiness(options, sign_ins, began))


def prepare(options: Options, environment: Mapping[str, str]) -> str:
    """Migrate, collect static files where they changed, lay down the demo; return what it says to people.

    Raises: Refusal.
    """
    collect = not static_stamp.is_current(options.home)
    chosen = [*(["--static"] if collect else []), *(["--demo", options.sandbox_url] if options.demo else [])]
    log = options.home / "log" / "prepare.log"
    with open_log(log) as errors:
        child = spawn(
            [sys.executable, "-m", "socialcare.devserver.prepare", *chosen],
            output=subprocess.PIPE,
            errors=errors,
            death_signal=signal.SIGKILL,
            cwd=options.home / "run",
            env={**environment, "PYTHONPATH": str(ROOT)},
        )
    try:
        said, _ = child.communicate()
    finally:
        wait_or_kill(child, grace_s=0)
    if child.returncode != 0:
        raise Refusal(f"{last_sentence(log)} (all of it: {log})")
    if collect:
        static_stamp.write(options.home)
    return said.decode("utf-8").strip()


def last_sentence(log: Path) -> str:
    lines = [line.strip() for line in last_lines(log).splitlines() if line.strip()]
    return lines[-1] if lines else "The database could not be prepared."


def watch(options: Options, embedded: Embedded, services: list[Service], readiness: Readiness) -> None:
    """Start again what ends, say when all is ready; returns only by an exception."""
    heal_at = 0.0
    while True:
        if time.monotonic() >= heal_at:
            heal_at = time.monotonic() + (0 if heal(embedded) else HEAL_PAUSE_S)
        for service in services:
            if said := service.watch():
                say(said)
                if service.endings >= GIVE_UP_AFTER and not readiness.told:
                    raise Refusal(f"The {service.name} does not start; see {options.home / 'log'}.")
        if said := readiness.look():
            say(said)
        time.sleep(TICK_S)


def heal(embedded: Embedded) -> bool:
    """Start embedded servers again that have ended; False where that has to be tried again later."""
    try:
        for said in embedded.heal():
            say(said)
    except EmbeddedError as error:
        say(str(error))
        return False
    return True


def end_all(services: list[Service]) -> None:
    """Ask all to end at once and wait; a second Ctrl-C kills them."""
    say("\nStopping …")
    try:
        for service in services:
            service.ask_to_end()
        for service in services:
            service.end()
    except KeyboardInterrupt:
        let_no_signal_disturb()
        for service in services:
            service.end(at_once=True)
    let_no_signal_disturb()


def let_no_signal_disturb() -> None:
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
