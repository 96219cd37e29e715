"""Who is calling the Graph API: a page, a person who manages pages, or an app."""

import hashlib
import hmac
import time
from dataclasses import dataclass

from sandbox.graph import errors
from sandbox.model import FACEBOOK, Account, App, Token
from sandbox.world import World


@dataclass(frozen=True, slots=True)
class Caller:
    """`account` is the page of a page token or the person of a user token; none for an app token."""

    kind: str
    app: App
    token: str
    account: Account | None
    pages: tuple[str, ...] = ()

    @property
    def page(self) -> Account:
        """The page that the token acts as. Raises: a permission error for other tokens."""
        if self.kind != "page" or self.account is None:
            raise errors.no_permission("A page access token is required to request this resource.")
        return self.account


def token_in(header: str, fields: dict[str, str]) -> str:
    """The token of the Authorization header, the body or the query."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() in ("bearer", "oauth") and value:
        return value.strip()
    return fields.get("access_token", "")


def identify(world: World, value: str, proof: str) -> Caller:
    """Raises: code 190 for a dead or unknown token, 100 for a wrong proof, 2500 without a token."""
    if not value:
        raise errors.no_token()
    app_id, bar, secret = value.partition("|")
    if bar:
        return _as_app(world, app_id, secret, value)
    token = world.store.tokens.get(value)
    if token is None or token.network != FACEBOOK or token.kind not in ("page", "user"):
        raise errors.bad_token()
    _refuse_dead(token)
    app = world.store.apps[token.app_id]
    _check_proof(world, app, value, proof)
    account = world.store.account(FACEBOOK, token.account_id)
    pages = tuple(filter(None, token.detail.get("pages", "").split(",")))
    return Caller(token.kind, app, value, account, pages)


def _refuse_dead(token: Token) -> None:
    if token.revoked:
        raise errors.revoked()
    if token.expires_s and token.expires_s <= time.time():
        raise errors.expired()


def _as_app(world: World, app_id: str, secret: str, value: str) -> Caller:
    app = world.store.apps.get(app_id)
    if app is None or app.network != FACEBOOK or not hmac.compare_digest(app.secret, secret):
        raise errors.bad_token()
    return Caller("app", app, value, None)


def proof_of(token: str, app_secret: str) -> str:
    """HMAC-SHA256 of the token with the secret.

    Source: developers.facebook.com/docs/graph-api/guides/secure-requests (read 2026-11).
    """
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def _check_proof(world: World, app: App, token: str, proof: str) -> None:
    if not proof:
        if world.settings.require_proof:
            raise errors.proof_required()
        return
    if not hmac.compare_digest(proof.encode(), proof_of(token, app.secret).encode()):
        raise errors.bad_proof()
