"""Control: posts, clock, faults, counts, survival."""

import time
from pathlib import Path

import pytest
import requests
import tweepy

from tests.sandbox.clients import x_client
from tests.sandbox.running import Sandbox, running, start


def mentions(sandbox: Sandbox, brand: dict) -> requests.Response:
    return requests.get(
        f"{sandbox.base_url}/2/users/{brand['id']}/mentions",
        headers={"Authorization": f"Bearer {brand['credentials']['bearer_token']}"},
        params={"max_results": 5},
        timeout=3,
    )


def test_control_wants_its_token(sandbox: Sandbox) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        assert requests.get(f"{sandbox.base_url}/control/calls", headers=headers, timeout=5).status_code == 401


def test_given_ids_and_times_are_kept(sandbox: Sandbox) -> None:
    author = {"id": "42", "handle": "ana", "name": "Ana", "followers": 7, "verified": True, "bio": "hi"}
    post = {"network": "x", "id": "1000", "author": author, "text": "AT&amp;T", "created_at": "2017-10-31T22:10:47Z"}
    sandbox.control("POST", "posts", [post])
    kept = sandbox.control("GET", "posts/1000")
    assert (kept["id"], kept["text"], kept["created_at"]) == ("1000", "AT&amp;T", "2017-10-31T22:10:47.000Z")
    assert sandbox.control("GET", "accounts")["accounts"][0]["followers"] == 7


def test_what_is_left_open_may_be_null(sandbox: Sandbox) -> None:
    author = {"handle": "ana", "name": "Ana", "followers": None, "verified": None, "bio": None, "avatar": None}
    open_ends = dict.fromkeys(("id", "created_at", "to", "in_reply_to", "conversation_id", "media", "private"))
    picture = {"network": "x", "author": author, "text": "", "media": ["http://127.0.0.1:9/a.jpg"]}
    sandbox.control("POST", "posts", [{"network": "x", "author": author, "text": "hi", **open_ends}, picture])
    shown = sandbox.control("GET", "posts", author="ana")["posts"]
    assert [(post["text"], len(post["media"])) for post in shown] == [("hi", 0), ("", 1)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"network": "myspace"}, "[1].network"),
        ({"author": {}}, "[1].author.handle"),
        ({"author": {"handle": "b", "followers": "many"}}, "[1].author.followers"),
        ({"author": {"handle": "ana", "id": "9"}}, "[1].author.handle"),
        ({"created_at": "soon"}, "[1].created_at"),
        ({"id": "twelve"}, "[1].id"),
        ({"id": "7"}, "[1].id"),
        ({"to": "nobody"}, "[1].to"),
        ({"private": True}, "[1].to"),
        ({"media": [{"type": "hologram"}]}, "[1].media[0].type"),
        ({"colour": "red"}, "[1].colour"),
    ],
)
def test_a_list_is_taken_whole_or_not_at_all(sandbox: Sandbox, change: dict, field: str) -> None:
    good = {"network": "x", "id": "7", "author": {"handle": "ana"}, "text": "fine"}
    bad = {"network": "x", "author": {"handle": "ben"}, "text": "not fine", **change}
    answer = sandbox.control("POST", "posts", [good, bad], expect=422)
    assert list(answer["fields"]) == [field]
    assert sandbox.control("GET", "posts")["posts"] == []
    assert sandbox.control("GET", "accounts")["accounts"] == []


def test_a_reply_that_comes_before_its_parent_finds_the_conversation(sandbox: Sandbox) -> None:
    for number, parent in (("30", "20"), ("20", "10"), ("10", "")):
        sandbox.say("ana", "hm", id=number, **({"in_reply_to": parent} if parent else {}))
    assert {sandbox.control("GET", f"posts/{n}")["conversation_id"] for n in (10, 20, 30)} == {"10"}


def test_the_clock_hides_what_is_still_to_come(sandbox: Sandbox) -> None:
    brand = sandbox.brand()
    sandbox.control("POST", "clock", {"now": "2017-12-01T00:00:00Z"})
    sandbox.say("ana", "@northwindair now")
    sandbox.say("ana", "@northwindair later", created_at="2017-12-01T01:00:00Z")
    assert [t["text"] for t in mentions(sandbox, brand).json()["data"]] == ["@northwindair now"]
    sandbox.control("POST", "clock", {"now": "2017-12-01T01:00:00Z"})
    assert len(mentions(sandbox, brand).json()["data"]) == 2
    assert sandbox.control("POST", "clock", {"now": None})["set"] is False


