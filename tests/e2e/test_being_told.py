"""Naming a colleague by key, and the colleague learning of it: list, number, window title and tone."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Open
from tests.e2e.installation import Installation
from tests.e2e.steps import SOON, answer_box, awake, find, owns, say, submit

pytestmark = pytest.mark.timeout(600)
TOLD = "Omar Haddad named you in a note: Jo Marlowe"


def test_a_colleague_is_named_by_key_and_told_at_once(
    browser: Browser, installation: Installation, browse: Open
) -> None:
    question = f"Who has tag {secrets.token_hex(3)}?"
    ana, omar = browse("ana", "/you/attention/"), browse("omar", "/inbox/care/")
    ana.get_by_label("Play a short tone").check()
    submit(ana.get_by_role("button", name="Save"))
    expect(ana.locator("#toasts")).to_contain_text("Saved.")
    awake(ana)
    ana.evaluate("document.addEventListener('attention:tone', () => { document.body.dataset.rang = 'yes'; })")
    ana.keyboard.press("Shift")  # browsers let a page sound after the first key
    say(browser, installation, question)
    find(omar, question)
    awake(omar)
    box = omar.locator(".c-note textarea")
    omar.keyboard.press("n")
    expect(box).to_be_focused()
    omar.keyboard.type("Ask @an")
    offered, opened = omar.get_by_role("option"), omar.locator("[data-colleague-list]:popover-open")
    expect(opened).to_have_count(1)
    expect(offered).to_have_count(1)
    expect(offered).to_have_attribute("aria-selected", "true")
    omar.keyboard.press("Enter")
    expect(box).to_have_value("Ask @ana.sandoval ")
    expect(opened).to_have_count(0)
    omar.keyboard.type("and @")
    expect(opened).to_have_count(1)
    omar.keyboard.press("Escape")  # closes the list and nothing else
    expect(opened).to_have_count(0)
    expect(box).to_be_focused()
    omar.keyboard.type("zoe")
    omar.get_by_role("button", name="Add note").click()
    expect(omar.locator("#toasts")).to_contain_text("Zoe Lindqvist does not see Northwind Air and was not told.")
    expect(omar.locator(".stream .named")).to_have_count(2, timeout=SOON)

    expect(ana).to_have_title(re.compile(r"^\(\d+\+?\) "), timeout=SOON)
    expect(ana.locator("body")).to_have_attribute("data-rang", "yes")
    expect(ana.locator('link[rel="icon"]')).to_have_attribute("type", "image/png")
    ana.keyboard.press("g")
    ana.keyboard.press("n")
    told = ana.locator("#notice-list li", has_text=TOLD).first
    expect(told).to_have_attribute("data-unread", "")
    told.get_by_role("link").click()
    expect(ana.locator(".stream .named[data-me]")).to_have_text("@ana.sandoval")
    expect(ana.locator(".thread-title [role=img]")).to_have_accessible_name(re.compile("Omar"), timeout=SOON)
    ana.goto(f"{installation.address}/notices/")
    expect(told).not_to_have_attribute("data-unread", "", timeout=SOON)


def test_who_answers_what_nobody_has_is_asked_to_claim_it(
    browser: Browser, installation: Installation, browse: Open
) -> None:
    question = f"Seat {secrets.token_hex(3)}?"
    say(browser, installation, question)
    omar = browse("omar", "/inbox/care/")
    find(omar, question)
    awake(omar)
    nudge = omar.locator("[data-nudge]")
    expect(nudge).to_be_hidden()
    omar.keyboard.press("r")
    expect(answer_box(omar)).to_be_focused()
    omar.keyboard.type("Hello")
    expect(nudge).to_be_visible()
    nudge.get_by_role("button", name="Claim").click()
    owns(omar)
    expect(nudge).to_be_hidden()
    expect(answer_box(omar)).to_have_value("Hello")
