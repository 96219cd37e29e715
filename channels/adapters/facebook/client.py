"""The only place where facebook-sdk's client is made: today's Graph version, safe tokens, typed errors.

facebook-sdk 3.1.0 builds the paths; it knows no version above 3.1, no time-out and no usage header, and it would
put the token into the URL, from where it gets into logs and exceptions. `request` is therefore ours.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import facebook
from django.conf import settings

from channels import http
from channels.adapters.facebook import failures, parse
from channels.contracts import RateWindow, type_json
from core.errors import ChannelError, OutcomeUnknown, TransientChannelError

# Source: developers.facebook.com/docs/graph-api/changelog/versions, read 2026-09: v26.0 is of July 2026; a version
# works for two years at least. Calls to an expired one silently go to the oldest that is usable.
VERSION = "v26.0"
VERSION_EXPIRES = date(2028, 7, 1)

ORIGIN = facebook.FACEBOOK_GRAPH_URL.rstrip("/")
SECRET_KEYS = ("page_access_token", "user_access_token", "app_secret")
USAGE_HEADERS = {"x-app-usage": "app", "x-page-usage": "page", "x-business-use-case-usage": "pages"}


class Graph(facebook.GraphAPI):
    """Graph for one token.

    Args:
        token: a page's or a person's access token, or "" for calls as the app.
        app_secret: for `appsecret_proof`, sent with every call where it is known.
    """

    def __init__(self, token: str, app_secret: str = "", *, policy: http.Policy | None = None) -> None:
        super().__init__(access_token=token, session=session((token, app_secret), policy))
        self.version = VERSION
        self._proof = _proof(token, app_secret) if token and app_secret else ""
        self.windows: list[RateWindow] = []

    def request(
        self,
        path: str,
        args: type_json | None = None,
        post_args: type_json | None = None,
        files: Any = None,
        method: str | None = None,
    ) -> dict[str, Any]:
        """The answer of one call; the token travels in the Authorization header only.

        Raises: the named errors of `failures`.
        """
        verb = "POST" if post_args is not None else method or "GET"
        writing = verb == "POST"
        extra = {"appsecret_proof": self._proof} if self._proof else {}
        try:
            response = self.session.request(
                verb,
                f"{ORIGIN}/{path}",
                params={**(args or {}), **({} if writing else extra)},
                data={**(post_args or {}), **extra} if writing else None,
                files=files,
                headers={"Authorization": f"Bearer {self.access_token}"} if self.access_token else {},
            )
        except http.HttpFailure as failure:
            if isinstance(failure, http.BadStatus):
                self._remember(failure.headers)
            raise self._safe(failures.of_http(failure, writing=writing, now=datetime.now(UTC))) from None
        self._remember(response.headers)
        return self._body(response.content, response.headers, writing=writing)

    def read(self, call: Callable[..., Any], *args: Any, **params: Any) -> Any:
        """A call that changes nothing or may be repeated: an unknown outcome is only a passing failure.

        Raises: the named errors of `failures`, never `OutcomeUnknown`.
        """
        try:
            return call(*args, **params)
        except OutcomeUnknown as error:
            raise TransientChannelError(error.message) from None

    def drain_windows(self) -> tuple[RateWindow, ...]:
        """The usage seen since the last time, the newest of each kind."""
        seen, self.windows = {window.endpoint: window for window in self.windows}, []
        return tuple(seen.values())

    def drain_calls(self) -> int:
        """The number of calls made since the last time."""
        calls, self.session.calls = self.session.calls, 0
        return int(calls)

    def _body(self, content: bytes, headers: Mapping[str, str], *, writing: bool) -> dict[str, Any]:
        try:
            body = parse.load(content)
        except TransientChannelError:
            if writing:
                raise OutcomeUnknown("Facebook's answer cannot be read; it may have been posted.") from None
            raise
        if error := failures.read_error(body):
            raise self._safe(failures.of_graph(error, headers, writing=writing, now=datetime.now(UTC)))
        return body

    def _safe(self, error: ChannelError) -> ChannelError:
        """The error without a token: Graph likes to repeat those that it cannot parse."""
        error.message = self.session.scrub(error.message)
        error.args = (error.message,)
        return error

    def _remember(self, headers: Mapping[str, str]) -> None:
        for name, endpoint in USAGE_HEADERS.items():
            if window := usage(endpoint, failures.json_header(headers, name)):
                self.windows.append(window)


def session(secrets: tuple[str, ...], policy: http.Policy | None = None) -> http.Session:
    """A session that goes to FACEBOOK_GRAPH_URL where that is not Facebook itself."""
    base = settings.FACEBOOK_GRAPH_URL.rstrip("/")
    return http.Session(rewrites={} if base in ("", ORIGIN) else {ORIGIN: base}, secrets=secrets, policy=policy)


def usage(endpoint: str, found: Mapping[str, Any]) -> RateWindow | None:
    """The highest share in per cent of one usage header, None where it says nothing."""
    rows = [found, *(each for value in found.values() if isinstance(value, list) for each in value)]
    names = ("call_count", "total_cputime", "total_time")
    shares = [row[name] for row in rows if isinstance(row, dict) for name in names if type(row.get(name)) is int]
    return RateWindow(endpoint=endpoint, used_percent=max(shares)) if shares else None


def _proof(token: str, app_secret: str) -> str:
    """Source: developers.facebook.com/docs/graph-api/guides/secure-requests, read 2026-09."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
