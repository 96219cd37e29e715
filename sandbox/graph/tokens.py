"""Page tokens made from a person's token."""

import secrets
import time

from sandbox.graph.auth import Caller
from sandbox.model import FACEBOOK, Account, Token
from sandbox.world import World


def page_token(world: World, caller: Caller, page: Account) -> str:
    """The token of a page for this person and app; made at the first asking, and living as long as the person's.

    Source: developers.facebook.com/docs/facebook-login/guides/access-tokens (read 2026-11): a page token from a
    long-lived user token does not expire.
    """
    for token in world.store.tokens.values():
        if token.kind == "page" and token.chain == caller.token and token.account_id == page.id and not token.revoked:
            return token.value
    parent = world.store.tokens[caller.token]
    long_lived = parent.detail.get("long_lived") == "1"
    token = Token(
        f"EAA{secrets.token_urlsafe(120)}",
        "page",
        FACEBOOK,
        caller.app.id,
        account_id=page.id,
        scopes=parent.scopes,
        issued_s=int(time.time()),
        expires_s=0 if long_lived else parent.expires_s,
        chain=caller.token,
    )
    return world.store.put_token(token).value
