"""The day of somebody in Care, by keys alone: no pointer comes near the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Open
from tests.e2e.hands import Keys, pointers, written
from tests.e2e.installation import Installation
from tests.e2e.steps import (
    SOON,
    a_day,
    all_three,
    another_page,
    answer_box,
    answer_on,
    asked_for,
    awake,
    noted,
    owns,
    replied,
    tagged,
)

pytestmark = pytest.mark.timeout(900)


def test_the_whole_day(browser: Browser, installation: Installation, browse: Open) -> None:
    day = a_day(browser, installation, browse)
    ana = awake(browse("ana", "/inbox/care/"))
    touched = pointers(ana)
    keys = Keys(ana)
    _find(keys, day.word)
    _answer(keys, day.outside, day.asked, day.word)
    _answer_privately(keys, day.outside, day.told, day.word)
    _pass_on(keys, day.handed, day.word)
    _leave(keys)
    _act_on_many(keys, day.word)
    assert touched == []
    assert keys.counted == written("keys")


def test_a_click_would_be_counted(browse: Open) -> None:
    ana = browse("ana", "/inbox/care/")
    touched = pointers(ana)
    ana.get_by_role("button", name="Sort").focus()
    ana.keyboard.press("Enter")
    expect(ana.locator("#order-menu")).to_be_visible()
    assert touched == []
    ana.get_by_role("button", name="List options").click()
    expect(ana.locator("#list-menu")).to_be_visible()
    assert touched == ["pointerdown", "mousedown", "click"]


def _find(keys: Keys, word: str) -> None:
    """By the palette, until all three have come."""
    with keys.act("find"):
        keys.press("Control+k")
        expect(keys.page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
        keys.type(word)
        with another_page(keys.page):
            keys.press("Enter")
    all_three(keys.page)
    awake(keys.page)


def _open(keys: Keys, text: str) -> None:
    """Down the list to it, or up."""
    rows = keys.page.locator(".rows .row").count()
    for key in ["j"] * rows + ["k"] * rows:
        if keys.page.locator(".row:focus-within", has_text=text).count():
            break
        keys.press(key)
    keys.press("Enter")
    expect(keys.page.locator("#thread .stream")).to_contain_text(text, timeout=SOON)


def _answer(keys: Keys, sandbox: Page, asked: str, word: str) -> None:
    ana, answer = keys.page, f"In Oslo {word}"
    _open(keys, asked)
    with keys.act("claim"):
        keys.press("m")
        owns(ana)
    with keys.act("note"):
        keys.press("n")
        keys.type(f"Asked Oslo {word}")
        keys.press("Control+Enter")
        noted(ana, f"Asked Oslo {word}")
    with keys.act("tag"):
        keys.press("Escape", "t")
        expect(ana.locator("[popover]:popover-open input[name=add]")).to_be_focused()
        keys.type(word)
        keys.press("Enter")
        tagged(ana, word)
    with keys.act("reply"):
        keys.press("r")
        expect(answer_box(ana)).to_be_focused()
        keys.type(answer)
        keys.press("Control+Enter")
        expect(ana.locator(".delivery[data-state=sent]")).to_have_count(1, timeout=SOON)
    answer_on(sandbox, asked, answer)
    with keys.act("resolve"):
        keys.press("Escape", "Shift+E")
        expect(ana.locator("#toasts")).to_contain_text("Resolved", timeout=SOON)
    expect(ana.locator("#thread .stream")).not_to_contain_text(asked, timeout=SOON)  # the next one is open


def _answer_privately(keys: Keys, sandbox: Page, told: str, word: str) -> None:
    """What nobody has is claimed by answering it."""
    ana, answer = keys.page, f"Your address {word}"
    _open(keys, told)
    with keys.act("private"):
        keys.press("p")
        expect(answer_box(ana)).to_be_focused()
        keys.type(answer)
        keys.press("Control+Enter")
        replied(ana, answer)
    owns(ana)
    answer_on(sandbox, told, answer)
    keys.press("Escape")


def _pass_on(keys: Keys, handed: str, word: str) -> None:
    ana = keys.page
    _open(keys, handed)
    with keys.act("accept"):
        keys.press("y")
        owns(ana)
    with keys.act("hand off"):
        keys.press("h")
        expect(ana.locator("[popover]:popover-open").get_by_label("To", exact=True)).to_be_focused()
        keys.press("m", "Tab")
        keys.type(f"A campaign {word}")
        keys.press("Enter")
        asked_for(ana, f"A campaign {word}")
    with keys.act("snooze"):
        keys.press("z")
        expect(ana.locator("[popover]:popover-open .menu-item").first).to_be_focused()
        keys.press("Enter")
        expect(ana.locator("#toasts")).to_contain_text("Snoozed", timeout=SOON)


def _leave(keys: Keys) -> None:
    ana = keys.page
    with keys.act("next"), another_page(ana):
        keys.press("]")
    owns(ana)
    awake(ana)
    with keys.act("escalate"):
        keys.press("e")
        expect(ana.locator("[popover]:popover-open").get_by_label("To", exact=True)).to_be_focused()
        keys.press("p", "Tab", "Tab")
        keys.type("15")
        keys.press("Tab")
        keys.type("A journalist asks")
        keys.press("Enter")
        asked_for(ana, "A journalist asks")
    with keys.act("resolve with a reason"):
        keys.press("Shift+E")
        expect(ana.locator("[popover]:popover-open input[type=radio]:checked")).to_be_focused()
        keys.press("ArrowDown", "Tab")
        keys.type("Nobody to answer")
        keys.press("Enter")
        expect(ana.locator("#toasts")).to_contain_text("Resolved", timeout=SOON)


def _act_on_many(keys: Keys, word: str) -> None:
    ana = keys.page
    keys.press("Control+k")
    keys.type(word)
    with another_page(ana):
        keys.press("Enter")
    awake(ana)
    with keys.act("bulk"):
        keys.press("j", "x", "j", "j", "Shift+X")
        expect(ana.locator("[data-bulk-count]")).to_have_text("3 selected")
        keys.press("Control+k")
        keys.type("selected tag")
        with another_page(ana):
            keys.press("Enter")
        keys.type(f"many-{word}")
        with another_page(ana):
            keys.press("Enter")
        expect(ana.get_by_role("heading", name="3 of 3 will be done")).to_be_visible()
        with another_page(ana):
            keys.press("Enter")
        expect(ana.locator("#bulk-progress")).to_contain_text("3 done", timeout=SOON)
    with keys.act("undo"):
        with another_page(ana):
            keys.press("u")
        expect(ana.locator("#bulk-progress")).to_contain_text("3 of 3 taken back", timeout=SOON)
