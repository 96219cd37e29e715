"""How work finds its place and its people, through everything that `make run` starts."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PHONE, Open
from tests.e2e.installation import Installation
from tests.e2e.steps import (
    SOON,
    act,
    answer_box,
    answer_on,
    awake,
    claim,
    find,
    open_row,
    reply,
    say,
    send,
    submit,
    take_next,
    why_here,
)

pytestmark = pytest.mark.timeout(600)


def word() -> str:
    return f"zebra{secrets.token_hex(3)}"


def add(page: Page, question: str, value: str, button: str) -> None:
    """Add a line to the rule, and open its word."""
    page.get_by_label(question).select_option(value)
    submit(page.get_by_role("button", name=button))
    page.locator("button.tok").last.click()


def save_word(page: Page) -> None:
    submit(page.locator("[popover]:popover-open").get_by_role("button", name="Save"))


def test_a_rule_is_written_tried_and_turned_on(browser: Browser, installation: Installation, browse: Open) -> None:
    wanted = word()
    ada = browse("ada", "/rules/")
    submit(ada.get_by_role("button", name="New rule"))
    add(ada, "What to look at", "words", "Add a condition")
    ada.get_by_label("Words and phrases").fill(wanted)
    save_word(ada)
    add(ada, "What to do", "queue", "Add an action")
    ada.locator("[popover]:popover-open").get_by_label("PR").check()
    save_word(ada)
    expect(ada.locator(".readback")).to_contain_text(wanted)
    submit(ada.get_by_role("button", name="Run"))
    expect(ada.locator("#bt")).to_contain_text(re.compile("would have moved|No message was routed"), timeout=SOON)
    submit(ada.get_by_role("button", name="Turn on"))
    expect(ada.locator("#toasts")).to_contain_text("The rule is on.")
    say(browser, installation, f"my {wanted} is gone")
    ben = browse("ben", "/inbox/pr/")
    find(ben, wanted)
    why_here(ben, ben.locator(".timeline", has_text="put it into PR"))
    expect(ben.locator(".timeline")).to_contain_text(wanted)


def test_next_is_answered_and_the_next_one_comes(browse: Open) -> None:
    ana = browse("ana", "/inbox/care/")
    first = take_next(ana)
    reply(ana, f"We look at it {word()}")
    assert take_next(ana) != first


def test_skipping_asks_why_and_gives_another(browse: Open) -> None:
    omar = browse("omar", "/inbox/care/")
    first = take_next(omar)
    dialog = act(omar, "Skip")
    dialog.get_by_label("Why").fill("I know the person")
    dialog.get_by_role("button", name="Skip").click()
    expect(omar.locator("#toasts")).to_contain_text("back in its queue")
    assert take_next(omar) != first


def test_an_escalation_is_acknowledged_by_the_supervisor(
    browser: Browser, installation: Installation, browse: Open
) -> None:
    question = f"Do you comment on {word()}?"
    say(browser, installation, question, followers=60_000)
    ben = browse("ben", "/inbox/pr/")
    find(ben, question)
    claim(ben)
    awake(ben)
    dialog = act(ben, "Escalate")
    dialog.get_by_label("To", exact=True).select_option(label="Care")
    dialog.get_by_label("Minutes to acknowledge it").fill("15")
    dialog.get_by_label("Why").fill("A minister asks")
    dialog.get_by_role("button", name="Escalate").click()
    expect(ben.locator(".ask")).to_contain_text("A minister asks", timeout=SOON)
    omar = browse("omar", "/inbox/asks/")
    open_row(omar, question)
    expect(omar.locator(".ask")).to_contain_text("A minister asks")
    omar.get_by_role("button", name="Acknowledge").click()
    expect(omar.locator("#toasts")).to_contain_text("nobody is chased")
    expect(ben.locator(".ask")).to_contain_text("Omar Haddad", timeout=SOON)  # without a reload


def test_content_is_asked_for_and_inserted(browser: Browser, installation: Installation, browse: Open) -> None:
    question, words = f"What does {word()} offer?", f"Two seats for one {word()}"
    sandbox = say(browser, installation, question)
    ana = browse("ana", "/inbox/care/")
    find(ana, question)
    claim(ana)
    awake(ana)
    dialog = act(ana, "Ask for content")
    dialog.get_by_label("From").select_option(label="Marketing")
    dialog.get_by_label("What you need").fill("The offer in one line")
    dialog.get_by_role("button", name="Ask").click()
    expect(ana.locator(".ask")).to_contain_text("The offer in one line", timeout=SOON)
    mia = browse("mia", "/inbox/asks/")
    open_row(mia, question)
    mia.get_by_label("The content").fill(words)
    mia.get_by_role("button", name="Give it").click()
    ana.get_by_role("button", name="Insert").click(timeout=SOON)  # without a reload
    expect(answer_box(ana)).to_have_value(words)
    send(ana)
    answer_on(sandbox, question, words)


def test_a_wrong_verdict_is_put_right(browser: Browser, installation: Installation, browse: Open) -> None:
    question = f"Thank you for {word()}"
    say(browser, installation, question)
    ana = browse("ana", "/inbox/care/")
    find(ana, question)
    wrong = ana.get_by_role("button", name="Wrong? mood")
    why_here(ana, wrong)
    wrong.click()
    submit(ana.locator(".menu:popover-open").get_by_role("button", name="negative"))
    wrong.click()
    submit(ana.get_by_role("link", name="All verdicts"))
    expect(ana.locator("#detail")).to_contain_text(question)
    expect(ana.get_by_role("row", name="Mood")).to_contain_text("Corrected by a person")


def test_next_and_answer_on_a_phone(browse: Open) -> None:
    ana = browse("ana", "/inbox/care/", viewport=PHONE, has_touch=True, is_mobile=True)
    first = take_next(ana)
    reply(ana, f"On it {word()}")
    assert ana.evaluate("document.documentElement.scrollWidth <= innerWidth")
    submit(ana.get_by_role("link", name="Back to list"))
    expect(ana.locator("#list")).to_be_visible()
    assert take_next(ana) != first


def test_a_stale_page_says_whose_it_is_now(browser: Browser, installation: Installation, browse: Open) -> None:
    question, answer = f"Is {word()} on time?", f"It is {word()}"
    sandbox = say(browser, installation, question)
    ana = browse("ana", "/inbox/care/")
    find(ana, question)
    claim(ana)
    ana.evaluate("() => { window.fetch = () => new Promise(() => {}); }")  # the ping does not reach this screen
    omar = browse("omar", ana.url.removeprefix(installation.address))
    omar.get_by_role("button", name="Take over").first.click()
    omar.locator("[popover]:popover-open").get_by_role("button", name="Take over").click()
    expect(omar.locator(".thread-facts")).to_contain_text("You", timeout=SOON)
    answer_box(ana).fill(answer)
    send(ana)
    expect(ana.locator("#thread")).to_contain_text("Omar Haddad owns", timeout=SOON)
    expect(answer_box(ana)).to_have_value(answer)  # the text is safe
    expect(sandbox.locator(".thread", has_text=question)).not_to_contain_text(answer)
