"""The one way out to a network: one policy for time, size, redirects, TLS, plain http and secrets.

Vendor libraries (tweepy, facebook-sdk) are given a `Session` from here and stay otherwise unchanged. What
goes wrong leaves as one of three `HttpFailure`s, which say the one thing a sender must know: did anything
leave this machine? No message of theirs holds a URL, a header or a body.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict

from channels.sockets import Call, TlsPool, WatchedPool, under_deadline

CHUNK = 64 * 1024
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

# These loggers print Authorization headers and signed parameters at DEBUG.
LEAKY_LOGGERS = (
    "tweepy.client",
    "tweepy.api",
    "tweepy.auth",
    "requests_oauthlib.oauth1_auth",
    "requests_oauthlib.oauth1_session",
    "requests_oauthlib.oauth2_session",
    "oauthlib.oauth1.rfc5849",
    "oauthlib.oauth1.rfc5849.signature",
    "urllib3.connectionpool",
)


@dataclass(frozen=True, slots=True)
class Policy:
    """Seconds and bytes that every call lives by (reliability.md §2.1 rule 9).

    Args:
        public_only: only addresses of the open internet are called.
    """

    connect: float = 3.0
    read: float = 10.0
    total: float = 20.0
    body: int = 5 * 1024 * 1024
    public_only: bool = False


class HttpFailure(requests.RequestException):
    """A call that did not end in a 2xx answer."""


class NotSent(HttpFailure):
    """Nothing left this machine: no address, refused, no TLS, no connection in time."""


class NoAnswer(HttpFailure):
    """The request may have arrived; a whole answer did not come back."""


class BadStatus(HttpFailure):
    """The network answered, and not with 2xx. `body` is for parsing, never for showing as it is."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__(f"The network answered with status {status}.")
        self.status = status
        self.headers = CaseInsensitiveDict(headers)
        self.body = body


class PolicyAdapter(HTTPAdapter):
    """Sends one request under the policy, to the rewritten destination.

    Args:
        rewrites: origin as the vendor library knows it ("https://api.twitter.com") → base URL to go to
            instead. The Host header stays the original one, so that OAuth 1 signatures stay right.
    """

    def __init__(self, policy: Policy, rewrites: Mapping[str, str]) -> None:
        self.policy = policy
        self.rewrites = {origin: base.rstrip("/") for origin, base in rewrites.items() if base}
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": WatchedPool, "https": TlsPool}

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """The whole answer, read to its end.

        Raises: `NotSent`, `NoAnswer`.
        """
        request = self._redirected(request)
        if request.method not in SAFE_METHODS:
            # A kept connection that the network is just closing would make the outcome of a write unknown.
            self.poolmanager.clear()
        policy = self.policy
        with under_deadline(policy.connect, policy.total, public_only=policy.public_only) as call:
            try:
                response = super().send(
                    request, stream=True, timeout=(self.policy.connect, self.policy.read), verify=True
                )
                self._read_body(response)
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
                raise _failure(call, error) from None
            if call.expired:
                raise _failure(call, TimeoutError())
            return response

    def _redirected(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        parts = urlsplit(request.url or "")
        base = self.rewrites.get(f"{parts.scheme}://{parts.netloc}")
        if base:
            request = request.copy()
            request.headers["Host"] = parts.netloc
            request.url = base + (request.url or "")[len(f"{parts.scheme}://{parts.netloc}") :]
        require_safe_destination(request.url or "")
        return request

    def _read_body(self, response: requests.Response) -> None:
        raw = response.raw
        body = bytearray()
        with closing(raw):
            for chunk in raw.stream(CHUNK, decode_content=True):
                body += chunk
                if len(body) > self.policy.body:
                    raise NoAnswer(f"The network's answer is larger than {self.policy.body} bytes.")
        response.raw = BytesIO(bytes(body))


class Session(requests.Session):
    """A `requests` session under the policy that also counts its calls.

    Args:
        secrets: strings that must never be shown; `scrub` removes them from text of the network.
    """

    def __init__(
        self, *, rewrites: Mapping[str, str], secrets: tuple[str, ...] = (), policy: Policy | None = None
    ) -> None:
        super().__init__()
        # No proxy, .netrc or CA bundle from the environment decides where a token goes.
        self.trust_env = False
        self.adapters.clear()
        adapter = PolicyAdapter(policy or Policy(), rewrites)
        self.mount("https://", adapter)
        self.mount("http://", adapter)
        self.secrets = tuple(secret for secret in secrets if secret)
        self.calls = 0

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """As `requests`, for 2xx only.

        Raises: `NotSent`, `NoAnswer`, `BadStatus`.
        """
        self.calls += 1
        kwargs["allow_redirects"] = False
        response = super().send(request, **kwargs)
        if not 200 <= response.status_code < 300:
            raise BadStatus(response.status_code, response.headers, response.content)
        return response

    def scrub(self, text: str) -> str:
        """The text without any secret of this session."""
        for secret in self.secrets:
            text = text.replace(secret, "…")
        return text


def require_safe_destination(url: str) -> None:
    """Tokens travel over TLS; plain http is for loopback only.

    Raises: `NotSent`.
    """
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        return
    raise NotSent("Only https addresses are called, except on this machine itself.")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _failure(call: Call, error: Exception) -> HttpFailure:
    if isinstance(error, HttpFailure):
        return error
    reason = "took too long" if call.expired else _reason(error)
    if call.wrote:
        return NoAnswer(f"The network did not answer completely: {reason}.")
    return NotSent(f"The network could not be reached: {reason}.")


def _reason(error: Exception) -> str:
    """What happened, by the kind of error only: its text may hold the URL."""
    if isinstance(error, requests.exceptions.SSLError):
        return "no trusted TLS connection"
    if isinstance(error, requests.exceptions.Timeout | urllib3.exceptions.TimeoutError | TimeoutError):
        return "took too long"
    return "the connection broke"


class _NothingBelowInfo(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.INFO


for _name in LEAKY_LOGGERS:
    logging.getLogger(_name).addFilter(_NothingBelowInfo())
