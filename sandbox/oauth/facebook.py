"""Facebook: the login dialog, codes for tokens, long-lived tokens, debug_token.

Source: developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow and guides/access-tokens/get-long-lived
(read 2026-11).
"""

import hmac
import secrets
import time

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.graph import errors
from sandbox.graph.ask import read_arguments
from sandbox.graph.auth import identify, token_in
from sandbox.html import page
from sandbox.http import Refusal, bound, json_answer, read_form
from sandbox.model import FACEBOOK, Account, App, Token
from sandbox.oauth.codes import app_of, back_to, is_allowed, make_code, spend
from sandbox.wire import CALL
from sandbox.world import World
from sandbox.writing import new_key

CODE_SECONDS = 600
# Short-lived tokens live about an hour or two, long-lived ones about 60 days.
SHORT, LONG = 5400, 60 * 86_400
WANTED = ("client_id", "redirect_uri", "scope", "state", "response_type")


async def dialog(world: World, request: Request) -> Response:
    """The page on which a person chooses pages and allows the app or not."""
    asked = {name: request.query_params.get(name, "") for name in WANTED}
    app = app_of(world, FACEBOOK, asked["client_id"])
    problem = _what_is_wrong(app, asked)
    if app is None or problem:
        return page("refused.html", status=400, network="Facebook", problem=problem)
    return page(
        "authorize_facebook.html",
        form_to=asked["redirect_uri"],
        app=app,
        asked=asked,
        scopes=_scopes(asked),
        accounts=world.store.brands(FACEBOOK),
    )


def _scopes(asked: dict[str, str]) -> list[str]:
    return asked["scope"].replace(",", " ").split()


def _what_is_wrong(app: App | None, asked: dict[str, str]) -> str:
    if app is None:
        return "There is no app with this client_id."
    if not is_allowed(app, asked["redirect_uri"]):
        return "The redirect_uri is not one that the app has registered."
    if asked["response_type"] not in ("", "code"):
        return "The response_type must be code."
    return ""


async def decide(world: World, request: Request) -> Response:
    """What the person chose."""
    form = await read_form(request)
    asked = {name: dict(form).get(name, "") for name in WANTED}
    app = app_of(world, FACEBOOK, asked["client_id"])
    problem = _what_is_wrong(app, asked)
    if app is None or problem:
        return page("refused.html", status=400, network="Facebook", problem=problem)
    chosen = [value for name, value in form if name == "page" and world.store.account(FACEBOOK, value)]
    if dict(form).get("decision") != "allow" or not chosen:
        values = {
            "error": "access_denied",
            "error_code": "200",
            "error_description": "Permissions error",
            "error_reason": "user_denied",
            "state": asked["state"],
        }
        return RedirectResponse(back_to(asked["redirect_uri"], **values), 303)
    manager = _manager(world, app)
    code = make_code(
        world,
        app,
        manager.id,
        CODE_SECONDS,
        _scopes(asked),
        redirect_uri=asked["redirect_uri"],
        pages=",".join(chosen),
    )
    return RedirectResponse(back_to(asked["redirect_uri"], code=code, state=asked["state"]), 303)


def _manager(world: World, app: App) -> Account:
    """The person behind a user token: whoever manages the pages of this app."""
    handle = f"manager.{app.id}"
    known = world.store.account_by_handle(FACEBOOK, handle)
    if known is not None:
        return known
    number = str(new_key(world, world.clock.now_ms()))
    return world.store.put_account(Account(number, FACEBOOK, handle, "Page Manager"))


async def access_token(world: World, request: Request) -> Response:
    """/graph/oauth/access_token: code → short-lived, short-lived → long-lived, or the app's own token."""
    request.scope[CALL].template = "/graph/oauth/access_token"
    try:
        arguments, _ = await read_arguments(request)
        app = _app(world, arguments)
        kind = arguments.get("grant_type", "")
        if kind == "client_credentials":
            return json_answer({"access_token": f"{app.id}|{app.secret}", "token_type": "bearer"})
        make = _long_lived if kind == "fb_exchange_token" else _from_code
        body = make(world, app, arguments)
    except Refusal as refusal:
        return json_answer(refusal.body, refusal.status, refusal.headers)
    return json_answer(body)


def _app(world: World, arguments: dict[str, str]) -> App:
    app = app_of(world, FACEBOOK, arguments.get("client_id", ""))
    if app is None:
        raise errors.graph_error(101, "Error validating application. Cannot get application info.")
    if not hmac.compare_digest(app.secret.encode(), arguments.get("client_secret", "").encode()):
        raise errors.graph_error(1, "Error validating client secret.")
    return app


