"""Making people and brands, handing out and killing credentials."""

import secrets
import time
from typing import Any

from sandbox.control import checks
from sandbox.http import Refusal
from sandbox.model import FACEBOOK, Account, App, Token, X
from sandbox.numbers import is_number
from sandbox.world import World
from sandbox.writing import new_key

FIELDS = {
    "network",
    "id",
    "handle",
    "name",
    "followers",
    "following",
    "verified",
    "bio",
    "brand",
    "protected",
    "avatar",
    "location",
    "created_at",
    "shows_name",
    "receives_messages",
    "redirect_uris",
}
X_SCOPES = (
    "tweet.read tweet.write tweet.moderate.write users.read dm.read dm.write like.read like.write media.write"
    " offline.access"
)
PAGE_SCOPES = (
    "pages_show_list pages_read_engagement pages_read_user_content pages_manage_posts pages_manage_engagement"
    " pages_messaging"
)


def merge_account(world: World, network: str, given: dict[str, Any], where: str) -> Account:
    """The account that is meant: found by id, else by handle, else made; given fields are taken over.

    Raises: Wrong (422) naming the field.
    """
    account_id = checks.text(given, "id", where, "")
    handle = checks.text(given, "handle", where, "").removeprefix("@")
    if not account_id and not handle:
        raise checks.Wrong(f"{where}handle", "is required")
    if network == X and account_id and not is_number(account_id):
        raise checks.Wrong(f"{where}id", "must be a number of at most 19 digits")
    store = world.store
    account = store.account(network, account_id) if account_id else store.account_by_handle(network, handle)
    if account is None:
        _refuse_taken(world, network, handle or account_id, where)
        made = checks.moment(given, "created_at", where)
        account_id = account_id or str(new_key(world, world.clock.now_ms()))
        name = handle or account_id
        account = Account(account_id, network, name, name, created_ms=made or world.clock.now_ms())
    elif handle and handle.lower() != account.handle.lower():
        _refuse_taken(world, network, handle, where)
        store.rename(account, handle)
    _take_over(account, given, where)
    return store.put_account(account)


def _refuse_taken(world: World, network: str, handle: str, where: str) -> None:
    if world.store.account_by_handle(network, handle) is not None:
        raise checks.Wrong(f"{where}handle", f"{handle} belongs to another id")


def _take_over(account: Account, given: dict[str, Any], where: str) -> None:
    for name in ("name", "bio", "avatar", "location"):
        setattr(account, name, checks.text(given, name, where, getattr(account, name)))
    for name in ("followers", "following"):
        setattr(account, name, checks.number(given, name, where, getattr(account, name)))
    for name in ("verified", "protected", "brand", "shows_name", "receives_messages"):
        setattr(account, name, checks.flag(given, name, where, getattr(account, name)))


def create_account(world: World, given: dict[str, Any]) -> dict:
    checks.only(given, "", FIELDS)
    network = checks.network(given, "")
    account = merge_account(world, network, given, "")
    if account.brand and not account.app_id:
        equip(world, account, given.get("redirect_uris", []))
    return describe(world, account)


def equip(world: World, account: Account, redirect_uris: list[str] | None = None) -> None:
    """Give a brand its app and a first set of tokens."""
    number = str(new_key(world, world.clock.now_ms()))
    app = App(
        id=number if account.network == FACEBOOK else number[:8] + secrets.token_hex(2),
        network=account.network,
        name=f"{account.name} app",
        key=secrets.token_urlsafe(18) if account.network == X else number,
        secret=secrets.token_hex(25) if account.network == X else secrets.token_hex(16),
        client_id=secrets.token_urlsafe(25) if account.network == X else number,
        client_secret=secrets.token_urlsafe(37),
        redirect_uris=list(redirect_uris or []),
    )
    world.store.put_app(app)
    account.app_id = app.id
    world.store.put_account(account)
    if account.network == X:
        grant_x(world, app, account)
    else:
        grant_page(world, app, account)


def grant_x(world: World, app: App, account: Account) -> None:
    """A pair of keys, an app-only token, and an access token with its refresh token."""
    chain = secrets.token_hex(8)
    _issue(world, app, "oauth1", f"{account.id}-{secrets.token_urlsafe(30)}", account, secret=secrets.token_hex(22))
    _issue(world, app, "bearer", f"AAAAAAAAAAAAAAAAAAAAA{secrets.token_urlsafe(60)}")
    for kind in ("oauth2", "refresh"):
        value = secrets.token_urlsafe(68)
        _issue(world, app, kind, value, account, scopes=X_SCOPES.split(), chain=chain)


