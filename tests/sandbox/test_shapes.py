"""The sandbox answers in the shapes of the real networks: recorded answers and X's own OpenAPI file decide."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from sandbox.x.routes import ENDPOINTS
from tests.sandbox.running import Sandbox
from tests.sandbox.shapes.outline import (
    CAPTURED,
    OPENAPI,
    PAYLOADS,
    SOURCES,
    against,
    captured,
    from_payloads,
    missing,
    outline,
    reduced_openapi,
)

# The sandbox's route → the same in X's OpenAPI file, where the parameter is called otherwise.
RENAMED = {
    "PUT /2/tweets/{id}/hidden": "/2/tweets/{tweet_id}/hidden",
    "POST /2/dm_conversations/{id}/messages": "/2/dm_conversations/{dm_conversation_id}/messages",
}
ROUTES = [
    (e.method, RENAMED.get(f"{e.method} {e.route}", e.route)) for e in ENDPOINTS if not e.route.startswith("/1.1/")
]


class Network:
    """A sandbox with something of everything, asked without any client in between."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.x = sandbox.brand("northwindair", bio="We fly", location="Oslo", verified=True)
        self.page = sandbox.brand("lumomobile", "facebook")
        self.root = sandbox.say("root_writer", "Late #again https://a.example $NW", media=[{"type": "photo"}])
        self.mention = sandbox.say("ana", "@northwindair see this", in_reply_to=self.root)
        for number in range(12):
            sandbox.say("many", f"@northwindair number {number}")
        self.dm = sandbox.say("ana", "my booking", to="northwindair", private=True)
        self.ana = sandbox.control("GET", "posts", author="ana", private=1)["posts"][0]["author"]["id"]
        self.own = self.ask_x("POST", "/2/tweets", json={"text": "Good morning"})["data"]["id"]
        self.reply = sandbox.say("troll", "@northwindair boo", in_reply_to=self.own)
        self.post = sandbox.say("ana", "No signal", "facebook", to="lumomobile")
        photo = [{"type": "photo"}]
        self.comment = sandbox.say("ben", "me too", "facebook", in_reply_to=self.post, media=photo)
        for _ in range(12):
            sandbox.say("ben", "still", "facebook", in_reply_to=self.post)
            sandbox.say("ben", "a post", "facebook", to="lumomobile")
        sandbox.say("ben", "hello", "facebook", to="lumomobile", private=True, media=photo)
        self.talk = self.ask_fb(f"{self.page['id']}/conversations")["data"][0]["id"]

    def ask_x(self, method: str, path: str, *, token: str = "oauth2_access_token", **more: Any) -> dict:
        return self.raw_x(method, path, token=token, **more).json()

    def raw_x(self, method: str, path: str, *, token: str = "oauth2_access_token", **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.x['credentials'][token]}"}
        return requests.request(method, f"{self.sandbox.base_url}{path}", headers=headers, timeout=10, **more)

    def ask_fb(self, path: str, **params: str) -> dict:
        params.setdefault("access_token", self.page["credentials"]["page_access_token"])
        return requests.get(f"{self.sandbox.base_url}/graph/v26.0/{path}", params=params, timeout=10).json()

    def user_token(self) -> str:
        keys = {"client_id": self.page["credentials"]["app_id"], "redirect_uri": "http://127.0.0.1:9/"}
        form = {**keys, "state": "s", "scope": "pages_show_list", "page": self.page["id"], "decision": "allow"}
        answer = requests.post(f"{self.sandbox.base_url}/dialog/oauth", data=form, allow_redirects=False, timeout=5)
        code = answer.headers["location"].partition("code=")[2].partition("&")[0]
        secret = self.page["credentials"]["app_secret"]
        return self.ask_fb("oauth/access_token", code=code, client_secret=secret, access_token="", **keys)[
            "access_token"
        ]


@pytest.fixture(scope="module")
def network(sandbox_process: Sandbox) -> Network:
    sandbox_process.control("POST", "reset")
    return Network(sandbox_process)


def limited(network: Network) -> requests.Response:
    network.sandbox.control("POST", "settings", {"limits": {"GET /2/users/by": 0}})
    answer = network.raw_x("GET", "/2/users/by?usernames=ana")
    network.sandbox.control("POST", "settings", {"limits": {}})
    return answer


