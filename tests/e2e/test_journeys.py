"""From the post on the network to the answer below it, through everything that `make run` starts."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PHONE, Open
from tests.e2e.installation import Installation

pytestmark = pytest.mark.timeout(600)
SOON = 60_000  # milliseconds; the machine may be busy


def say(browser: Browser, installation: Installation, text: str) -> Page:
    """Be the customer: post publicly to the airline on the sandbox's own page."""
    page = browser.new_context().new_page()
    page.goto(installation.sandbox.base_url)
    page.get_by_text("Invent somebody").click()
    handle = f"jo_{secrets.token_hex(3)}"
    page.get_by_label("Name").fill("Jo Marlowe")
    page.get_by_label("Handle").fill(handle)
    page.get_by_label("What you say").fill(text)
    page.get_by_role("button", name="Post").click()
    expect(page.locator(".thread", has_text=text)).to_be_visible()
    return page


def open_row(page: Page, text: str) -> None:
    row = page.locator(".row", has_text=text)
    expect(row).to_be_visible(timeout=SOON)
    row.locator(".row-link").click()
    expect(page.locator("#thread .stream")).to_contain_text(text)


def answer_on(sandbox: Page, question: str, answer: str) -> None:
    """The answer stands below the question, once."""
    thread = sandbox.locator(".thread", has_text=question)
    expect(thread.locator(".answers .post.brand", has_text=answer)).to_have_count(1, timeout=SOON)


def take_pill_until(page: Page, text: str) -> None:
    """Take what the pill offers, without a reload, until the post is among it: others write as well."""
    row, pill = page.locator(".row", has_text=text), page.locator(".newpill")
    for _ in range(60):
        expect(pill.or_(row).first).to_be_visible(timeout=SOON)
        if row.count():
            return
        pill.click()
        page.wait_for_timeout(500)
    raise AssertionError(f"{text} did not come")


def search(page: Page, text: str) -> None:
    page.get_by_label("Search conversations and people").fill(text)
    page.get_by_label("Search conversations and people").press("Enter")


def test_a_post_reaches_the_open_inbox_and_is_answered_once(
    browser: Browser, installation: Installation, browse: Open
) -> None:
    question, answer = f"Where is bag {secrets.token_hex(3)}?", f"It is in Oslo {secrets.token_hex(3)}"
    ana, omar = browse("ana", "/inbox/care/"), browse("omar", "/inbox/care/")
    expect(ana.locator("body")).to_have_attribute("data-live", "on")
    rows = ana.locator(".rows .row")
    before = rows.count()
    sandbox = say(browser, installation, question)
    expect(ana.locator(".newpill")).to_be_visible(timeout=SOON)
    assert rows.count() == before  # the list does not jump
    take_pill_until(ana, question)
    open_row(ana, question)
    take_pill_until(omar, question)
    open_row(omar, question)
    ana.get_by_role("button", name="Claim", exact=False).first.click()
    expect(ana.locator(".thread-facts")).to_contain_text("You")
    expect(omar.locator(".thread-facts")).to_contain_text("Ana Sandoval", timeout=SOON)  # without a reload
    ana.get_by_label(re.compile("^Reply to")).fill(answer)
    ana.get_by_role("button", name=re.compile("^Reply")).dblclick()
    expect(ana.locator(".stream .msg[data-kind=reply]")).to_contain_text(answer)
    answer_on(sandbox, question, answer)
    expect(ana.locator(".delivery[data-state=sent]")).to_have_count(1, timeout=SOON)
    expect(omar.locator(".stream .msg[data-kind=reply]")).to_contain_text(answer, timeout=SOON)
    answer_on(sandbox, question, answer)


def test_who_is_second_is_told_who_was_first(browser: Browser, installation: Installation, browse: Open) -> None:
    question = f"Seat {secrets.token_hex(3)} is broken"
    say(browser, installation, question)
    ana = browse("ana", "/inbox/all/")
    take_pill_until(ana, question)
    open_row(ana, question)
    omar = browse("omar", ana.url.removeprefix(installation.address))
    omar.evaluate("() => { window.fetch = () => new Promise(() => {}); }")  # the ping comes too late for this screen
    claim = ana.get_by_role("button", name="Claim", exact=False).first
    claim.click()
    expect(ana.locator(".thread-facts")).to_contain_text("You")
    omar.get_by_role("button", name="Claim", exact=False).first.click()
    expect(omar.locator("#toasts")).to_contain_text("Ana")
    expect(omar.locator(".thread-facts")).to_contain_text("Ana Sandoval")


def test_the_same_without_script(browser: Browser, installation: Installation, browse: Open) -> None:
    question, answer = f"Refund {secrets.token_hex(3)} please", f"Paid today {secrets.token_hex(3)}"
    sandbox = say(browser, installation, question)
    ana = browse("ana", "/inbox/care/", java_script_enabled=False)
    for _ in range(60):
        search(ana, question)
        if ana.locator(".row", has_text=question).count():
            break
        ana.wait_for_timeout(500)
    ana.locator(".row", has_text=question).locator(".row-link").click()
    ana.get_by_role("button", name="Claim", exact=False).first.click()
    expect(ana.locator(".thread-facts")).to_contain_text("You")
    ana.get_by_text("Note", exact=True).click()
    ana.get_by_label("Internal note").last.fill("asked finance")
    ana.get_by_role("button", name="Add note").click()
    expect(ana.locator(".stream .msg[data-kind=note]")).to_contain_text("asked finance")
    ana.get_by_text("Public", exact=True).click()
    ana.get_by_label(re.compile("^Reply to")).fill(answer)
    ana.get_by_role("button", name=re.compile("^Reply|Send")).first.click()
    expect(ana.locator(".stream")).to_contain_text(answer)
    answer_on(sandbox, question, answer)


def test_on_a_phone(browse: Open) -> None:
    ana = browse("ana", "/inbox/care/", viewport=PHONE, has_touch=True, is_mobile=True)
    name = ana.locator(".row-link").first.text_content() or ""
    ana.locator(".row-link").first.click()
    expect(ana.locator("#thread")).to_be_visible()
    expect(ana.locator("#list")).to_be_hidden()
    assert ana.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ana.get_by_role("link", name="Customer details").click()
    expect(ana.locator("#customer")).to_contain_text(name.split(",")[0].strip("\u2068\u2069 \n"))
    ana.get_by_role("link", name="Back to conversation").click()
    ana.get_by_role("link", name="Back to list").click()
    expect(ana.locator("#list")).to_be_visible()
    assert ana.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_by_keyboard(browser: Browser, installation: Installation, browse: Open) -> None:
    question, answer = f"Gate {secrets.token_hex(3)}?", f"Gate nine {secrets.token_hex(3)}"
    sandbox = say(browser, installation, question)
    ana = browse("ana", "/inbox/care/")
    take_pill_until(ana, question)
    ana.keyboard.press("Control+k")
    ana.keyboard.type(question)
    ana.keyboard.press("Enter")
    expect(ana.locator(".row")).to_have_count(1)
    ana.keyboard.press("j")
    ana.keyboard.press("Enter")
    expect(ana.locator("#thread .stream")).to_contain_text(question)
    ana.keyboard.press("m")
    expect(ana.locator(".thread-facts")).to_contain_text("You")
    ana.keyboard.press("r")
    ana.keyboard.type(answer)
    ana.keyboard.press("Control+Enter")
    answer_on(sandbox, question, answer)
