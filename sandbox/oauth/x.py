"""X: the authorize page (PKCE with S256), the token endpoint with rotating refresh tokens, revocation.

Source: docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code (read 2026-11): a code lives 30 seconds, an
access token 2 hours; a refresh token comes with the scope offline.access.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.html import page
from sandbox.http import Refusal, bound, json_answer, read_form
from sandbox.model import App, Token, X
from sandbox.oauth.codes import app_of, back_to, is_allowed, make_code, spend
from sandbox.wire import CALL
from sandbox.world import World

CODE_SECONDS = 30
WANTED = ("response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method")


def error(status: int, name: str, description: str) -> Refusal:
    return Refusal(status, {"error": name, "error_description": description})


async def authorize(world: World, request: Request) -> Response:
    """The page on which a person chooses an account and allows the app or not."""
    asked = {name: request.query_params.get(name, "") for name in WANTED}
    app = app_of(world, X, asked["client_id"])
    problem = _what_is_wrong(app, asked)
    if app is None or problem:
        return page("refused.html", status=400, network="X", problem=problem or "There is no such app.")
    return page(
        "authorize_x.html",
        form_to=asked["redirect_uri"],
        app=app,
        asked=asked,
        scopes=asked["scope"].split(),
        accounts=world.store.brands(X),
    )


def _what_is_wrong(app: App | None, asked: dict[str, str]) -> str:
    if app is None:
        return "There is no app with this client_id."
    if not is_allowed(app, asked["redirect_uri"]):
        return "The redirect_uri is not one that the app has registered."
    if asked["response_type"] != "code":
        return "The response_type must be code."
    if not asked["state"] or not asked["scope"]:
        return "The parameters state and scope are required."
    if asked["code_challenge_method"] != "S256" or not asked["code_challenge"]:
        return "A code_challenge made by S256 is required."
    return ""


async def decide(world: World, request: Request) -> Response:
    """What the person chose."""
    form = dict(await read_form(request))
    asked = {name: form.get(name, "") for name in WANTED}
    app = app_of(world, X, asked["client_id"])
    problem = _what_is_wrong(app, asked)
    if app is None or problem:
        return page("refused.html", status=400, network="X", problem=problem)
    account = world.store.account(X, form.get("account", ""))
    if form.get("decision") != "allow" or account is None:
        return _leave(back_to(asked["redirect_uri"], error="access_denied", state=asked["state"]))
    code = make_code(
        world,
        app,
        account.id,
        CODE_SECONDS,
        asked["scope"].split(),
        redirect_uri=asked["redirect_uri"],
        challenge=asked["code_challenge"],
    )
    return _leave(back_to(asked["redirect_uri"], state=asked["state"], code=code))


def _leave(address: str) -> Response:
    return RedirectResponse(address, 303, {"cache-control": "no-store"})


async def token(world: World, request: Request) -> Response:
    """POST /2/oauth2/token."""
    request.scope[CALL].template = "/2/oauth2/token"
    try:
        form = dict(await read_form(request))
        app = _client(world, request, form)
        kind = form.get("grant_type")
        if kind == "authorization_code":
            body = _by_code(world, app, form)
        elif kind == "refresh_token":
            body = _by_refresh(world, app, form)
        else:
            raise error(400, "unsupported_grant_type", "Missing or unknown grant_type.")
    except Refusal as refusal:
        return json_answer(refusal.body, refusal.status)
    return json_answer(body)


def _client(world: World, request: Request, form: dict[str, str]) -> App:
    """The app, proven by HTTP Basic; a public client names itself in the body. Raises: 401."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        app = app_of(world, X, form.get("client_id", ""))
        if app is None:
            raise error(401, "unauthorized_client", "Missing valid authorization header")
        return app
    try:
        client_id, _, secret = base64.b64decode(value).decode().partition(":")
    except (ValueError, binascii.Error) as problem:
        raise error(401, "unauthorized_client", "Missing valid authorization header") from problem
    app = app_of(world, X, unquote(client_id))
    if app is None or not hmac.compare_digest(app.client_secret.encode(), unquote(secret).encode()):
        raise error(401, "unauthorized_client", "Missing valid authorization header")
    return app


def _by_code(world: World, app: App, form: dict[str, str]) -> dict:
    code = world.store.tokens.get(form.get("code", ""))
    good = code is not None and code.kind == "code" and code.app_id == app.id and not code.revoked
    if code is None or not good or code.expires_s <= time.time():
        raise error(400, "invalid_request", "Value passed for the authorization code was invalid.")
    spend(world, code)
    if form.get("redirect_uri") != code.detail["redirect_uri"]:
        raise error(400, "invalid_request", "Value passed for the redirect uri did not match the uri of the code.")
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    if not hmac.compare_digest(challenge, code.detail["challenge"].rstrip("=")):
        raise error(400, "invalid_request", "Value passed for the code verifier did not match the code challenge.")
    return _grant(world, app, code.account_id, code.scopes, secrets.token_hex(8))


def _by_refresh(world: World, app: App, form: dict[str, str]) -> dict:
    old = world.store.tokens.get(form.get("refresh_token", ""))
    if old is None or old.kind != "refresh" or old.app_id != app.id or old.revoked:
        raise error(400, "invalid_request", "Value passed for the token was invalid.")
    spend(world, old)
    return _grant(world, app, old.account_id, old.scopes, old.chain)


def _grant(world: World, app: App, account_id: str, scopes: list[str], chain: str) -> dict:
    now, seconds = int(time.time()), world.settings.token_seconds
    access = Token(secrets.token_urlsafe(68), "oauth2", X, app.id, account_id, scopes=scopes, issued_s=now, chain=chain)
    access.expires_s = now + seconds
    world.store.put_token(access)
    body = {
        "token_type": "bearer",
        "expires_in": seconds,
        "access_token": access.value,
        "scope": " ".join(scopes),
    }
    if "offline.access" in scopes:
        fresh = Token(
            secrets.token_urlsafe(68), "refresh", X, app.id, account_id, scopes=scopes, issued_s=now, chain=chain
        )
        body["refresh_token"] = world.store.put_token(fresh).value
    return body


async def revoke(world: World, request: Request) -> Response:
    """POST /2/oauth2/revoke."""
    request.scope[CALL].template = "/2/oauth2/revoke"
    try:
        form = dict(await read_form(request))
        app = _client(world, request, form)
    except Refusal as refusal:
        return json_answer(refusal.body, refusal.status)
    found = world.store.tokens.get(form.get("token", ""))
    if found is not None and found.app_id == app.id:
        spend(world, found)
    return json_answer({"revoked": True})


def routes(world: World) -> list[Route]:
    table = (
        ("GET", "/i/oauth2/authorize", authorize),
        ("POST", "/i/oauth2/authorize", decide),
        ("POST", "/2/oauth2/token", token),
        ("POST", "/2/oauth2/revoke", revoke),
    )
    return [bound(world, method, path, work) for method, path, work in table]