def deleted(network: Network) -> dict:
    made = network.ask_x("POST", "/2/tweets", json={"text": "Soon gone"})["data"]["id"]
    return network.ask_x("DELETE", f"/2/tweets/{made}")


def graph_limited(network: Network) -> dict:
    network.sandbox.fault("GET /graph/", "429")
    return network.ask_fb("me")


def graph_expired(network: Network) -> dict:
    """Asked with a token of its own, so that the page's lives on."""
    other = network.sandbox.brand("short_lived", "facebook")
    network.sandbox.control("POST", "expire", {"account": "short_lived"})
    return network.ask_fb("me", access_token=other["credentials"]["page_access_token"])


def full_tweet(network: Network) -> dict:
    params = {
        "ids": f"{network.mention},{network.root}",
        "tweet.fields": "conversation_id,possibly_sensitive,public_metrics,entities,in_reply_to_user_id,created_at,"
        "author_id,referenced_tweets,lang,source,attachments",
        "user.fields": "created_at,profile_image_url,verified,location,description,public_metrics,protected",
        "expansions": "author_id,referenced_tweets.id",
    }
    return network.ask_x("GET", "/2/tweets", params=params)


COMMENT_FIELDS = (
    "attachment,can_comment,can_hide,can_like,can_remove,can_reply_privately,comment_count,created_time,from,id,"
    "is_hidden,is_private,like_count,message,permalink_url"
)
TALK_FIELDS = (
    "can_reply,former_participants,id,is_subscribed,link,message_count,participants,scoped_thread_key,snippet,senders,"
    "unread_count,updated_time"
)
# The same request as was recorded → what comes back; then what only the one or the other side may have.
Ask = Callable[[Network], Any]
CASES: list[tuple[str, Ask, set[str], set[str]]] = [
    ("x.me", lambda n: n.ask_x("GET", "/2/users/me"), set(), set()),
    ("x.mentions", lambda n: n.ask_x("GET", f"/2/users/{n.x['id']}/mentions"), set(), set()),
    ("x.search", lambda n: n.ask_x("GET", "/2/tweets/search/recent?query=northwindair"), set(), set()),
    ("x.tweets", lambda n: n.ask_x("GET", f"/2/tweets?ids={n.root},{n.mention}"), set(), set()),
    ("x.tweet", lambda n: n.ask_x("GET", f"/2/tweets/{n.root}"), set(), set()),
    ("x.users", lambda n: n.ask_x("GET", "/2/users/by?usernames=ana,ben"), set(), {".errors"}),
    # What the account has posted here fits on one page.
    ("x.timeline", lambda n: n.ask_x("GET", f"/2/users/{n.x['id']}/tweets"), {".meta.next_token"}, set()),
    # Recorded before posts could be edited.
    ("x.create", lambda n: n.ask_x("POST", "/2/tweets", json={"text": "Hi"}), set(), {".data.edit_history_tweet_ids"}),
    ("x.hide", lambda n: n.ask_x("PUT", f"/2/tweets/{n.reply}/hidden", json={"hidden": True}), set(), set()),
    (
        "x.like",
        lambda n: n.ask_x("POST", f"/2/users/{n.x['id']}/likes", json={"tweet_id": n.mention}),
        set(),
        set(),
    ),
    (
        "x.dm_sent",
        lambda n: n.ask_x("POST", f"/2/dm_conversations/with/{n.ana}/messages", json={"text": "Hi"}),
        set(),
        set(),
    ),
    (
        "x.dm_events",
        lambda n: n.ask_x("GET", f"/2/dm_conversations/with/{n.ana}/dm_events?max_results=1"),
        # The sandbox tells of a page before only where there is one.
        {".meta.previous_token", ".meta.next_token"},
        {".meta.next_token"},
    ),
    ("x.dm_empty", lambda n: n.ask_x("GET", f"/2/dm_conversations/with/{n.x['id']}/dm_events"), set(), set()),
    ("x.delete", deleted, set(), set()),
    ("x.limit", lambda n: limited(n).json(), set(), set()),
    # X's page shows a shortened error; the recorded ones have all keys.
    (
        "x.partial",
        lambda n: n.ask_x("GET", f"/2/tweets?ids={n.root},1"),
        set(),
        {".data[].edit_history_tweet_ids", ".errors[].parameter", ".errors[].value"},
    ),
    (
        "x.full_tweet",
        full_tweet,
        {
            ".data[].entities.urls[].images",
            ".data[].entities.urls[].status",
            ".data[].entities.urls[].title",
            ".data[].entities.urls[].description",
            ".data[].entities.urls[].unwound_url",
            ".data[].source",
            ".includes.users[].entities",
            ".includes.users[].pinned_tweet_id",
            ".includes.users[].url",
            ".includes.users[].description",
            ".includes.users[].location",
            ".includes.tweets[].entities.mentions",
            ".includes.tweets[].source",
        },
        {
            ".data[].edit_history_tweet_ids",
            ".data[].attachments",
            ".data[].entities.mentions",
            ".data[].entities.hashtags",
            ".data[].entities.cashtags",
            ".data[].public_metrics.bookmark_count",
            ".data[].public_metrics.impression_count",
            ".includes.users[].public_metrics.like_count",
            ".includes.users[].public_metrics.media_count",
            ".includes.tweets[].edit_history_tweet_ids",
            ".includes.tweets[].author_id",
            ".includes.tweets[].entities.cashtags",
            ".includes.tweets[].public_metrics.bookmark_count",
            ".includes.tweets[].public_metrics.impression_count",
        },
    ),
    (
        "fb.comments",
        lambda n: n.ask_fb(
            f"{n.post}/comments",
            fields="id,comment_count,created_time,like_count,message,permalink_url",
            summary="1",
            filter="stream",
            limit="10",
        ),
        set(),
        # The library that recorded it took the ids out.
        {".data[].id"},
    ),
    ("fb.comment", lambda n: n.ask_fb(n.comment, fields=COMMENT_FIELDS), set(), set()),
    ("fb.feed", lambda n: n.ask_fb(f"{n.page['id']}/feed", limit="5"), set(), set()),
    ("fb.post", lambda n: n.ask_fb(n.post, fields="id,message,created_time"), set(), set()),
    (
        "fb.conversation",
        lambda n: n.ask_fb(n.talk, fields="id,link,message_count,snippet,unread_count,updated_time"),
        set(),
        set(),
    ),
    ("fb.conversation_full", lambda n: n.ask_fb(n.talk, fields=TALK_FIELDS), set(), set()),
    (
        "fb.message",
        lambda n: n.ask_fb(f"{n.talk}/messages", fields="id,created_time,from,to,tags,attachments")["data"][0],
        {".attachments.paging.next"},
        set(),
    ),
    (
        "fb.accounts",
        lambda n: n.ask_fb("me/accounts", access_token=n.user_token(), summary="1"),
        {".paging.next"},
        set(),
    ),
    (
        "fb.user",
        lambda n: n.ask_fb(
            n.ask_fb(n.comment, fields="from")["from"]["id"],
            fields="id,first_name,last_name,name,short_name,name_format,picture",
        ),
        {".name_format"},
        set(),
    ),
    (
        "fb.debug_token",
        lambda n: n.ask_fb(
            "debug_token",
            input_token=n.user_token(),
            access_token=f"{n.page['credentials']['app_id']}|{n.page['credentials']['app_secret']}",
        ),
        set(),
        {".data.issued_at", ".data.granular_scopes[].target_ids"},
    ),
    ("fb.error", lambda n: n.ask_fb(n.page["id"], fields="colour"), set(), set()),
    ("fb.limit", graph_limited, set(), set()),
    ("fb.expired", graph_expired, set(), set()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "ask", "only_theirs", "only_ours"), CASES, ids=[case[0] for case in CASES])
