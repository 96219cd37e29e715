"""Hands that count what they do for each act, and a page that counts what a pointer does to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page

from tests.e2e.installation import ROOT
from tests.e2e.steps import another_page, awake

# A key that presses a button makes a click too, of detail 0.
WATCH = """for (const kind of ["pointerdown", "mousedown", "touchstart", "wheel", "click"])
  addEventListener(kind, (event) => (kind !== "click" || event.detail > 0) && pointed(kind), { capture: true });"""


class Hands:
    """What somebody does at a page, counted for each act."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.counted: Counter[str] = Counter()
        self._act = ""

    @contextmanager
    def act(self, name: str) -> Iterator[None]:
        """What is done in the block is done for this act."""
        before, self._act = self._act, name
        yield
        self._act = before

    def count(self, times: int) -> None:
        if self._act:
            self.counted[self._act] += times


class Keys(Hands):
    """Never anything but keys; a key that is held with another is one, typed words are none."""

    def press(self, *keys: str) -> None:
        self.count(len(keys))
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)


class Pointer(Hands):
    """What is shown is pressed: tapped where there is something to touch, else clicked; typed words are none."""

    def __init__(self, page: Page, *, touch: bool, script: bool) -> None:
        super().__init__(page)
        self._touch, self._script = touch, script
        self.settle()

    def press(self, thing: Locator) -> None:
        self.count(1)
        if self._touch:
            thing.tap()
        else:
            thing.click()

    def follow(self, thing: Locator) -> None:
        """Press what leads to another page."""
        with another_page(self.page):
            self.press(thing)
        self.settle()

    def settle(self) -> None:
        """Wait until the page does what its scripts make of it, where it has any: a form would only post before."""
        if self._script:
            awake(self.page)

    def write(self, box: Locator, text: str) -> None:
        """Into the box, which is pressed first, and then word by word."""
        self.press(box)
        self.page.keyboard.type(text)

    def enter(self) -> None:
        """The key of a phone's keyboard that sends a form of one line."""
        self.count(1)
        with another_page(self.page):
            self.page.keyboard.press("Enter")
        self.settle()

    def choose(self, box: Locator, label: str) -> None:
        """From a list of the browser's own: one opens it, one takes this."""
        self.count(2)
        box.select_option(label=label)


def written(column: str) -> dict[str, int]:
    """What docs/keys.md says in this column of the acts: where it says anything."""
    lines = [line.split("|") for line in (ROOT / "docs" / "keys.md").read_text().splitlines() if line.startswith("| ")]
    heads, *acts = [[cell.strip() for cell in line] for line in lines]
    at = heads.index(column)
    return {line[1]: int(line[at]) for line in acts if line[at]}


def pointers(page: Page) -> list[str]:
    """The list that grows with each thing that a pointer does to this page from now on, over all its addresses."""
    seen: list[str] = []

    def pointed(kind: str) -> None:
        seen.append(kind)

    page.expose_function("pointed", pointed)
    page.add_init_script(WATCH)
    page.evaluate(WATCH)
    return seen