def test_each_fault_really_happens(sandbox: Sandbox) -> None:
    brand = sandbox.brand()
    for number in range(8):
        sandbox.say("ana", f"@northwindair {number}")
    path = "GET /2/users/*/mentions"
    whole = mentions(sandbox, brand).json()
    sandbox.fault(path, "429", retry_after=3)
    refused = mentions(sandbox, brand)
    assert (refused.status_code, refused.json()["status"]) == (429, 429)
    assert 0 < int(refused.headers["x-rate-limit-reset"]) - time.time() <= 3
    sandbox.fault(path, "5xx")
    assert mentions(sandbox, brand).status_code in (500, 502, 503, 504)
    sandbox.fault(path, "truncated")
    with pytest.raises(requests.JSONDecodeError):
        mentions(sandbox, brand).json()
    sandbox.fault(path, "malformed")
    assert mentions(sandbox, brand).headers["content-type"] == "text/html"
    sandbox.fault(path, "reordered")
    mixed = mentions(sandbox, brand).json()
    assert mixed != whole
    assert sorted(t["id"] for t in mixed["data"]) == sorted(t["id"] for t in whole["data"])
    sandbox.fault(path, "reset")
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        mentions(sandbox, brand)
    sandbox.fault(path, "timeout")
    with pytest.raises(requests.ReadTimeout):
        mentions(sandbox, brand)
    assert mentions(sandbox, brand).json() == whole
    fired = sandbox.control("GET", "faults")["fired"]
    assert fired == dict.fromkeys(("429", "5xx", "truncated", "malformed", "reordered", "reset", "timeout"), 1)
    sandbox.control("DELETE", "faults")
    assert sandbox.control("GET", "faults")["faults"] == []


def test_a_page_can_come_twice(sandbox: Sandbox) -> None:
    brand = sandbox.brand()
    for number in range(12):
        sandbox.say("ana", f"@northwindair {number}")
    client = x_client(sandbox, brand["credentials"])
    sandbox.fault("GET /2/users/", "duplicate_page", times=1)
    pages = [
        [tweet.id for tweet in page.data]
        for page in tweepy.Paginator(client.get_users_mentions, brand["id"], max_results=5)
    ]
    assert [len(page) for page in pages] == [5, 5, 5, 2]
    assert pages[0] == pages[1]


def test_after_effect_writes_and_breaks_the_line(sandbox: Sandbox) -> None:
    client = x_client(sandbox, sandbox.brand()["credentials"])
    question = sandbox.say("ana", "@northwindair hello?")
    sandbox.fault("POST /2/tweets", "after_effect")
    with pytest.raises(requests.ConnectionError):
        client.create_tweet(text="hello!", in_reply_to_tweet_id=question)
    assert len(sandbox.control("GET", "posts", in_reply_to=question)["posts"]) == 1
    with pytest.raises(tweepy.Forbidden, match="duplicate"):
        client.create_tweet(text="hello!", in_reply_to_tweet_id=question)


def test_a_rate_is_drawn_from_its_seed(sandbox: Sandbox) -> None:
    brand = sandbox.brand()
    seen = []
    for _ in range(2):
        sandbox.control("DELETE", "faults")
        sandbox.fault("GET /2/", "5xx", rate=0.5, seed=7)
        seen.append([mentions(sandbox, brand).status_code for _ in range(20)])
    assert seen[0] == seen[1]
    assert 2 < seen[0].count(200) < 18


def test_calls_are_counted_per_endpoint(sandbox: Sandbox) -> None:
    brand = sandbox.brand()
    mentions(sandbox, brand)
    mentions(sandbox, brand)
    rows = sandbox.control("GET", "calls")["calls"]
    assert [(row["route"], row["status"], row["count"]) for row in rows] == [("/2/users/{id}/mentions", 200, 2)]


def test_everything_survives_a_kill(tmp_path: Path) -> None:
    first = start(data=tmp_path)
    brand = first.brand()
    first.say("ana", "@northwindair one")
    gone = first.say("ana", "@northwindair two")
    first.control("DELETE", f"posts/{gone}")
    x_client(first, brand["credentials"]).create_tweet(text="an answer")
    first.control("POST", "settings", {"reply_rule": False})
    before = first.control("GET", "posts")
    first.kill()
    first.stop()
    with running(data=tmp_path) as second:
        assert second.control("GET", "posts") == before
        assert [t["text"] for t in mentions(second, brand).json()["data"]] == ["@northwindair one"]
        assert second.control("GET", "settings")["reply_rule"] is False
        fresh = second.say("ana", "three")
        assert fresh not in {post["id"] for post in before["posts"]}


def test_two_processes_do_not_share_a_directory(tmp_path: Path) -> None:
    with running(data=tmp_path), pytest.raises(RuntimeError, match="did not start"):
        start(data=tmp_path)


def test_it_ends_when_its_starter_is_gone() -> None:
    sandbox = start()
    assert sandbox.process.stdin is not None
    sandbox.process.stdin.close()
    assert sandbox.process.wait(20) is not None
    sandbox.stop()


def test_starting_costs_less_than_a_second() -> None:
    with running() as sandbox:
        assert sandbox.cpu_seconds() < 1


def test_forty_thousand_posts_load_and_page_quickly(sandbox: Sandbox) -> None:
    brand = sandbox.brand()
    batch = [
        {"network": "x", "author": {"handle": f"p{n % 997}"}, "text": f"@northwindair number {n}"} for n in range(5000)
    ]
    began = sandbox.cpu_seconds()
    for _ in range(8):
        sandbox.control("POST", "posts", batch)
    loaded = sandbox.cpu_seconds()
    for _ in range(20):
        assert mentions(sandbox, brand).status_code == 200
    assert loaded - began < 10
    assert sandbox.cpu_seconds() - loaded < 1
