"""Connections that die on time: a deadline over name look-up, TLS, headers and body together.

A socket time-out only bounds the wait for the next byte, so a peer that sends one byte a second holds a worker
for ever. Here a timer shuts the socket down when the call's time is over, wherever the call stands.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import allowed_gai_family


class Call:
    """One outgoing call: its end, whether it wrote anything, and a hold on its sockets.

    Args:
        public_only: addresses of this machine and of private networks are not called, whatever a name leads to.
    """

    def __init__(self, connect_seconds: float, total_seconds: float, *, public_only: bool = False) -> None:
        self.public_only = public_only
        self.wrote = False
        self.expired = False
        self.connect_until = time.monotonic() + min(connect_seconds, total_seconds)
        self._lock = threading.Lock()
        self._held: list[socket.socket] = []

    def hold(self, sock: socket.socket) -> None:
        """Keep a second handle on the socket: it stays valid when TLS wraps the first one."""
        with self._lock:
            if self.expired:
                raise TimeoutError
            self._held.append(socket.socket(fileno=os.dup(sock.fileno())))

    def expire(self) -> None:
        """End every read and write of this call at once."""
        with self._lock:
            self.expired = True
            for sock in self._held:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with self._lock:
            for sock in self._held:
                sock.close()
            self._held.clear()


_current: ContextVar[Call] = ContextVar("outgoing_call")


@contextlib.contextmanager
def under_deadline(connect_seconds: float, total_seconds: float, *, public_only: bool = False) -> Iterator[Call]:
    """All connections used inside end after `total_seconds`."""
    call = Call(connect_seconds, total_seconds, public_only=public_only)
    timer = threading.Timer(total_seconds, call.expire)
    timer.daemon = True
    timer.start()
    token = _current.set(call)
    try:
        yield call
    finally:
        _current.reset(token)
        timer.cancel()
        call.close()


def resolve(host: str, port: int, seconds: float) -> list[Any]:
    """Addresses of the host; the system's resolver alone may take half a minute.

    Raises: `socket.gaierror`, `TimeoutError`.
    """
    answer: list[Any] = []
    failure: list[OSError] = []

    def look_up() -> None:
        try:
            answer.extend(socket.getaddrinfo(host, port, allowed_gai_family(), socket.SOCK_STREAM))
        except OSError as error:
            failure.append(error)

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(max(seconds, 0.0))
    if failure:
        raise failure[0]
    if not answer:
        raise TimeoutError
    return answer


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: not private, loopback, link-local, shared or multicast."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (inner is None or inner.is_global)


def connect(host: str, port: int, until: float, options: Any, *, public_only: bool = False) -> socket.socket:
    """A connection to the first address that answers; one budget for all addresses together.

    The address that was looked at is the one that is called: a second answer of the name server changes nothing.

    Raises: `OSError`.
    """
    failure: OSError = TimeoutError()
    for family, kind, proto, _, address in resolve(host, port, until - time.monotonic()):
        left = until - time.monotonic()
        if left <= 0:
            break
        if public_only and not is_public(address[0]):
            failure = PermissionError("not a public address")
            continue
        sock = socket.socket(family, kind, proto)
        try:
            for option in options or ():
                sock.setsockopt(*option)
            sock.settimeout(left)
            sock.connect(address)
        except OSError as error:
            sock.close()
            failure = error
        else:
            return sock
    raise failure


class Watched(HTTPConnection):
    """A connection that belongs to the current call, and tells it when the first byte is about to leave."""

    def _new_conn(self) -> socket.socket:
        call = _current.get()
        try:
            sock = connect(
                self._dns_host,
                self.port or self.default_port,
                call.connect_until,
                self.socket_options,
                public_only=call.public_only,
            )
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from None
        except TimeoutError:
            raise ConnectTimeoutError(self, "took too long") from None
        except OSError:
            raise NewConnectionError(self, "could not connect") from None
        call.hold(sock)
        sock.settimeout(max(call.connect_until - time.monotonic(), 0.001))
        return sock

    def request(self, *args: Any, **kwargs: Any) -> None:
        call = _current.get()
        if self.sock is None:
            self.connect()
        else:
            call.hold(self.sock)
        call.wrote = True
        super().request(*args, **kwargs)


class WatchedTls(Watched, HTTPSConnection):
    """The same over TLS."""


class WatchedPool(HTTPConnectionPool):
    ConnectionCls = Watched


class TlsPool(HTTPSConnectionPool):
    ConnectionCls = WatchedTls
