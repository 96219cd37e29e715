"""Connecting an X account by OAuth 2 with PKCE, and keeping its token alive.

Source: docs.x.com OAuth 2.0 authorization code flow with PKCE, read 2026-08: a code lives 30 s, an access token
2 h; a refresh token works once and is replaced with each use.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings

from channels import http
from channels.adapters.x import client, failures, parse
from channels.contracts import type_json
from core.errors import ChannelError, PermanentChannelError, TokenDead, TransientChannelError

SCOPES = "tweet.read tweet.write tweet.moderate.write users.read dm.read dm.write like.write media.write offline.access"
TOKEN_URL = f"{client.NEW_ORIGIN}/2/oauth2/token"
# Refreshed this long before the end, so that no call meets a token that dies under way.
MARGIN = timedelta(minutes=10)


def new_verifier() -> str:
    """A PKCE secret, kept in the session until the code comes back."""
    return secrets.token_urlsafe(64)


def authorize_url(*, client_id: str, redirect_uri: str, state: str, verifier: str) -> str:
    """Where to send the browser of the person who connects the account."""
    digest = hashlib.sha256(verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPES,
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{settings.X_AUTH_URL.rstrip('/')}/i/oauth2/authorize?{urlencode(query)}"


def exchange(*, client_id: str, client_secret: str, code: str, redirect_uri: str, verifier: str) -> type_json:
    """Credentials for the code that came back.

    Raises: `PermanentChannelError` (the code is wrong or too old), `TransientChannelError`.
    """
    credentials = {"client_id": client_id, "client_secret": client_secret}
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    return _ask_token(credentials, form, None)


def refresh_due(credentials: type_json, *, now: datetime, policy: http.Policy | None = None) -> type_json | None:
    """New credentials when the old ones end within the margin, else None.

    Raises: `TokenDead` when the refresh token is no longer good, `TransientChannelError`.
    """
    expires_at = credentials.get("expires_at")
    if not credentials.get("refresh_token") or not expires_at:
        return None
    if datetime.fromisoformat(expires_at) - now > MARGIN:
        return None
    form = {"grant_type": "refresh_token", "refresh_token": credentials["refresh_token"]}
    try:
        return _ask_token(credentials, form, policy)
    except PermanentChannelError:
        raise TokenDead("X no longer renews the access of this account: connect it again.") from None


def _ask_token(credentials: type_json, form: dict[str, str], policy: http.Policy | None) -> type_json:
    client_id, secret = credentials["client_id"], credentials.get("client_secret") or ""
    session = client.session({**credentials, **form}, policy)
    try:
        response = session.post(
            TOKEN_URL, data={**form, "client_id": client_id}, auth=(client_id, secret) if secret else None
        )
    except http.HttpFailure as failure:
        raise _meaning(failure, session) from None
    return {**credentials, **_token(response.content)}


def _meaning(failure: http.HttpFailure, session: http.Session) -> ChannelError:
    if isinstance(failure, http.BadStatus) and failure.status in (400, 401, 403):
        problem = failures.read_problem(failure.body)
        reason = session.scrub(str(problem.get("error_description") or problem.get("error") or "no reason given"))
        return PermanentChannelError(f"X refused to connect the account: {reason[:200]}")
    return failures.of_read(failure, now=datetime.now(UTC))


def _token(content: bytes) -> type_json:
    body = parse.load(content)
    access, renewal, seconds = (body.get(key) for key in ("access_token", "refresh_token", "expires_in"))
    if not isinstance(access, str) or not isinstance(seconds, int):
        raise TransientChannelError("X sent an access token that cannot be read.")
    expires_at = datetime.now(UTC) + timedelta(seconds=seconds)
    return {"access_token": access, "refresh_token": renewal, "expires_at": expires_at.isoformat()}