def test_answers_have_the_recorded_shape(
    network: Network, name: str, ask: Ask, only_theirs: set[str], only_ours: set[str]
) -> None:
    ours, theirs = outline(ask(network)), captured(name)
    assert set(missing(ours, theirs)) <= only_theirs
    assert set(missing(theirs, ours)) <= only_ours


def test_limit_headers_are_those_of_x(network: Network) -> None:
    answer = limited(network)
    names = {name for name in answer.headers if name.startswith("x-rate-limit")}
    assert names == set(captured("x.limit_headers"))


def openapi() -> dict:
    return reduced_openapi(ROUTES) if PAYLOADS.exists() else json.loads(OPENAPI.read_text())


POST_FIELDS = "attachments,conversation_id,created_at,display_text_range,edit_controls,entities,lang,public_metrics"
ANSWERS: dict[str, Ask] = {
    "GET /2/users/{id}/mentions": lambda n: n.ask_x(
        "GET",
        f"/2/users/{n.x['id']}/mentions",
        params={
            "post.fields": POST_FIELDS,
            "expansions": "author_id,referenced_posts,in_reply_to_user_id,attachments.media_keys,edit_history_post_ids",
            "user.fields": "created_at,description,location,profile_image_url,protected,public_metrics,verified,"
            "verified_type,receives_your_dm",
            "media.fields": "alt_text,height,type,url,width",
            "max_results": "100",
        },
    ),
    "GET /2/tweets/search/recent": lambda n: n.ask_x(
        "GET", "/2/tweets/search/recent", params={"query": "northwindair", "post.fields": POST_FIELDS}
    ),
    "GET /2/users/{id}/tweets": lambda n: n.ask_x(
        "GET", f"/2/users/{n.x['id']}/tweets", params={"post.fields": POST_FIELDS}
    ),
    "GET /2/tweets": lambda n: n.ask_x(
        "GET", "/2/tweets", params={"ids": f"{n.root},{n.mention},1", "post.fields": POST_FIELDS}
    ),
    "GET /2/tweets/{id}": lambda n: n.ask_x("GET", f"/2/tweets/{n.root}", params={"post.fields": POST_FIELDS}),
    "GET /2/users/me": lambda n: n.ask_x("GET", "/2/users/me"),
    "GET /2/users/by": lambda n: n.ask_x("GET", "/2/users/by?usernames=ana,nobody_here"),
    "GET /2/users/by/username/{username}": lambda n: n.ask_x("GET", "/2/users/by/username/ana"),
    "GET /2/users/{id}": lambda n: n.ask_x("GET", f"/2/users/{n.ana}"),
    "GET /2/dm_events": lambda n: n.ask_x(
        "GET",
        "/2/dm_events?dm_event.fields=created_at,dm_conversation_id,sender_id,participant_ids&expansions=sender_id",
    ),
    "POST /2/dm_conversations/with/{participant_id}/messages": lambda n: n.ask_x(
        "POST", f"/2/dm_conversations/with/{n.ana}/messages", json={"text": "Hello"}
    ),
    "PUT /2/tweets/{tweet_id}/hidden": lambda n: n.ask_x("PUT", f"/2/tweets/{n.reply}/hidden", json={"hidden": False}),
    "POST /2/users/{id}/likes": lambda n: n.ask_x("POST", f"/2/users/{n.x['id']}/likes", json={"tweet_id": n.root}),
    "POST /2/media/upload/initialize": lambda n: n.ask_x(
        "POST", "/2/media/upload/initialize", json={"media_type": "image/png", "total_bytes": 9}
    ),
}


@pytest.mark.parametrize("operation", ANSWERS)
def test_answers_fit_the_openapi_of_x(network: Network, operation: str) -> None:
    contract = openapi()
    answer = ANSWERS[operation](network)
    assert answer.get("data")
    assert against(contract["schemas"], contract["operations"][operation]["answer"], answer) == []


def test_every_route_and_parameter_is_one_of_x() -> None:
    operations = openapi()["operations"]
    assert set(operations) == {f"{method} {route}" for method, route in ROUTES}
    paged = {"max_results", "pagination_token", "start_time", "end_time", "since_id", "until_id"}
    for operation in ("GET /2/users/{id}/mentions", "GET /2/users/{id}/tweets", "GET /2/tweets/search/recent"):
        assert paged <= set(operations[operation]["parameters"])


def test_the_kept_outlines_are_those_of_the_payloads() -> None:
    kept = json.loads(CAPTURED.read_text())
    assert set(kept) == set(SOURCES) == {"x.limit_headers", *(case[0] for case in CASES)}
    if PAYLOADS.exists():
        assert kept == {name: from_payloads(name) for name in SOURCES}
        assert json.loads(OPENAPI.read_text()) == reduced_openapi(ROUTES)