def _issue(world: World, app: App, kind: str, value: str, account: Account | None = None, **more: Any) -> Token:
    holder = account.id if account else ""
    token = Token(value, kind, app.network, app.id, account_id=holder, issued_s=int(time.time()), **more)
    return world.store.put_token(token)


def grant_page(world: World, app: App, page: Account) -> Token:
    """A page token that does not expire, as one made from a long-lived user token."""
    return _issue(world, app, "page", f"EAA{secrets.token_urlsafe(120)}", page, scopes=PAGE_SCOPES.split())


def describe(world: World, account: Account) -> dict:
    """An account as control shows it; a brand with its working credentials."""
    names = "id network handle name bio followers following verified brand protected shows_name receives_messages"
    body: dict = {name: getattr(account, name) for name in names.split()}
    if account.brand and account.app_id:
        body["credentials"] = credentials(world, account)
    return body


def credentials(world: World, account: Account) -> dict[str, str]:
    """The newest living token of each kind."""
    app = world.store.apps[account.app_id]
    newest = {
        token.kind: token
        for token in world.store.tokens.values()
        if token.app_id == app.id and not token.revoked and token.account_id in ("", account.id)
    }
    if account.network == FACEBOOK:
        page = newest.get("page")
        return {
            "app_id": app.id,
            "app_secret": app.secret,
            "page_id": account.id,
            "page_access_token": page.value if page else "",
        }
    values = {kind: token.value for kind, token in newest.items()}
    return {
        "consumer_key": app.key,
        "consumer_secret": app.secret,
        "access_token": values.get("oauth1", ""),
        "access_token_secret": newest["oauth1"].secret if "oauth1" in newest else "",
        "bearer_token": values.get("bearer", ""),
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "oauth2_access_token": values.get("oauth2", ""),
        "oauth2_refresh_token": values.get("refresh", ""),
    }


def list_accounts(world: World, query: dict[str, str]) -> dict:
    found = [
        account
        for account in world.store.accounts.values()
        if query.get("network") in (None, account.network)
        and (query.get("brand") not in ("1", "true") or account.brand)
    ]
    return {"accounts": [describe(world, account) for account in found]}


def named_account(world: World, given: dict[str, Any]) -> Account:
    """Raises: Wrong (422) without a name, 404 when nobody has it. `network` may be left out where the name is clear."""
    name = checks.text(given, "account", "")
    networks = [checks.network(given, "")] if given.get("network") else [X, FACEBOOK]
    found = [account for n in networks if (account := world.store.find_account(n, name))]
    brands = [account for account in found if account.brand] or found
    if not brands:
        raise Refusal(404, {"code": "not_found", "message": f"account: nobody is called {name}"})
    return brands[0]


def revoke(world: World, given: dict[str, Any]) -> dict:
    """Kill every token of an account: 401 on X, code 190 on Facebook."""
    checks.only(given, "", {"account", "network"})
    account = named_account(world, given)
    tokens = [t for t in world.store.tokens.values() if t.account_id == account.id and not t.revoked]
    for token in tokens:
        token.revoked = True
        world.store.put_token(token)
    return {"revoked": len(tokens)}


def expire(world: World, given: dict[str, Any]) -> dict:
    """Let the access tokens of an account run out; refresh tokens live on."""
    checks.only(given, "", {"account", "network"})
    account = named_account(world, given)
    tokens = [
        t
        for t in world.store.tokens.values()
        if t.account_id == account.id and t.kind in ("oauth2", "page", "user") and not t.revoked
    ]
    for token in tokens:
        token.expires_s = int(time.time()) - 1
        world.store.put_token(token)
    return {"expired": len(tokens)}


def reissue(world: World, given: dict[str, Any]) -> dict:
    """Hand out a new set of tokens, as the owner of a brand does after a revocation."""
    checks.only(given, "", {"account", "network"})
    account = named_account(world, given)
    if not account.app_id:
        raise checks.Wrong("account", "is not a brand")
    app = world.store.apps[account.app_id]
    if account.network == X:
        grant_x(world, app, account)
    else:
        grant_page(world, app, account)
    return describe(world, account)
