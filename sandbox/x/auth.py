"""Who is calling: OAuth 1.0a user context (signature really checked), OAuth 2.0 user tokens, app-only bearer tokens."""

import time
from dataclasses import dataclass
from urllib.parse import unquote

from oauthlib.oauth1.rfc5849 import signature
from starlette.requests import Request

from sandbox.model import Account, Token, X
from sandbox.numbers import is_number
from sandbox.world import World
from sandbox.x import problems

OAUTH1 = "oauth1"
OAUTH2 = "oauth2"
BEARER = "bearer"
NAMES = {
    OAUTH1: "OAuth 1.0a User Context",
    OAUTH2: "OAuth 2.0 User Context",
    BEARER: "OAuth 2.0 Application-Only",
}
# Seconds that the timestamp of a signature may be off. Source: docs.x.com authorizing-a-request (5 minutes).
SKEW = 300


@dataclass(frozen=True, slots=True)
class Caller:
    """The account (none for app-only calls), the app and the way of proving it."""

    kind: str
    app_id: str
    account: Account | None
    scopes: tuple[str, ...] = ()

    @property
    def who(self) -> str:
        """The name under which limits are counted."""
        return f"user:{self.account.id}" if self.account else f"app:{self.app_id}"

    @property
    def me(self) -> Account:
        """The account. Raises: a 403 when an app calls for itself."""
        if self.account is None:
            raise problems.wrong_auth(NAMES[BEARER], [NAMES[OAUTH1], NAMES[OAUTH2]])
        return self.account


def identify(world: World, request: Request, form: bytes) -> Caller:
    """Raises: 401 when the proof is missing, wrong, expired or revoked."""
    header = request.headers.get("authorization", "")
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return _by_token(world, unquote(rest.strip()))
    if scheme.lower() == "oauth":
        return _by_signature(world, request, header, form)
    raise problems.unauthorized()


def _by_token(world: World, value: str) -> Caller:
    token = world.store.tokens.get(value)
    if token is None or token.network != X or token.kind not in (OAUTH2, BEARER) or not is_alive(token):
        raise problems.unauthorized()
    account = world.store.account(X, token.account_id) if token.account_id else None
    return Caller(token.kind, token.app_id, account, tuple(token.scopes))


def is_alive(token: Token) -> bool:
    return not token.revoked and (not token.expires_s or token.expires_s > time.time())


def _by_signature(world: World, request: Request, header: str, form: bytes) -> Caller:
    signed = _Signed.read(request, header, form)
    oauth = dict(signed.params)
    token = world.store.tokens.get(oauth.get("oauth_token", ""))
    if token is None or token.kind != OAUTH1 or not is_alive(token):
        raise problems.unauthorized()
    app = world.store.apps[token.app_id]
    stamp = oauth.get("oauth_timestamp", "")
    fresh = is_number(stamp) and abs(time.time() - int(stamp)) <= SKEW
    if not fresh or oauth.get("oauth_consumer_key") != app.key or not signed.is_right(app.secret, token.secret):
        raise problems.unauthorized()
    return Caller(OAUTH1, token.app_id, world.store.account(X, token.account_id))


@dataclass(slots=True)
class _Signed:
    """A signed call in the form that oauthlib's checks read."""

    http_method: str
    uri: str
    params: list[tuple[str, str]]
    signature: str

    @classmethod
    def read(cls, request: Request, header: str, form: bytes) -> "_Signed":
        """Raises: 401 when the header or the form cannot be read."""
        try:
            fields = signature.collect_parameters(
                uri_query=request.url.query,
                body=form.decode("utf-8", "replace"),
                headers={"Authorization": header},
                exclude_oauth_signature=False,
            )
        except ValueError as error:
            raise problems.unauthorized() from error
        given = next((value for name, value in fields if name == "oauth_signature"), "")
        rest = [(name, value) for name, value in fields if name != "oauth_signature"]
        return cls(request.method, _signed_address(request), rest, given)

    def is_right(self, app_secret: str, token_secret: str) -> bool:
        """Whether the signature is that of the secrets, for the address that the client believes to call."""
        if dict(self.params).get("oauth_signature_method") != "HMAC-SHA1":
            return False
        return bool(signature.verify_hmac_sha1(self, app_secret, token_secret))


def _signed_address(request: Request) -> str:
    """Clients sign https of the real network; those who call the sandbox by its own name sign http."""
    host = request.headers.get("host", "")
    name = host.partition(":")[0]
    scheme = "http" if name in ("127.0.0.1", "localhost") else "https"
    return f"{scheme}://{host}{request.scope['path']}"
