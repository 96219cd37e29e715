"""The only place where a tweepy client is made, and what every call through it does.

tweepy builds, signs and sends the request; its models are never built: the answer's bytes go to `parse`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import requests
import tweepy
from django.conf import settings

from channels import http
from channels.adapters.x import failures
from channels.contracts import RateWindow, type_json
from core.errors import ChannelError

# tweepy 4.17.0 signs for this host; X answers on both names.
ORIGIN = "https://api.twitter.com"
NEW_ORIGIN = "https://api.x.com"
REAL_BASES = {"", NEW_ORIGIN, ORIGIN}
RATE_HEADERS = ("limit", "remaining", "reset")
SECRET_KEYS = ("consumer_secret", "access_token", "access_token_secret", "client_secret", "refresh_token")


class Client(tweepy.Client):
    """tweepy's client for one account, under our HTTP policy.

    Args:
        credentials: {consumer_key, consumer_secret, access_token, access_token_secret} (OAuth 1.0a) or
            {access_token, …} (OAuth 2 user token), and optionally bearer_token (the app's own).
    """

    def __init__(self, credentials: type_json, *, policy: http.Policy | None = None) -> None:
        self.signs = bool(credentials.get("access_token_secret"))
        super().__init__(
            bearer_token=credentials.get("bearer_token") if self.signs else credentials.get("access_token"),
            consumer_key=credentials.get("consumer_key"),
            consumer_secret=credentials.get("consumer_secret"),
            access_token=credentials.get("access_token") if self.signs else None,
            access_token_secret=credentials.get("access_token_secret"),
            return_type=requests.Response,
            wait_on_rate_limit=False,
        )
        self.session = session(credentials, policy)
        self.windows: list[RateWindow] = []

    def read(self, endpoint: str, call: Callable[..., requests.Response], *args: Any, **params: Any) -> bytes:
        """The body of one read as the account.

        Raises: the named errors of `failures.of_read`.
        """
        return self._ask(endpoint, failures.of_read, call, *args, user_auth=self.signs, **params)

    def write(self, endpoint: str, call: Callable[..., requests.Response], *args: Any, **params: Any) -> bytes:
        """The body of one post.

        Raises: the named errors of `failures.of_write`.
        """
        return self._ask(endpoint, failures.of_write, call, *args, user_auth=self.signs, **params)

    def drain_windows(self) -> tuple[RateWindow, ...]:
        """The rate windows seen since the last time."""
        seen, self.windows = tuple(self.windows), []
        return seen

    def drain_calls(self) -> int:
        """The number of calls made since the last time."""
        calls, self.session.calls = self.session.calls, 0
        return calls

    def _ask(
        self,
        endpoint: str,
        meaning: Callable[..., ChannelError],
        call: Callable[..., Any],
        *args: Any,
        **params: Any,
    ) -> bytes:
        try:
            response = call(*args, **params)
        except http.HttpFailure as failure:
            error = meaning(failure, now=datetime.now(UTC))
            error.message = self.session.scrub(error.message)
            error.args = (error.message,)
            if isinstance(failure, http.BadStatus):
                self._remember(endpoint, failure.headers)
            raise error from None
        self._remember(endpoint, response.headers)
        return bytes(response.content)

    def _remember(self, endpoint: str, headers: Any) -> None:
        if window := rate_window(endpoint, headers):
            self.windows.append(window)


def session(credentials: type_json, policy: http.Policy | None = None) -> http.Session:
    """A session that knows this account's secrets and goes to X_API_URL where that is not X itself."""
    base = settings.X_API_URL.rstrip("/")
    secrets = tuple(str(credentials[key]) for key in (*SECRET_KEYS, "bearer_token") if credentials.get(key))
    rewrites = {} if base in REAL_BASES else {ORIGIN: base, NEW_ORIGIN: base}
    return http.Session(rewrites=rewrites, secrets=secrets, policy=policy)


def rate_window(endpoint: str, headers: Any) -> RateWindow | None:
    """What X's x-rate-limit-* headers say, None where they are missing or no numbers."""
    try:
        limit, remaining, reset = (int(headers[f"x-rate-limit-{name}"]) for name in RATE_HEADERS)
        reset_at = datetime.fromtimestamp(reset, tz=UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None
    return RateWindow(endpoint=endpoint, limit=limit, remaining=remaining, reset_at=reset_at)
