"""Breaking connections for real: the HTTP protocol of uvicorn that hands its transport to the application."""

import asyncio
import socket
import struct
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

TRANSPORT = "sandbox.transport"


class BreakableProtocol(HttpToolsProtocol):
    """Puts the transport of the connection into the scope of each request."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        scope: dict[str, Any] = self.scope  # type: ignore[assignment]
        scope[TRANSPORT] = self.transport


def reset(transport: asyncio.Transport) -> None:
    """End the connection with a TCP reset, nothing flushed."""
    sock = transport.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
