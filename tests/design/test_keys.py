"""What the keyboard does in lists and menus: select, range, undo the selection, find, choose, and come back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.conftest import WITH_BROWSER
from tests.design.conftest import eventually, posted
from tests.design.server import ScreenServer, render_template

pytestmark = pytest.mark.skipif(not WITH_BROWSER, reason="browser tests are left out on purpose (E2E=0)")


def selected(page: Page) -> list[str]:
    return page.locator(".row-check:checked").evaluate_all("boxes => boxes.map(box => box.value)")


def bar(page: Page) -> Locator:
    return page.locator("#bulk")


def test_x_selects_a_row_and_shift_x_up_to_here(live: Page) -> None:
    press, count = live.keyboard.press, live.locator("[data-bulk-count]")
    expect(bar(live)).to_be_hidden()
    press("j")
    press("x")
    expect(count).to_have_text("1 selected")
    expect(bar(live)).to_be_visible()
    expect(live.locator("#row-46 .row-link")).to_be_focused()
    press("j")
    press("j")
    press("Shift+X")
    expect(count).to_have_text("3 selected")
    assert selected(live) == ["46", "47", "48"]
    expect(live.locator("#live")).to_contain_text("3 selected")
    press("x")
    expect(count).to_have_text("2 selected")
    press("k")
    press("k")
    press("k")
    press("Shift+X")  # upwards as well: from the last tick to here
    expect(count).to_have_text("4 selected")
    assert selected(live) == ["45", "46", "47", "48"]


def test_what_comes_unfolded_leaves_the_focus_where_it_is(live: Page) -> None:
    live.keyboard.press("r")
    expect(live.locator("#reply-45")).to_be_focused()
    live.evaluate("""() => new Promise(done => {
        const folded = document.createElement("details");
        folded.append(document.createElement("summary"), document.createElement("button"));
        folded.open = true;
        folded.addEventListener("toggle", done, { once: true });
        document.getElementById("customer").append(folded);
    })""")
    expect(live.locator("#reply-45")).to_be_focused()


def test_x_in_a_text_is_a_letter(live: Page) -> None:
    live.locator("#reply-45").fill("")
    live.keyboard.type("xX")
    expect(live.locator("#reply-45")).to_have_value("xX")
    expect(bar(live)).to_be_hidden()


def test_all_that_are_shown_and_none_again_by_keys_alone(live: Page) -> None:
    rows, every = live.locator(".rows .row").count(), live.locator("[data-bulk-all]")
    every.focus()
    live.keyboard.press("Space")
    expect(live.locator("[data-bulk-count]")).to_have_text(f"{rows} selected")
    live.get_by_role("button", name="Clear selection").focus()
    live.keyboard.press("Enter")
    expect(bar(live)).to_be_hidden()
    expect(every).not_to_be_checked()
    assert selected(live) == []


def test_what_is_selected_is_acted_on_from_the_palette(server: ScreenServer, live: Page) -> None:
    press, options = live.keyboard.press, live.locator("#palette [role=option]")
    press("Control+k")
    live.keyboard.type("with the selected")
    expect(live.locator("#palette .p-none")).to_be_visible()  # nothing is selected
    press("Escape")
    press("j")
    press("x")
    press("j")
    press("x")
    press("Control+k")
    live.keyboard.type("selected tag")
    expect(options).to_have_text(["With the selected: Tag"])
    press("Enter")
    eventually(live, lambda: len(posted(server, "/bulk/")) == 1)
    body = posted(server, "/bulk/")[0]
    assert "act=tag" in body
    assert "c=46&c=47" in body


def test_the_palette_goes_up_and_down_and_gives_the_focus_back(live: Page) -> None:
    press, options = live.keyboard.press, live.locator("#palette [role=option]")
    live.locator("#row-47 .row-link").focus()
    press("Control+k")
    expect(options.nth(1)).to_be_visible()
    press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(options.first).to_have_attribute("aria-selected", "false")
    press("ArrowUp")
    press("ArrowUp")  # from the first to the last
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(live.locator("#palette-q")).to_be_focused()
    press("Escape")
    expect(live.locator("#palette")).to_be_hidden()
    expect(live.locator("#row-47 .row-link")).to_be_focused()


def test_the_order_is_chosen_by_keys(live: Page) -> None:
    press, menu = live.keyboard.press, live.locator("#order-menu")
    button = live.get_by_role("button", name="Sort")
    button.focus()
    press("Enter")
    expect(menu.locator(".menu-item").first).to_be_focused()
    press("ArrowDown")
    expect(menu.locator(".menu-item").nth(1)).to_be_focused()
    press("ArrowDown")  # and round
    expect(menu.locator(".menu-item").first).to_be_focused()
    press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


@dataclass(frozen=True)
class Reply:
    pk: int
    name: str
    text: str
    effect: str = "Not used yet"
    missing: tuple[str, ...] = ()


@pytest.fixture
def saved(server: ScreenServer) -> None:
    replies = [Reply(1, "Sorry", "Sorry, Hanne."), Reply(2, "Bag", "Your bag is in Oslo.")]
    for search, found in (("", replies), ("bag", replies[1:])):
        html = render_template("replies/_offered.html", {"pk": 45, "search": search, "replies": found, "suggested": []})
        server.fragments[f"/conversations/45/saved-replies/?text={search}"] = html


@pytest.mark.usefixtures("saved")
def test_a_slash_opens_the_saved_replies_and_enter_puts_one_in(live: Page) -> None:
    press, menu, box = live.keyboard.press, live.locator("#saved-menu-45"), live.locator("#reply-45")
    box.fill("")
    press("/")
    expect(menu).to_be_visible()
    expect(menu.get_by_role("combobox")).to_be_focused()
    expect(menu.get_by_role("option")).to_have_count(2)
    live.keyboard.type("bag")
    expect(menu.get_by_role("option")).to_have_count(1)
    press("Enter")
    expect(menu).to_be_hidden()
    expect(box).to_be_focused()
    expect(box).to_have_value("Your bag is in Oslo.")


@pytest.mark.usefixtures("saved")
def test_escape_leaves_the_saved_replies_and_the_text_as_it_was(live: Page) -> None:
    press, menu, box = live.keyboard.press, live.locator("#saved-menu-45"), live.locator("#reply-45")
    box.fill("Dear Hanne, ")
    press("/")
    expect(menu.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    press("ArrowDown")
    expect(menu.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
    press("Escape")
    expect(menu).to_be_hidden()
    expect(box).to_be_focused()
    expect(box).to_have_value("Dear Hanne, ")


@pytest.mark.usefixtures("saved")
def test_a_second_slash_is_a_slash(live: Page) -> None:
    live.locator("#reply-45").fill("")
    live.keyboard.press("/")
    expect(live.locator("#saved-menu-45").get_by_role("option")).to_have_count(2)
    live.keyboard.press("/")
    expect(live.locator("#saved-menu-45")).to_be_hidden()
    expect(live.locator("#reply-45")).to_be_focused()
    expect(live.locator("#reply-45")).to_have_value("/")
