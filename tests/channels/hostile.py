"""Servers on loopback that misbehave on the wire, one behaviour per path."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def _drip(peer: socket.socket, data: bytes) -> None:
    for byte in data:
        peer.sendall(bytes([byte]))
        time.sleep(0.1)


def _slow_headers(peer: socket.socket) -> None:
    _drip(peer, HEAD + b"X-Padding: " + b"a" * 10_000)


def _slow_body(peer: socket.socket) -> None:
    peer.sendall(HEAD + b"Content-Length: 100000\r\n\r\n")
    _drip(peer, b" " * 100_000)


def _slow_body_without_length(peer: socket.socket) -> None:
    peer.sendall(HEAD + b"Connection: close\r\n\r\n")
    _drip(peer, b" " * 100_000)


def _endless(peer: socket.socket) -> None:
    peer.sendall(HEAD + b"Connection: close\r\n\r\n")
    while True:
        peer.sendall(b" " * 65536)


def _silent(peer: socket.socket) -> None:
    peer.recv(1)


def _truncated(peer: socket.socket) -> None:
    peer.sendall(HEAD + b'Content-Length: 100\r\n\r\n{"data": [')


def _reset(peer: socket.socket) -> None:
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _redirect(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 302 Found\r\nLocation: /good\r\nContent-Length: 0\r\n\r\n")


def _html(peer: socket.socket) -> None:
    page = b"<html>Over capacity</html>"
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page) + page)


def _unavailable(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")


def _good(peer: socket.socket) -> None:
    peer.sendall(HEAD + b"x-rate-limit-remaining: 7\r\nContent-Length: 2\r\n\r\n{}")


def _not_http(peer: socket.socket) -> None:
    peer.sendall(b"220 mail.example ESMTP\r\n")


BEHAVIOURS = {
    "/slow-headers": _slow_headers,
    "/slow-body": _slow_body,
    "/slow-body-without-length": _slow_body_without_length,
    "/endless": _endless,
    "/silent": _silent,
    "/truncated": _truncated,
    "/reset": _reset,
    "/redirect": _redirect,
    "/html": _html,
    "/unavailable": _unavailable,
    "/good": _good,
    "/not-http": _not_http,
}


class Hostile:
    """Answers one request per connection and writes down what it was asked."""

    def __init__(self) -> None:
        self.heads: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with peer:
            try:
                head = peer.recv(65536).decode("latin-1")
                self.heads.append(head)
                path = head.partition(" ")[2].partition(" ")[0].partition("?")[0]
                BEHAVIOURS.get(path, _not_http)(peer)
            except OSError:
                return

    def close(self) -> None:
        self._listener.close()


@contextmanager
def hostile() -> Iterator[Hostile]:
    server = Hostile()
    try:
        yield server
    finally:
        server.close()
