"""A machine of somebody else on loopback: keeps what it is sent, answers as it is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.core.cache import cache


class Receiver(ThreadingHTTPServer):
    """Answers with `status`, `headers` and `body`, to a redirect with `location`; unless it `speaks`, nothing until it
    is let go.
    """

    daemon_threads = True
    status = 200
    location = ""
    body = b""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.got: list[tuple[dict[str, str], bytes, str]] = []
        self.speaks = threading.Event()
        self.speaks.set()
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), content, self.path))
        self.server.speaks.wait(30)
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    do_GET = do_POST

    def log_message(self, *_: Any) -> None: ...


@contextmanager
def receiving() -> Iterator[Receiver]:
    """One that listens until the end of the block."""
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.speaks.set()
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def translating(settings: Any, text: str) -> Iterator[Receiver]:
    """A translation service that says this of everything, and is the one that the settings name."""
    cache.clear()
    with receiving() as server:
        server.body = json.dumps({"translatedText": text}).encode()
        settings.TRANSLATE_URL = f"http://{server.host}/translate"
        yield server
    cache.clear()
