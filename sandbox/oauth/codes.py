"""Authorization codes and what both networks check alike."""

import secrets
import time
from urllib.parse import urlencode, urlsplit, urlunsplit

from sandbox.model import App, Token
from sandbox.world import World

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def app_of(world: World, network: str, client_id: str) -> App | None:
    return next(
        (app for app in world.store.apps.values() if app.network == network and client_id == app.client_id), None
    )


def is_allowed(app: App, redirect_uri: str) -> bool:
    """A registered address, or any http(s) one where the app has registered none."""
    parts = urlsplit(redirect_uri)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment:
        return False
    return redirect_uri in app.redirect_uris if app.redirect_uris else True


def back_to(redirect_uri: str, **values: str) -> str:
    """The client's address with the values added to its query."""
    parts = urlsplit(redirect_uri)
    query = "&".join(filter(None, [parts.query, urlencode(values)]))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def make_code(world: World, app: App, account_id: str, seconds: int, scopes: list[str], **detail: str) -> str:
    token = Token(
        secrets.token_urlsafe(48),
        "code",
        app.network,
        app.id,
        account_id=account_id,
        scopes=scopes,
        issued_s=int(time.time()),
        expires_s=int(time.time()) + seconds,
        detail=detail,
    )
    return world.store.put_token(token).value


def spend(world: World, token: Token) -> None:
    """A code or a refresh token works once."""
    token.revoked = True
    world.store.put_token(token)
