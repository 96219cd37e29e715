"""Hands that count what they do for each act, and a page that counts what a pointer does to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from tests.e2e.installation import ROOT

# A key that presses a button makes a click too, of detail 0.
WATCH = """for (const kind of ["pointerdown", "mousedown", "touchstart", "wheel", "click"])
  addEventListener(kind, (event) => (kind !== "click" || event.detail > 0) && pointed(kind), { capture: true });"""


class Keys:
    """Never anything but keys, counted for each act; a key that is held with another is one, typed words are none."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.counted: Counter[str] = Counter()
        self._act = ""

    @contextmanager
    def act(self, name: str) -> Iterator[None]:
        """What is pressed in the block is pressed for this act."""
        before, self._act = self._act, name
        yield
        self._act = before

    def press(self, *keys: str) -> None:
        if self._act:
            self.counted[self._act] += len(keys)
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)


def written() -> dict[str, int]:
    """What docs/keys.md says that each act costs."""
    lines = [line.split("|") for line in (ROOT / "docs" / "keys.md").read_text().splitlines() if line.startswith("| ")]
    return {line[1].strip(): int(line[2]) for line in lines[1:]}


def pointers(page: Page) -> list[str]:
    """The list that grows with each thing that a pointer does to this page from now on, over all its addresses."""
    seen: list[str] = []

    def pointed(kind: str) -> None:
        seen.append(kind)

    page.expose_function("pointed", pointed)
    page.add_init_script(WATCH)
    page.evaluate(WATCH)
    return seen
