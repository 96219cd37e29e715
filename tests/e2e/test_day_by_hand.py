"""The core of the day by thumb on a phone, and without script: what is shown is pressed, and nothing else."""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.conftest import PHONE, Open
from tests.e2e.hands import Pointer, written
from tests.e2e.installation import Installation
from tests.e2e.steps import (
    SEARCH,
    Day,
    a_day,
    act,
    all_three,
    answer_box,
    answer_on,
    asked_for,
    noted,
    owns,
    replied,
    row_of,
    say,
    tagged,
    until_shown,
)

pytestmark = pytest.mark.timeout(900)


def test_by_thumb_on_a_phone(browser: Browser, installation: Installation, browse: Open) -> None:
    thumb = _through_the_day(browser, installation, browse, viewport=PHONE, has_touch=True, is_mobile=True)
    assert thumb.counted == written("taps")


def test_without_script(browser: Browser, installation: Installation, browse: Open) -> None:
    _through_the_day(browser, installation, browse, java_script_enabled=False)


def test_what_leads_to_the_list_is_taken_back_there(browser: Browser, installation: Installation, browse: Open) -> None:
    word = f"zebra{secrets.token_hex(3)}"
    say(browser, installation, f"Where is my {word}?")
    ana = browse("ana", f"/inbox/all/?q={word}", viewport=PHONE, has_touch=True, is_mobile=True)
    until_shown(ana, row_of(ana, word))
    hand = Pointer(ana, touch=True, script=True)
    _open(hand, word)
    hand.press(_button(hand, "Snooze"))
    hand.press(_menu(hand).get_by_role("button").first)
    _take_back(hand, "Snoozed until", "It is awake.")
    _open(hand, word)
    _decline(hand)
    _take_back(hand, "Resolved.", "It is open again.")
    _open(hand, word)
    expect(ana.locator(".thread-title")).not_to_contain_text("Resolved")


def _take_back(hand: Pointer, done: str, undone: str) -> None:
    """On the list to which it led; a toast that has the focus stays."""
    toasts = hand.page.locator("#toasts")
    undo = toasts.get_by_role("button", name="Undo")
    undo.focus()
    expect(hand.page.locator("[data-show=list]")).to_be_attached()
    expect(toasts).to_contain_text(done)
    hand.settle()
    hand.press(undo)
    expect(toasts).to_contain_text(undone)


def _through_the_day(browser: Browser, installation: Installation, browse: Open, **look: Any) -> Pointer:
    day = a_day(browser, installation, browse)
    ana = browse("ana", "/inbox/all/", **look)
    hand = Pointer(ana, touch="has_touch" in look, script=look.get("java_script_enabled", True))
    _find(hand, day.word)
    _answer(hand, day)
    _answer_privately(hand, day)
    _pass_on(hand, day)
    _act_on_many(hand, day.word)
    ana.goto(f"{installation.address}/inbox/care/")
    hand.settle()
    _go_on(hand)
    return hand


def _find(hand: Pointer, word: str) -> None:
    views = hand.page.get_by_role("link", name="Open views")
    with hand.act("find"):
        if views.is_visible():
            hand.press(views)
        hand.write(hand.page.get_by_label(SEARCH), word)
        hand.enter()
    all_three(hand.page)
    hand.settle()


def _open(hand: Pointer, text: str) -> None:
    hand.follow(row_of(hand.page, text).locator(".row-link"))
    expect(hand.page.locator("#thread .stream")).to_contain_text(text)


def _back(hand: Pointer, word: str) -> None:
    """Where the list is: beside the conversation, or a tap away; it is the one that was searched for."""
    back = hand.page.get_by_role("link", name="Back to list")
    if back.is_visible():
        hand.follow(back)
    _is_the_list(hand, word)


def _is_the_list(hand: Pointer, word: str) -> None:
    expect(hand.page).to_have_url(re.compile(rf"/inbox/all/(\d+/)?\?q={word}$"))
    expect(hand.page.locator(".rows .row")).to_have_count(3)
    expect(hand.page.locator(".rows .row-link").first).to_be_visible()
    hand.settle()


def _button(hand: Pointer, name: str) -> Locator:
    return hand.page.locator("#thread").get_by_role("button", name=name, exact=True)


def _menu(hand: Pointer) -> Locator:
    """What has opened: all of it is on the screen."""
    menu = hand.page.locator("[popover]:popover-open")
    expect(menu).to_be_in_viewport(ratio=1)
    return menu


