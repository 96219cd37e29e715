"""What people do in every journey."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.installation import Installation

SOON = 60_000  # milliseconds; the machine may be busy
PATIENCE_S = 120.0
PAUSE_MS = 500
SEARCH = "Search conversations and people"
PAGE = "On Northwind Air's Facebook page"
MESSAGE = "Northwind Air by Facebook message"


def awake(page: Page) -> Page:
    """The scripts have started and the stream is open: from now on keys count, and what comes is told."""
    expect(page.locator("body")).to_have_attribute("data-live", "on", timeout=SOON)
    return page


@contextmanager
def another_page(page: Page) -> Iterator[None]:
    """What is done in the block leads to another document: stand on it. Addresses may change without one."""
    page.evaluate("document.documentElement.dataset.left = ''")
    yield
    expect(page.locator("html:not([data-left])")).to_be_attached(timeout=SOON)
    page.wait_for_load_state()


def submit(button: Locator) -> None:
    """Press what leads to another page."""
    with another_page(button.page):
        button.click()


def _tries(page: Page, wanted: Locator) -> Iterator[None]:
    """Again and again until it is there. Raises: AssertionError long before the time for a whole test is over."""
    deadline = time.monotonic() + PATIENCE_S
    while not wanted.count():
        assert time.monotonic() < deadline, f"{wanted} did not come"
        yield
        page.wait_for_timeout(PAUSE_MS)


def until_shown(page: Page, wanted: Locator) -> None:
    """Load the page again until it shows this."""
    for _ in _tries(page, wanted):
        page.reload()


def say(browser: Browser, installation: Installation, text: str, *, followers: int = 0, to: str = "") -> Page:
    """Be the customer: post publicly to the airline, or where it says, on the sandbox's own page."""
    page = browser.new_context().new_page()
    page.goto(installation.sandbox.base_url)
    if to:
        page.get_by_label("Write to").select_option(label=to)
    page.get_by_text("Invent somebody").click()
    handle = f"jo_{secrets.token_hex(3)}"
    page.get_by_label("Name").fill("Jo Marlowe")
    page.get_by_label("Handle").fill(handle)
    if followers:
        page.get_by_role("textbox", name="Followers").fill(str(followers))
    page.get_by_label("What you say").fill(text)
    page.get_by_role("button", name="Post").click()
    expect(page.locator(".thread", has_text=text)).to_be_visible()
    return page


def row_of(page: Page, text: str) -> Locator:
    return page.locator(".row", has_text=text)


def open_row(page: Page, text: str) -> None:
    row = row_of(page, text)
    expect(row).to_be_visible(timeout=SOON)
    row.locator(".row-link").click()
    expect(page.locator("#thread .stream")).to_contain_text(text, timeout=SOON)


def answer_on(sandbox: Page, question: str, answer: str) -> None:
    """The answer stands below the question, once."""
    thread = sandbox.locator(".thread", has_text=question)
    expect(thread.locator(".answers .post.brand", has_text=answer)).to_have_count(1, timeout=SOON)


def take_pill_until(page: Page, text: str) -> None:
    """Take what the pill offers, without a reload, until the post is among it: others write as well."""
    row, pill = row_of(page, text), page.locator(".newpill")
    for _ in _tries(page, row):
        expect(pill.or_(row).first).to_be_visible(timeout=SOON)
        if pill.is_visible():
            pill.click()


def search(page: Page, text: str) -> None:
    page.get_by_label(SEARCH).fill(text)
    with another_page(page):
        page.get_by_label(SEARCH).press("Enter")


def find(page: Page, text: str) -> None:
    """Search until it has come, and open it."""
    search(page, text)
    until_shown(page, row_of(page, text))
    open_row(page, text)


def owns(page: Page) -> None:
    """One's own conversation is open."""
    expect(page.locator("#thread .thread-facts")).to_contain_text("You", timeout=SOON)


def claim(page: Page) -> None:
    page.locator("#thread").get_by_role("button", name="Claim").first.click()
    owns(page)


def take_next(page: Page) -> str:
    """Ask for the best that waits: its address."""
    submit(page.get_by_role("button", name="Next"))
    owns(page)
    return page.url


def why_here(page: Page, wanted: Locator) -> None:
    """Read why it is here, once triage has judged it."""
    submit(page.get_by_role("link", name="Why here?"))
    until_shown(page, wanted)


def act(page: Page, name: str, press: Callable[[Locator], None] = Locator.click) -> Locator:
    """Open a form from the menu of further actions: the form."""
    press(page.locator("#thread").get_by_role("button", name="More actions"))
    press(page.locator(".menu:popover-open").get_by_role("button", name=name))
    return page.locator(".dialog:popover-open")


def asked_for(page: Page, why: str) -> None:
    """Another queue has been asked to take it."""
    expect(page.locator(".ask")).to_contain_text(why, timeout=SOON)


def handed_to_care(browser: Browser, installation: Installation, browse: Callable[..., Page], text: str) -> None:
    """Somebody with many followers says it, so that it comes to PR, where Ben hands it to Care."""
    say(browser, installation, text, followers=60_000)
    ben = browse("ben", "/inbox/pr/")
    find(ben, text)
    claim(ben)
    dialog = act(awake(ben), "Hand off")
    dialog.get_by_label("To", exact=True).select_option(label="Care")
    dialog.get_by_label("Why").fill("A question of service")
    dialog.get_by_role("button", name="Hand off").click()
    asked_for(ben, "A question of service")


@dataclass(frozen=True)
class Day:
    """What waits for somebody in Care: a question under a post, one told privately, one that PR hands over.

    Args:
        word: stands in all of them and in nothing else.
        outside: where the question was asked.
    """

    word: str
    asked: str
    told: str
    handed: str
    outside: Page


def a_day(browser: Browser, installation: Installation, browse: Callable[..., Page]) -> Day:
    word = f"zebra{secrets.token_hex(3)}"
    asked, told, handed = f"Where is my {word}?", f"My number at the {word}", f"May we film the {word}?"
    outside = say(browser, installation, asked, to=PAGE)
    say(browser, installation, told, to=MESSAGE)
    handed_to_care(browser, installation, browse, handed)
    return Day(word, asked, told, handed, outside)


def all_three(page: Page) -> None:
    """What waits has come."""
    until_shown(page, page.locator(".rows .row").nth(2))


def noted(page: Page, text: str) -> None:
    expect(page.locator(".stream .msg[data-kind=note]")).to_contain_text(text, timeout=SOON)


def tagged(page: Page, word: str) -> None:
    expect(page.locator(".thread-facts .tag", has_text=word)).to_be_visible(timeout=SOON)


def replied(page: Page, text: str) -> None:
    expect(page.locator(".stream .msg[data-kind=reply]", has_text=text)).to_be_visible(timeout=SOON)


def answer_box(page: Page) -> Locator:
    return page.get_by_label(re.compile("^Reply to"))


def send(page: Page) -> None:
    page.locator("[data-send]:not([data-send-note])").click()


def reply(page: Page, text: str) -> None:
    answer_box(page).fill(text)
    send(page)
    replied(page, text)
