"""One installation for all journeys, and browsers that report every complaint of the pages."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.e2e.installation import Installation

HOOKS = "hooks.northwind.example"
PASSWORD = "one inbox for all"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
A_CONVERSATION = re.compile(r"/inbox/[\w-]+/(rows/)?\d+/|/conversations/\d+/presence/")
DRAWN_LATE = "was preloaded using link preload"  # noted where a busy machine draws a page late
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    directory = Path(tempfile.mkdtemp(prefix="socialcare-e2e-"))
    directory.chmod(0o711)  # as root the servers run as nobody, who must be able to pass
    pace = {"POLL_SECONDS": "2", "POLL_SECONDS_QUIET": "4", "SEND_HOLD_SECONDS": "2"}
    running = Installation(directory / "home", WEBHOOK_HOSTS=HOOKS, **pace)
    yield running
    running.stop()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def signed_in(browser: Browser, installation: Installation) -> Callable[[str], Any]:
    """The stored session of somebody of the demo, who signs in once by the form."""
    known: dict[str, Any] = {}

    def of(name: str) -> Any:
        if name not in known:
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{installation.address}/account/login/")
            page.get_by_label("Work email").fill(f"{name}@northwind.example")
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()
            page.wait_for_url("**/inbox/**")
            known[name] = context.storage_state()
            context.close()
        return known[name]

    return of


def _complains(said: ConsoleMessage) -> bool:
    """Errors and warnings. That somebody else was first is an answer, which the browser notes as an error; so is that
    a conversation has left what one reads, and that an answer cannot go out as it was written.
    """
    left = "404 (Not Found)" in said.text and A_CONVERSATION.search(said.location["url"])
    refused = "422 (Unprocessable" in said.text and said.location["url"].partition("?")[0].endswith("/replies/")
    known = left or refused or "409 (Conflict)" in said.text or DRAWN_LATE in said.text
    return said.type in ("error", "warning") and not known


def _where(said: ConsoleMessage) -> str:
    return f"{said.text} {said.location['url']}"


@pytest.fixture
def browse(browser: Browser, installation: Installation, signed_in: Callable[[str], Any]) -> Iterator[Open]:
    """Opens a page as somebody ("" = nobody). After the test: no error and no refused content in any of them."""
    complaints: list[str] = []
    contexts = []

    def open_page(name: str, path: str, **look: Any) -> Page:
        state = signed_in(name) if name else None
        context = browser.new_context(storage_state=state, **{"viewport": WIDE, **look})
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(_where(said)) if _complains(said) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{installation.address}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
