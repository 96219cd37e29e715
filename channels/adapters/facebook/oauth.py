"""Connecting Facebook pages: the dialog, the code, the long-lived token, the pages of the person.

Source: developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow and guides/access-tokens, read
2026-09: a long-lived user token lives about 60 days, and page tokens made from it do not expire. All secrets travel
in POST bodies and headers, where the guides show query strings.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from channels import http
from channels.adapters import reading
from channels.adapters.facebook import fields, parse
from channels.adapters.facebook.client import VERSION, Graph
from channels.contracts import Found, Identity, type_json
from core.errors import OutcomeUnknown, PermanentChannelError, TransientChannelError

SCOPES = (
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_engagement",
    "pages_manage_posts",
    "pages_manage_metadata",
    "pages_messaging",
)
PAGES_MAX = 10


def authorize_url(*, app_id: str, redirect_uri: str, state: str) -> str:
    """Where to send the browser of the person who connects a page."""
    query = {
        "client_id": app_id,
        "redirect_uri": redirect_uri,
        "state": state,
        "response_type": "code",
        "scope": ",".join(SCOPES),
    }
    return f"{settings.FACEBOOK_DIALOG_URL.rstrip('/')}/{VERSION}/dialog/oauth?{urlencode(query)}"


def exchange(
    *, app_id: str, app_secret: str, code: str, redirect_uri: str, policy: http.Policy | None = None
) -> type_json:
    """Credentials with a long-lived token of the person, for the code that came back.

    Raises: `PermanentChannelError` (the code is wrong or too old), `TransientChannelError`.
    """
    app = {"client_id": app_id, "client_secret": app_secret}
    short = _token(app, {"code": code, "redirect_uri": redirect_uri}, policy)
    long = _token(app, {"grant_type": "fb_exchange_token", "fb_exchange_token": short}, policy)
    return {"app_id": app_id, "app_secret": app_secret, "user_access_token": long}


def pages(credentials: type_json, *, policy: http.Policy | None = None) -> tuple[Found, ...]:
    """The pages that the person let us manage, each with the credentials of its own.

    Raises: the named errors of `failures`.
    """
    graph = Graph(credentials["user_access_token"], credentials["app_secret"], policy=policy)
    found: list[Found] = []
    after: dict[str, str] = {}
    for _ in range(PAGES_MAX):
        asked = f"{fields.ACCOUNT},access_token"
        body = graph.read(graph.get_connections, "me", "accounts", fields=asked, limit=100, **after)
        found += [_page(row, credentials) for row in parse.edge_items(body)]
        place = parse.next_place(body)
        if not place or place == after:
            break
        after = place
    return tuple(found)


def debug(token: str, credentials: type_json, *, policy: http.Policy | None = None) -> type_json:
    """What Facebook knows of a token: is_valid, scopes, expires_at (epoch seconds, 0 = never), app_id.

    Raises: the named errors of `failures`.
    """
    app_token = f"{credentials['app_id']}|{credentials['app_secret']}"
    graph = Graph(app_token, policy=policy)
    graph.session.secrets += (token, credentials["app_secret"])
    body = graph.read(
        graph.request, f"{VERSION}/debug_token", post_args={"input_token": token, "method": "GET"}, method="POST"
    )
    data = body.get("data")
    if not isinstance(data, dict):
        raise TransientChannelError("Facebook did not say what this token is.")
    return data


def _token(app: dict[str, str], form: dict[str, str], policy: http.Policy | None) -> str:
    graph = Graph("", policy=policy)
    graph.session.secrets += (*form.values(), app["client_secret"])
    try:
        body = graph.request(f"{VERSION}/oauth/access_token", post_args={**app, **form}, method="POST")
    except OutcomeUnknown as error:
        # Code 1 is Facebook's word for a wrong app secret here; asking again posts nothing.
        raise PermanentChannelError(f"Facebook did not connect the page. {error.message}") from None
    token = body.get("access_token")
    if not isinstance(token, str) or not token:
        raise TransientChannelError("Facebook sent an access token that cannot be read.")
    return token


def _page(row: Any, credentials: type_json) -> Found:
    try:
        identity = Identity(
            external_id=reading.text(row["id"]),
            handle=reading.text(row.get("username")) or reading.text(row.get("name")),
            name=reading.text(row.get("name")),
            followers=row.get("followers_count") if type(row.get("followers_count")) is int else None,
            avatar_url=reading.text(((row.get("picture") or {}).get("data") or {}).get("url")),
            app_external_id=credentials["app_id"],
        )
        token = reading.text(row["access_token"])
    except reading.MALFORMED:
        raise TransientChannelError("Facebook sent a page that cannot be read.") from None
    own = {"page_access_token": token, "app_id": credentials["app_id"], "app_secret": credentials["app_secret"]}
    return Found(identity, own)
