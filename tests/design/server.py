"""Serves every screen drawn from the samples, under the content policy of the settings.

`python -m tests.design.server --port 8125` shows them in a browser: /storyboard, /inbox, /thread, …; the tests use
the same server on a free port.
"""

from __future__ import annotations

import argparse
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django
from csp.utils import build_policy
from django.template import Context
from django.template.loader import get_template

STATIC = Path(__file__).resolve().parents[2] / "static"


class ScreenServer(ThreadingHTTPServer):
    """What a test hands in and looks at: fragments by address, pings to push, the requests that came."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.fragments: dict[str, str] = {}
        self.answers: dict[str, tuple[int, str]] = {}
        self.requests: list[tuple[str, str, str]] = []
        self.pings: Queue[str] = Queue()
        self.listeners = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """GET of a screen, fragment or static file, the live stream; a POST is noted and answered as arranged."""

    protocol_version = "HTTP/1.1"
    server: ScreenServer

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path.startswith("/static/"):
            self.answer_file(STATIC / address.path.removeprefix("/static/"))
            return
        if address.path == "/live/":
            self.stream()
            return
        self.server.requests.append(("GET", self.path, ""))
        if self.path in self.server.fragments:
            self.answer(200, "text/html; charset=utf-8", self.server.fragments[self.path].encode())
            return
        if address.path.endswith("/summary/"):  # what fills a dialog as it opens
            self.answer(200, "text/plain; charset=utf-8", b"They wrote twice since Monday.")
            return
        if self.headers.get("X-Live") == "ahead":  # a row that no test opens
            self.answer(204, "text/html; charset=utf-8", b"")
            return
        html = render(address.path.strip("/"), theme=parse_qs(address.query).get("theme", [""])[0])
        self.answer(200 if html else 404, "text/html; charset=utf-8", (html or "absent").encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode(errors="replace")
        self.server.requests.append(("POST", self.path, f"{self.headers.get('X-CSRFToken', '')} {body}"))
        status, html = self.server.answers.get(self.path, (204, ""))
        self.answer(status, "text/html; charset=utf-8", html.encode())

    def stream(self) -> None:
        """Server-sent events until the ping `stop` comes or the browser has gone."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b": hello\n\n")
        self.wfile.flush()
        self.server.listeners += 1
        while (ping := self.server.pings.get()) != "stop":
            self.wfile.write(f"data: {ping}\n\n".encode())
            self.wfile.flush()
        self.close_connection = True

    def answer_file(self, path: Path) -> None:
        if not path.resolve().is_relative_to(STATIC) or not path.is_file():
            self.answer(404, "text/plain", b"absent")
            return
        kind = {".js": "text/javascript", ".svg": "image/svg+xml"}.get(path.suffix)
        self.answer(200, kind or mimetypes.guess_type(path.name)[0] or "font/woff2", path.read_bytes())

    def answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", build_policy())
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


def render(name: str, theme: str = "") -> str | None:
    """The named screen as HTML, or None."""
    from tests.design import samples

    screen = samples.screens().get(name)
    return render_template(screen[0], {**samples.shell(theme), **screen[1]}) if screen else None


def render_template(template: str, context: dict[str, Any]) -> str:
    """A template from a plain context: no request and so no context processors."""
    return get_template(template).template.render(Context({"csrf_token": "sample", **context}))


@contextmanager
def serving(port: int = 0) -> Iterator[ScreenServer]:
    """The running server while the block runs."""
    server = ScreenServer(port)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.pings.put("stop")
        server.shutdown()
        server.server_close()
        thread.join(5)


def main() -> None:
    from tests.servers import TestServers

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8125)
    port = parser.parse_args().port
    servers = TestServers()
    servers.start()
    django.setup()
    try:
        with serving(port) as server:
            input(f"{server.address}/storyboard\nEnter ends it.\n")
    finally:
        servers.stop()


if __name__ == "__main__":
    main()