def _from_code(world: World, app: App, arguments: dict[str, str]) -> dict:
    code = world.store.tokens.get(arguments.get("code", ""))
    if code is None or code.kind != "code" or code.app_id != app.id:
        raise errors.graph_error(100, "Invalid verification code format.", subcode=36009)
    if code.revoked:
        raise errors.graph_error(100, "This authorization code has been used.", subcode=36009)
    if code.expires_s <= time.time():
        raise errors.graph_error(100, "This authorization code has expired.", subcode=36007)
    if arguments.get("redirect_uri") != code.detail["redirect_uri"]:
        message = (
            "Error validating verification code. Please make sure your redirect_uri is identical to the one you used "
            "in the OAuth dialog request"
        )
        raise errors.graph_error(100, message, subcode=36008)
    spend(world, code)
    return _user_token(world, app, code, SHORT)


def _long_lived(world: World, app: App, arguments: dict[str, str]) -> dict:
    value = arguments.get("fb_exchange_token", "")
    caller = identify(world, value, "")
    if caller.app.id != app.id or caller.kind != "user":
        raise errors.bad_token()
    return _user_token(world, app, world.store.tokens[value], LONG, long_lived="1")


def _user_token(world: World, app: App, source: Token, seconds: int, **detail: str) -> dict:
    now = int(time.time())
    token = Token(
        f"EAA{secrets.token_urlsafe(120)}",
        "user",
        FACEBOOK,
        app.id,
        account_id=source.account_id,
        scopes=source.scopes,
        issued_s=now,
        expires_s=now + seconds,
        detail={"pages": source.detail.get("pages", ""), **detail},
    )
    world.store.put_token(token)
    return {"access_token": token.value, "token_type": "bearer", "expires_in": seconds}


async def debug_token(world: World, request: Request) -> Response:
    """/graph/debug_token: what a token is, asked by its app or by itself."""
    request.scope[CALL].template = "/graph/debug_token"
    try:
        arguments, _ = await read_arguments(request)
        asker = identify(world, token_in(request.headers.get("authorization", ""), arguments), "")
    except Refusal as refusal:
        return json_answer(refusal.body, refusal.status, refusal.headers)
    token = world.store.tokens.get(arguments.get("input_token", ""))
    if token is None or token.app_id != asker.app.id or token.kind not in ("user", "page"):
        problem = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
        return json_answer({"data": {"error": problem, "is_valid": False, "scopes": []}})
    return json_answer({"data": _described(token, asker.app)})


def _described(token: Token, app: App) -> dict:
    dead = token.revoked or bool(token.expires_s and token.expires_s <= time.time())
    pages = token.account_id if token.kind == "page" else token.detail.get("pages", "")
    targets = [page_id for page_id in pages.split(",") if page_id]
    body: dict = {
        "app_id": app.id,
        "type": token.kind.upper(),
        "application": app.name,
        "data_access_expires_at": token.issued_s + 90 * 86_400,
        "expires_at": token.expires_s,
        "is_valid": not dead,
        "issued_at": token.issued_s,
        "scopes": token.scopes,
        "granular_scopes": [{"scope": scope, "target_ids": targets} for scope in token.scopes],
        "user_id": token.account_id,
    }
    if token.kind == "page":
        body["profile_id"] = token.account_id
    if dead:
        subcode = 460 if token.revoked else 463
        body["error"] = {"code": 190, "message": "Error validating access token.", "subcode": subcode}
    return body


def routes(world: World) -> list[Route]:
    """Before the rest of the Graph API; dialog with and without a version."""
    table = [
        ("GET", "/dialog/oauth", dialog),
        ("POST", "/dialog/oauth", decide),
        ("GET", "/{version}/dialog/oauth", dialog),
        ("POST", "/{version}/dialog/oauth", decide),
    ]
    for prefix in ("/graph", "/graph/{version}"):
        table += [
            ("GET", f"{prefix}/oauth/access_token", access_token),
            ("POST", f"{prefix}/oauth/access_token", access_token),
            ("GET", f"{prefix}/debug_token", debug_token),
            # Graph takes a read as a POST with method=GET, so that a token need not stand in a URL.
            ("POST", f"{prefix}/debug_token", debug_token),
        ]
    return [bound(world, method, path, work) for method, path, work in table]
