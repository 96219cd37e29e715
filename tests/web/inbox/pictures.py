"""A server on loopback that answers with pictures and with what pretends to be one."""

from __future__ import annotations

import io
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from struct import pack

from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def png(width: int = 64, height: int = 64) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(out, "PNG")
    return out.getvalue()


def jpeg_with_a_place() -> bytes:
    """A photo that says where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    out = io.BytesIO()
    Image.new("RGB", (3000, 100), "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of a few kilobytes that claims 30,000 × 30,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack("!I", len(data)) + kind + data + pack("!I", zlib.crc32(kind + data))

    header = pack("!IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


BODIES = {
    "/good.png": ("image/png", png()),
    "/photo.jpg": ("image/jpeg", jpeg_with_a_place()),
    "/lies.txt": ("text/plain", png()),
    "/drawing.svg": ("image/svg+xml", SVG),
    "/svg.png": ("image/png", SVG),
    "/page.png": ("image/png", b"<html><script>alert(1)</script>"),
    "/bomb.png": ("image/png", bomb()),
    "/large.png": ("image/png", png() + bytes(6 * 1024 * 1024)),
    "/cut.png": ("image/png", png()[:60]),
    "/empty.png": ("image/png", b""),
}


class Pictures:
    """What was asked for, with the headers that came along."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.asked: list[str] = []
        self.heads: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(peer,), daemon=True).start()

    def _answer(self, peer: socket.socket) -> None:
        with peer:
            head = peer.recv(65536)
            path = head.split(b" ")[1].decode()
            self.asked.append(path)
            self.heads.append(head)
            try:
                self._send(peer, path)
            except OSError:
                return  # the client has gone, as it should

    def _send(self, peer: socket.socket, path: str) -> None:
        if path == "/moved.png":
            peer.sendall(b"HTTP/1.1 302 Found\r\nLocation: /good.png\r\nContent-Length: 0\r\n\r\n")
        elif path == "/slow.png":
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n")
            for byte in png():
                peer.sendall(bytes([byte]))
                time.sleep(0.5)
        elif path in BODIES:
            kind, body = BODIES[path]
            head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
            peer.sendall(head.encode() + body)
        else:
            peer.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    def close(self) -> None:
        self._socket.close()


@contextmanager
def serving() -> Iterator[Pictures]:
    running = Pictures()
    try:
        yield running
    finally:
        running.close()
