"""One Django process between the servers and the services: compile languages, migrate, collect files, demo.

    python -m socialcare.devserver.prepare [--static] [--demo SANDBOX_URL]

Prints what people need to sign in. A database that does not answer is one line on stderr.
"""

import argparse
import socket
import sys
import time
from urllib.parse import urlsplit

import django
from django.core.management import CommandError, call_command
from django.db import OperationalError

from socialcare.languages import catalogues

SANDBOX_DEADLINE_S = 30.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--static", action="store_true")
    parser.add_argument("--demo", metavar="SANDBOX_URL")
    chosen = parser.parse_args()
    catalogues.compile_all()
    django.setup()
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        sys.exit(f"The database did not do what was asked: {' '.join(str(error).split())}")
    if chosen.static:
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    if chosen.demo:
        wait_for(chosen.demo)
        call_command("demo")
    else:
        set_up()


def set_up() -> None:
    """Print the one-time link, or on an installation that has its administrator, that there is none."""
    try:
        call_command("setup_link")
    except CommandError as error:
        sys.stdout.write(f"{error}\n")


def wait_for(url: str) -> None:
    """Wait until somebody listens there; the sandbox starts while the migrations run."""
    where = urlsplit(url)
    deadline = time.monotonic() + SANDBOX_DEADLINE_S
    while True:
        try:
            socket.create_connection((where.hostname, where.port), timeout=2).close()
        except OSError:
            if time.monotonic() > deadline:
                sys.exit(f"The sandbox at {url} does not answer; see sandbox.log.")
            time.sleep(0.05)
        else:
            return


if __name__ == "__main__":
    main()