def _answer(hand: Pointer, day: Day) -> None:
    ana, word = hand.page, day.word
    with hand.act("open"):
        _open(hand, day.asked)
    with hand.act("claim"):
        hand.press(_button(hand, "Claim"))
        owns(ana)
    with hand.act("note"):
        hand.press(ana.get_by_text("Note", exact=True))
        hand.write(ana.get_by_role("textbox", name="Internal note"), f"Asked Oslo {word}")
        hand.press(_button(hand, "Add note"))
        noted(ana, f"Asked Oslo {word}")
    with hand.act("tag"):
        hand.press(_button(hand, "Add a tag"))
        hand.write(_menu(hand).get_by_label("Tag"), word)
        hand.press(_menu(hand).get_by_role("button", name="Add"))
        tagged(ana, word)
    hand.press(ana.get_by_text("Public", exact=True))
    with hand.act("reply"):
        hand.write(answer_box(ana), f"In Oslo {word}")
        hand.press(_button(hand, "Reply"))
        replied(ana, f"In Oslo {word}")
    answer_on(day.outside, day.asked, f"In Oslo {word}")
    until_shown(ana, ana.locator(".btn-split"))  # our answer is the last word
    hand.settle()
    with hand.act("resolve"):
        hand.press(_button(hand, "Resolve"))
        _is_the_list(hand, word)
    _open(hand, f"In Oslo {word}")
    expect(ana.locator(".thread-title")).to_contain_text("Resolved")
    _back(hand, word)


def _answer_privately(hand: Pointer, day: Day) -> None:
    """What nobody has is claimed by answering it."""
    ana, answer = hand.page, f"Your address {day.word}"
    _open(hand, day.told)
    with hand.act("private"):
        hand.write(answer_box(ana), answer)
        hand.press(_button(hand, "Claim and send"))
        replied(ana, answer)
    owns(ana)
    answer_on(day.outside, day.told, answer)
    _back(hand, day.word)


def _pass_on(hand: Pointer, day: Day) -> None:
    ana, why = hand.page, f"A campaign {day.word}"
    _open(hand, day.handed)
    with hand.act("accept"):
        hand.press(_button(hand, "Accept"))
        owns(ana)
    with hand.act("hand off"):
        form = act(ana, "Hand off", hand.press)
        hand.choose(form.get_by_label("To", exact=True), "Marketing")
        hand.write(form.get_by_label("Why"), why)
        hand.press(form.get_by_role("button", name="Hand off"))
        asked_for(ana, why)
    with hand.act("snooze"):
        hand.press(_button(hand, "Snooze"))
        hand.press(_menu(hand).get_by_role("button").first)
        _is_the_list(hand, day.word)
    _open(hand, day.handed)
    expect(ana.locator(".thread-title")).to_contain_text("Snoozed")
    with hand.act("resolve with a reason"):
        _decline(hand)
        _is_the_list(hand, day.word)
    _open(hand, day.handed)
    expect(ana.locator(".thread-title")).to_contain_text("Resolved")
    _back(hand, day.word)


def _go_on(hand: Pointer) -> None:
    ana = hand.page
    with hand.act("next"):
        hand.follow(ana.get_by_role("button", name="Next", exact=True))
    owns(ana)
    with hand.act("escalate"):
        form = act(ana, "Escalate", hand.press)
        hand.choose(form.get_by_label("To", exact=True), "PR")
        hand.write(form.get_by_label("Why"), "A journalist asks")
        hand.press(form.get_by_role("button", name="Escalate"))
        asked_for(ana, "A journalist asks")


def _decline(hand: Pointer) -> None:
    hand.press(_button(hand, "Resolve"))
    hand.press(_menu(hand).get_by_label("Won’t respond"))
    hand.write(_menu(hand).get_by_label("Reason"), "They withdrew it")
    hand.press(_menu(hand).get_by_role("button", name="Resolve"))


def _act_on_many(hand: Pointer, word: str) -> None:
    ana = hand.page
    with hand.act("bulk"):
        for box in ana.locator(".row-check").all():
            hand.press(box)
        hand.follow(ana.locator("#bulk").get_by_role("button", name="Tag"))
        hand.write(ana.get_by_label("Add"), f"many-{word}")
        hand.follow(ana.get_by_role("button", name="Preview"))
        expect(ana.get_by_role("heading", name="3 of 3 will be done")).to_be_visible()
        hand.follow(ana.get_by_role("button", name="Run"))
        until_shown(ana, ana.locator("#bulk-progress", has_text="3 done"))
    with hand.act("undo"):
        hand.follow(ana.get_by_role("button", name="Undo"))
        until_shown(ana, ana.locator("#bulk-progress", has_text="3 of 3 taken back"))
    assert ana.evaluate("document.documentElement.scrollWidth <= innerWidth")
