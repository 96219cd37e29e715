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
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import django
from csp.utils import build_policy
from django.template import Context
from django.template.loader import get_template

STATIC = Path(__file__).resolve().parents[2] / "static"


class Handler(BaseHTTPRequestHandler):
    """GET of a screen or a static file; a POST is taken and answered with nothing."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path.startswith("/static/"):
            self.answer_file(STATIC / address.path.removeprefix("/static/"))
            return
        html = render(address.path.strip("/"), theme=parse_qs(address.query).get("theme", [""])[0])
        self.answer(200 if html else 404, "text/html; charset=utf-8", (html or "absent").encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(204, "text/plain", b"")

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
    if screen is None:
        return None
    template, context = screen
    known = {**samples.shell(theme), "csrf_token": "sample", **context}
    # no request and so no context processors: the samples are everything that a page is given
    return get_template(template).template.render(Context(known))


@contextmanager
def serving(port: int = 0) -> Iterator[str]:
    """The server's address while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
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
        with serving(port) as address:
            input(f"{address}/storyboard\nEnter ends it.\n")
    finally:
        servers.stop()


if __name__ == "__main__":
    main()
