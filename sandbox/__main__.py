"""`python -m sandbox`: start the pretend social network."""

import argparse
import os
import signal
import socket
import sys
import threading
from pathlib import Path

import uvicorn

from sandbox.app import build
from sandbox.journal import InUse
from sandbox.protocol import BreakableProtocol
from sandbox.world import World


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001, help="0 takes a free one")
    parser.add_argument("--data", type=Path, help="directory in which the state survives restarts")
    parser.add_argument("--demo", action="store_true", help="two brands and their customers, living")
    parser.add_argument("--speed", type=float, default=None, help="how fast the demo lives (1.0)")
    parser.add_argument(
        "--control-token",
        default=os.environ.get("SANDBOX_CONTROL_TOKEN", ""),
        help="better given as SANDBOX_CONTROL_TOKEN; without one a token is made and printed",
    )
    parser.add_argument("--until-eof", action="store_true", help="end when standard input does: with its starter")
    return parser.parse_args(arguments)


def end_with_input() -> None:
    """Stop as by SIGTERM when whoever holds the other end of standard input is gone, killed or not."""

    def wait() -> None:
        sys.stdin.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def listen(host: str, port: int) -> socket.socket:
    """Raises: SystemExit with one sentence when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(128)
    except OSError as error:
        raise SystemExit(f"The sandbox cannot listen on {host}:{port}: {error.strerror}.") from error
    return sock


def main(arguments: list[str] | None = None) -> None:
    options = parse(sys.argv[1:] if arguments is None else arguments)
    sock = listen(options.host, options.port)
    try:
        world = World(options.data, control_token=options.control_token)
    except InUse as problem:
        raise SystemExit(f"The sandbox cannot start: {problem}.") from problem
    if options.speed is not None:
        world.settings.speed = options.speed
    sys.stdout.write(f"Sandbox: http://{options.host}:{sock.getsockname()[1]}\n")
    if not options.control_token:
        sys.stdout.write(f"Control token: {world.control_token}\n")
    sys.stdout.flush()
    if options.until_eof:
        end_with_input()
    config = uvicorn.Config(
        build(world, demo=options.demo),
        http=BreakableProtocol,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run(sockets=[sock])


if __name__ == "__main__":
    main()
