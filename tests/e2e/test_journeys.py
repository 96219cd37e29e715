"""From the post on the network to the answer below it, through everything that `make run` starts."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PHONE, Open
from tests.e2e.installation import Installation
from tests.e2e.steps import (
    SOON,
    another_page,
    answer_box,
    answer_on,
    awake,
    claim,
    open_row,
    owns,
    row_of,
    say,
    search,
    submit,
    take_pill_until,
    until_shown,
)

pytestmark = pytest.mark.timeout(600)


def test_a_post_reaches_the_open_inbox_and_is_answered_once(
    browser: Browser, installation: Installation, browse: Open
) -> None:
    question, answer = f"Where is bag {secrets.token_hex(3)}?", f"It is in Oslo {secrets.token_hex(3)}"
    ana, omar = awake(browse("ana", "/inbox/care/")), awake(browse("omar", "/inbox/care/"))
    rows = ana.locator(".rows .row")
    before = rows.count()
    sandbox = say(browser, installation, question)
    expect(ana.locator(".newpill")).to_be_visible(timeout=SOON)
    assert rows.count() == before  # the list does not jump
    take_pill_until(ana, question)
    open_row(ana, question)
    take_pill_until(omar, question)
    open_row(omar, question)
    claim(ana)
    expect(omar.locator(".thread-facts")).to_contain_text("Ana Sandoval", timeout=SOON)  # without a reload
    answer_box(ana).fill(answer)
    ana.get_by_role("button", name=re.compile("^Reply")).dblclick()
    expect(ana.locator(".stream .msg[data-kind=reply]")).to_contain_text(answer)
    answer_on(sandbox, question, answer)
    expect(ana.locator(".delivery[data-state=sent]")).to_have_count(1, timeout=SOON)
    expect(omar.locator(".stream .msg[data-kind=reply]")).to_contain_text(answer, timeout=SOON)
    answer_on(sandbox, question, answer)


def test_who_is_second_is_told_who_was_first(browser: Browser, installation: Installation, browse: Open) -> None:
    question = f"Seat {secrets.token_hex(3)} is broken"
    ana = awake(browse("ana", "/inbox/all/"))
    say(browser, installation, question)
    take_pill_until(ana, question)
    open_row(ana, question)
    omar = browse("omar", ana.url.removeprefix(installation.address))
    omar.evaluate("() => { window.fetch = () => new Promise(() => {}); }")  # the ping comes too late for this screen
    claim(ana)
    omar.get_by_role("button", name="Claim", exact=False).first.click()
    expect(omar.locator("#toasts")).to_contain_text("Ana")
    expect(omar.locator(".thread-facts")).to_contain_text("Ana Sandoval")


def test_the_same_without_script(browser: Browser, installation: Installation, browse: Open) -> None:
    question, answer = f"Refund {secrets.token_hex(3)} please", f"Paid today {secrets.token_hex(3)}"
    sandbox = say(browser, installation, question)
    ana = browse("ana", "/inbox/care/", java_script_enabled=False)
    search(ana, question)
    until_shown(ana, row_of(ana, question))
    submit(row_of(ana, question).locator(".row-link"))
    claim(ana)
    ana.get_by_text("Note", exact=True).click()
    ana.get_by_label("Internal note").last.fill("asked finance")
    ana.get_by_role("button", name="Add note").click()
    expect(ana.locator(".stream .msg[data-kind=note]")).to_contain_text("asked finance")
    ana.get_by_text("Public", exact=True).click()
    answer_box(ana).fill(answer)
    submit(ana.get_by_role("button", name=re.compile("^Reply|Send")).first)
    expect(ana.locator(".stream")).to_contain_text(answer)
    answer_on(sandbox, question, answer)


def test_on_a_phone(browse: Open) -> None:
    ana = browse("ana", "/inbox/care/", viewport=PHONE, has_touch=True, is_mobile=True)
    name = ana.locator(".row-link").first.text_content() or ""
    submit(ana.locator(".row-link").first)
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
    ana = awake(browse("ana", "/inbox/care/"))
    sandbox = say(browser, installation, question)
    take_pill_until(ana, question)
    ana.keyboard.press("Control+k")
    expect(ana.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    ana.keyboard.type(question)
    with another_page(ana):
        ana.keyboard.press("Enter")
    expect(ana.locator(".row")).to_have_count(1)
    awake(ana)
    ana.keyboard.press("j")
    ana.keyboard.press("Enter")
    expect(ana.locator("#thread .stream")).to_contain_text(question)
    ana.keyboard.press("m")
    owns(ana)
    ana.keyboard.press("r")
    expect(answer_box(ana)).to_be_focused()
    ana.keyboard.type(answer)
    ana.keyboard.press("Control+Enter")
    answer_on(sandbox, question, answer)


def long_answer() -> str:
    """Two posts on X; neither says what an earlier one said."""
    return f"We are sorry that bag {secrets.token_hex(3)} did not come with you; it flies tonight, lands at 22:40. " * 4


def chained(sandbox: Page, question: str, posts: list[str]) -> None:
    """The posts stand below the question, each once and in order."""
    thread = sandbox.locator(".thread", has_text=question)
    for post in posts:
        expect(thread.locator(".answers .post.brand", has_text=post)).to_have_count(1, timeout=SOON)
    expect(thread.locator(".answers .post.brand")).to_have_count(len(posts))


def test_a_long_answer_is_seen_as_a_thread_and_sent_as_one(
    browser: Browser, installation: Installation, browse: Open
) -> None:
    question = f"Where is my case {secrets.token_hex(3)}?"
    ana = awake(browse("ana", "/inbox/care/"))
    sandbox = say(browser, installation, question)
    take_pill_until(ana, question)
    open_row(ana, question)
    claim(ana)
    answer_box(ana).fill(long_answer())
    button = ana.get_by_role("button", name=re.compile("^Reply"))
    expect(button).to_be_disabled()
    expect(ana.locator(".c-posts li")).to_have_count(2, timeout=SOON)
    ana.get_by_label("Send as a thread of 2").check()
    expect(button).to_be_enabled()
    button.click()
    expect(ana.locator(".delivery[data-state=sent]")).to_have_count(2, timeout=SOON)
    chained(sandbox, question, ["1/2", "2/2"])


def test_a_thread_without_script(browser: Browser, installation: Installation, browse: Open) -> None:
    question = f"And my pram {secrets.token_hex(3)}?"
    sandbox = say(browser, installation, question)
    ana = browse("ana", "/inbox/care/", java_script_enabled=False)
    search(ana, question)
    until_shown(ana, row_of(ana, question))
    submit(row_of(ana, question).locator(".row-link"))
    answer_box(ana).fill(long_answer())
    button = ana.get_by_role("button", name=re.compile("^Claim and send|^Reply|^Send")).first
    submit(button)
    ana.get_by_label("Send as a thread of 2").check()
    submit(button)
    expect(ana.locator(".stream .msg[data-kind=reply]")).to_have_count(2)
    chained(sandbox, question, ["1/2", "2/2"])
