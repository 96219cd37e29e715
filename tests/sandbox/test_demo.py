"""The demo: a morning that begins, lives, reacts and survives."""

import time
from collections import Counter
from pathlib import Path

import pytest

from sandbox.demo.cast import CAST
from sandbox.demo.director import Director
from sandbox.demo.script import CYCLE, cycle
from sandbox.world import World
from tests.sandbox.clients import PageGraph, x_client
from tests.sandbox.running import running

DEADLINE_SECONDS = 20


def posts(world: World) -> list:
    return [post for network in world.store.posts.values() for post in network.values()]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def director(world: World) -> Director:
    director = Director(world)
    director.begin()
    return director


def test_it_begins_with_two_brands_a_cast_and_the_hours_before(world: World, director: Director) -> None:
    assert sorted((b.network, b.handle) for b in world.store.brands()) == [
        ("facebook", "lumomobile"),
        ("facebook", "northwindair"),
        ("x", "lumomobile"),
        ("x", "northwindair"),
    ]
    assert len(CAST) >= 40
    assert 60 <= len(posts(world)) <= 100
    now = world.clock.now_ms()
    assert all(post.created_ms <= now for post in posts(world))
    assert max(post.created_ms for post in posts(world)) > now - 1_800_000
    before = len(posts(world))
    director.begin()
    assert len(posts(world)) == before


def test_a_cycle_has_its_scenes_and_its_pace() -> None:
    lines = cycle(0, {"air": ["1_1"], "mobile": ["2_2"]})
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    by_minute = Counter(int(line.at // 60) for line in lines)
    calm = [by_minute[minute] for minute in (*range(0, 3), *range(24, 30))]
    assert 2 <= sum(calm) / len(calm) <= 7
    assert max(by_minute[minute] for minute in range(14, 21)) >= 10
    assert sum(by_minute.values()) < CYCLE / 8
    roles = {line.who for line in lines}
    assert {"tessa_wanders", "h_vance_daily"} <= roles
    assert {"es", "de", "fr", "hi", "ja"} <= {line.lang for line in lines}
    assert {line.network for line in lines} == {"x", "facebook"}
    assert any(line.private for line in lines)
    assert [line.text for line in cycle(2, {})] != [line.text for line in cycle(0, {})]
    assert "gadget_rufus" in {line.who for line in cycle(1, {})}


def test_it_never_runs_dry(world: World, director: Director) -> None:
    counts = []
    for _ in range(3):
        before = len(posts(world))
        for _ in range(CYCLE // 5 + 20):
            director.step(5)
        counts.append(len(posts(world)) - before)
    assert all(count > 80 for count in counts)
    assert director.step(0) is None


def test_it_stops_after_a_reset(world: World, director: Director) -> None:
    world.reset()
    director.step(600)
    assert posts(world) == []


def test_customers_react_to_answers_and_all_survives(tmp_path: Path) -> None:
    with running(data=tmp_path, arguments=("--demo", "--speed", "120")) as sandbox:
        brands = sandbox.control("GET", "accounts", brand=1)["accounts"]
        accounts = {(account["network"], account["handle"]): account for account in brands}
        brand = accounts["x", "lumomobile"]
        client = x_client(sandbox, brand["credentials"])
        sandbox.control("POST", "settings", {"rate_limits": False})
        asked = client.get_users_mentions(brand["id"], max_results=100, user_auth=True).data
        answers = [
            client.create_tweet(text=f"We are on it, number {n}", in_reply_to_tweet_id=tweet.id).data["id"]
            for n, tweet in enumerate(asked[:12])
        ]
        deadline = time.monotonic() + DEADLINE_SECONDS
        reactions: list[dict] = []
        while not reactions and time.monotonic() < deadline:
            reactions = [r for a in answers for r in sandbox.control("GET", "posts", in_reply_to=a)["posts"]]
        assert reactions[0]["author"]["handle"] != "lumomobile"
        page = accounts["facebook", "lumomobile"]
        assert PageGraph(sandbox, page["credentials"]["page_access_token"]).get_object("me")["id"] == page["id"]
        before = {p["id"] for p in sandbox.control("GET", "posts")["posts"]}
        sandbox.kill()
    with running(data=tmp_path, arguments=("--demo", "--speed", "0")) as again:
        after = {p["id"] for p in again.control("GET", "posts")["posts"]}
        assert before <= after
        assert len(after) < len(before) + 30
        assert again.control("GET", "demo")["living"] is True
