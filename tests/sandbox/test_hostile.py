"""Nonsense gets a refusal, never a failure of the server."""

import random

import pytest
import requests

from sandbox.x.routes import ENDPOINTS
from tests.sandbox.running import Sandbox

VALUES = [
    "",
    "0",
    "-1",
    "²",
    "9" * 5000,
    "abc",
    "\x00",
    "{}",
    "[]",
    "null",
    "1,2,,3",
    "2026-13-45T00:00:00Z",
    "id{",
    "comments.limit(x){id}",
]
BODIES = [
    None,
    [],
    5,
    {},
    {"text": 5},
    {"text": "a", "reply": 5},
    {"text": "a", "reply": {"in_reply_to_tweet_id": []}},
    {"text": "a", "media": {"media_ids": [{}]}},
    {"text": "b", "quote_tweet_id": {}},
    {"edit_options": 5, "text": "x"},
    {"hidden": 5, "tweet_id": [], "attachments": 5},
    {"attachments": [5], "media": "!!", "media_type": 5, "total_bytes": "x"},
    {"recipient": 5, "message": [], "is_hidden": {}},
]
RAW = [b"\xff\xfe", b"{", b"a=%ff&b"]
TYPES = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"]
QUERY = ["max_results", "since_id", "start_time", "pagination_token", "query", "ids", "usernames", "tweet.fields"]
GRAPH_QUERY = ["fields", "limit", "after", "since", "until", "filter", "ids", "method", "recipient", "attachment_id"]
CONTROL = ["posts", "accounts", "faults", "clock", "settings", "revoke", "expire", "reissue"]
OTHER = ["/2/oauth2/token", "/2/oauth2/revoke", "/i/oauth2/authorize", "/dialog/oauth", "/say", "/unsay"]


@pytest.fixture
def ask(sandbox: Sandbox):  # type: ignore[no-untyped-def]
    """Send something and say what failed."""
    x, facebook = sandbox.brand(), sandbox.brand("lumomobile", "facebook")
    sandbox.control("POST", "settings", {"rate_limits": False})
    tokens = {
        "/2/": x["credentials"]["oauth2_access_token"],
        "/1.1": x["credentials"]["oauth2_access_token"],
        "/gra": facebook["credentials"]["page_access_token"],
        "/con": sandbox.control_token,
    }

    def send(method: str, path: str, *, kind: str = "", **more: object) -> list[str]:
        token = next((value for start, value in tokens.items() if path.startswith(start)), "")
        headers = {"Authorization": f"Bearer {token}"} | ({"Content-Type": kind} if kind else {})
        answer = sandbox.session.request(method, sandbox.base_url + path, headers=headers, timeout=20, **more)
        return [f"{method} {path} {more}: {answer.status_code}"] if answer.status_code >= 500 else []

    return send


def test_nonsense_in_queries(ask) -> None:  # type: ignore[no-untyped-def]
    chance = random.Random(7)
    reads = [e.route.replace("{", "").replace("}", "") for e in ENDPOINTS if e.method == "GET"]
    failed = []
    for value in VALUES:
        for path in reads:
            failed += ask("GET", path, params={chance.choice(QUERY): value})
        for path in ("me", "me/feed", "me/conversations", "1_1/comments", "t_1/messages", "", "debug_token"):
            failed += ask("GET", f"/graph/{path}", params={chance.choice(GRAPH_QUERY): value})
    assert failed == []


def test_nonsense_in_bodies(ask) -> None:  # type: ignore[no-untyped-def]
    writes = [(e.method, e.route.replace("{", "").replace("}", "")) for e in ENDPOINTS if e.method in ("POST", "PUT")]
    graph = [("POST", f"/graph/me/{edge}") for edge in ("feed", "messages", "photos", "comments", "likes")]
    others = [("POST", f"/control/{name}") for name in CONTROL] + [("POST", path) for path in OTHER]
    failed = []
    for method, path in [*writes, *graph, *others]:
        for body in BODIES:
            failed += ask(method, path, json=body)
        for raw in RAW:
            for kind in TYPES:
                failed += ask(method, path, kind=kind, data=raw)
    assert failed == []


@pytest.mark.parametrize("header", ["OAuth x", 'OAuth oauth_token="ÿ"', "Bearer ", "Basic !!", "OAuth realm=", "oauth"])
def test_nonsense_as_proof(sandbox: Sandbox, header: str) -> None:
    for method, path in (("GET", "/2/users/me"), ("GET", "/graph/me"), ("GET", "/control/posts")):
        answer = requests.request(
            method, sandbox.base_url + path, headers={"Authorization": header.encode("latin-1")}, timeout=5
        )
        assert answer.status_code in (400, 401)
