"""The sample server and the page under test, and what tests of the browser ask of both."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.design.server import ScreenServer, serving

PATIENCE_S = 20.0  # as `expect` has


@pytest.fixture
def server() -> Iterator[ScreenServer]:
    with serving() as running:
        yield running


@pytest.fixture
def live(server: ScreenServer, page: Page) -> Page:
    """The open conversation 45, listening."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{server.address}/live", wait_until="load")
    until(lambda: server.listeners == 1)
    return page


def until(true: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def eventually(page: Page, true: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    """Like `until`, while the browser goes on."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        page.wait_for_timeout(50)


def ping(server: ScreenServer, *conversations: int, kind: str = "conversation.opened", topic: str = "queue:12") -> None:
    server.pings.put(json.dumps({"topic": topic, "event": 991, "kinds": {kind: conversations}}))


def asked(server: ScreenServer, path: str) -> int:
    return sum(method == "GET" and where == path for method, where, _ in server.requests)


def posted(server: ScreenServer, path: str) -> list[str]:
    return [body for method, where, body in server.requests if method == "POST" and where == path]
