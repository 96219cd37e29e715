"""Walks over X as plain values: floors, guards against loops, the window."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels.adapters.x import snowflake
from channels.adapters.x.parse import Page
from channels.adapters.x.walk import EMPTY_MAX, FRESH_S, Walk
from core.errors import TransientChannelError

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NOON_ID = snowflake.from_time(NOON)


def page(*external_ids: int, token: str | None = None) -> Page:
    items: Any = tuple(external_ids)
    return Page(items, next_token=token, oldest=min(external_ids, default=None), newest=max(external_ids, default=None))


def test_the_floor_is_the_mark_less_the_overlap() -> None:
    walk = Walk.begin({"since_id": str(NOON_ID + 5)}, {"overlap_s": 60})
    assert snowflake.to_time(walk.floor) == NOON - timedelta(seconds=60)
    assert walk.newest == NOON_ID + 5
    assert Walk.begin({}, {"since": NOON.isoformat()}).floor == NOON_ID
    assert Walk.begin({}, {}).params() == {"since_id": None, "until_id": None}


def test_the_mark_moves_to_the_newest_post_of_any_page_in_any_order() -> None:
    walk = Walk(floor=0, newest=7).advance(page(5, 9, 8, token="a")).advance(page(4, 2, 3))
    assert walk.mark() == {"since_id": "9"}
    assert (walk.oldest, walk.seen, walk.token) == (2, 6, None)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (page(9, 8, token="a"), page(7, 6, token="a")),
        (page(9, 8, token="a"), page(9, 8, token="b")),
        (page(9, 8, token="a"), page(8, 9, token="b")),
        (page(9, 8, 7, token="a"), page(9, 7)),
    ],
)
def test_a_page_that_leads_nowhere_new_is_an_error(before: Page, after: Page) -> None:
    walk = Walk(floor=0, newest=0).advance(before)
    with pytest.raises(TransientChannelError) as caught:
        walk.advance(after)
    assert caught.value.code == "repeated_page"


def test_empty_pages_are_followed_but_not_for_ever() -> None:
    walk = Walk(floor=0, newest=0).advance(page(9, token="t"))
    for number in range(EMPTY_MAX):
        walk = walk.advance(page(token=f"t{number}"))
    with pytest.raises(TransientChannelError):
        walk.advance(page(token="one more"))
    assert walk.advance(page(3)).oldest == 3


def test_a_full_window_or_a_long_pause_is_suspicious_once() -> None:
    walk = Walk(floor=1, newest=9, oldest=5, seen=800, began=time.time())
    assert walk.window_ended(800)
    assert not replace(walk, seen=700).window_ended(800)
    assert not walk.interrupted()
    assert replace(walk, began=time.time() - FRESH_S - 1).interrupted()
    filling = replace(walk, began=0.0).fill("northwindair")
    assert not filling.window_ended(800)
    assert not filling.interrupted()
    assert filling.params() == {"since_id": 1, "until_id": 5}


def test_a_walk_survives_being_stored() -> None:
    walk = Walk(floor=1, newest=9, oldest=5, seen=800, token="t", began=1.5)
    assert Walk.of({}, walk.resume(), {}) == walk
