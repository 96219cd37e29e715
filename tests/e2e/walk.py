"""Every screen of the manifest in a running demo: axe finds nothing, nothing is wider than the window, no script
complains; light on a desk, and dark on a phone. It prints how often it looked and what it found.

SCREENS=<directory>: in all four looks, and the pictures are left there.
ONLY="search* bulk*": only the screens with such names.
SPEAKS=de: by people whose browser asks for that language.
PLANT=1: puts a picture without words on every screen, to see that it is found, and says in how many looks it was.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from playwright.sync_api import Browser, ConsoleMessage, Page, TimeoutError

from tests.design.server import serving
from tests.e2e.conftest import DRAWN_LATE, PASSWORD, PHONE, WIDE
from tests.e2e.installation import Installation
from tests.e2e.steps import awake
from tests.screens.manifest import MID_SIGN_IN, SAMPLED, SCREENS, Screen

pytestmark = pytest.mark.timeout(5400)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS = {"light": (WIDE, "light"), "dark": (WIDE, "dark"), "phone": (PHONE, "light"), "phone-dark": (PHONE, "dark")}
# The other scheme is painted, and no colour is on its way any more.
PAINTED = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
  for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish();
  done();
})))"""
PATIENCE_MS = 60_000  # nothing is measured here, and the machine may be busy
BOTH_ENDS = ("light", "phone-dark")  # without pictures: either scheme and either size is enough
# What the browser notes where we refuse on purpose.
KNOWN = ("status of 403", "status of 404", "status of 409", "status of 422", DRAWN_LATE)
PLANTED = "document.body.append(document.createElement('img'))"
FIRES = ("image-alt", ["<img>"])  # what axe says of it
Made = dict[str, Any]


def names() -> set[str]:
    return {MID_SIGN_IN, *SAMPLED, *(screen.name for screen in SCREENS)}


def wanted(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in os.environ.get("ONLY", "*").split())


@pytest.fixture(scope="module")
def made(installation: Installation, signed_in: Callable[[str], Any]) -> Made:
    """What the stage has made; Zoe signs in before she is given a second factor."""
    signed_in("zoe")
    return dict(json.loads(installation.run("tests.screens.stage")))


class Looker:
    """Looks at pages one after the other, in one window for each person."""

    def __init__(self, browser: Browser, signed_in: Callable[[str], Any]) -> None:
        self._browser, self._signed_in = browser, signed_in
        self._pages: dict[str, Page] = {}
        self._said: list[str] = []
        self._pictures = os.environ.get("SCREENS", "")
        self._planting = bool(os.environ.get("PLANT"))
        self._locale = os.environ.get("SPEAKS", "en")
        self._looks = {name: look for name, look in LOOKS.items() if self._pictures or name in BOTH_ENDS}
        self.found: dict[str, list[object]] = {}
        self.looked: Counter[str] = Counter()
        self.fired = 0

    def page_of(self, who: str) -> Page:
        if who not in self._pages:
            state = self._signed_in(who) if who else None
            context = self._browser.new_context(storage_state=state, reduced_motion="reduce", locale=self._locale)
            page = context.new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.on("console", self._hear)
            page.on("pageerror", lambda error: self._said.append(str(error)))
            self._pages[who] = page
        return self._pages[who]

    def visit(self, screen: Screen, address: str, made: Made) -> None:
        """Look at a screen of the manifest, in its state."""

        def into_its_state(page: Page) -> None:
            if resolve(urlsplit(page.url).path).url_name != screen.route:
                self._note(screen.name, "address", [f"led to {page.url}"])
            if screen.opens:
                _open(page, screen.opens.format(**made))
            if screen.keys:
                awake(page)
            for key in screen.keys.split():
                page.keyboard.press(key)
            if screen.writes or screen.presses:
                _write(page, screen, made)
            if screen.shows:
                page.locator(screen.shows.format(**made)).first.wait_for()

        self.look(screen.who, screen.name, address + screen.path(made), into_its_state)

    def look(self, who: str, name: str, url: str, then: Callable[[Page], None] = lambda page: None) -> None:
        """Open it, do something with it, and see what is wrong with it in each look."""
        if not wanted(name):
            return
        page = self.page_of(who)
        self._said.clear()
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light")
        page.goto("about:blank")  # an address that differs by what follows # only would not be loaded again
        page.goto(url, wait_until="load")
        page.evaluate("document.fonts.ready")
        try:
            then(page)
        except TimeoutError as error:
            self._note(name, "state", [error.message.splitlines()[0]])
        if self._planting:
            page.evaluate(PLANTED)
        for look, (size, scheme) in self._looks.items():
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.evaluate(PAINTED)
            self.looked[look] += 1
            faults = self._faults(page)
            self.fired += FIRES in faults
            self._note(name, look, faults)
            self._picture(page, f"{name}-{look}")
        self._note(name, "script", list(self._said))

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning") and not any(known in said.text for known in KNOWN):
            self._said.append(said.text)

    def _note(self, name: str, look: str, faults: list[Any]) -> None:
        if faults:
            self.found[f"{name} ({look})"] = faults

    def _faults(self, page: Page) -> list[Any]:
        broken = Axe().run(page, options={**RULES, "resultTypes": ["violations"]}).response["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        rules = [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in broken]
        return [*rules, *(["wider than the window"] if wide else [])]

    def _picture(self, page: Page, name: str) -> None:
        if self._pictures:
            page.screenshot(path=str(Path(self._pictures) / f"{name}.png"))

    def __str__(self) -> str:
        looks = ", ".join(f"{look} {count}" for look, count in self.looked.items())
        faults = "".join(f"\n  {name}: {what}" for name, what in self.found.items())
        planted = f"; the planted fault was found {self.fired} times" if self._planting else ""
        return f"axe looked {self.looked.total()} times ({looks}); with faults: {len(self.found)}{planted}{faults}"

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()


def _open(page: Page, name: str) -> None:
    """Open a menu as people do, by its button; where that is in another menu, without it."""
    button = page.locator(f"[popovertarget='{name}']:visible").first
    if button.count():
        button.click()
    else:
        page.locator(f"[id='{name}']").evaluate("e => e.showModal ? e.showModal() : e.showPopover()")


def _write(page: Page, screen: Screen, made: Made) -> None:
    """Write as people do, once the scripts are awake, and press."""
    if page.locator("body[data-live]").count():
        awake(page)
    for field, text in screen.writes.items():
        box = page.locator(field.format(**made))
        box.fill("")
        box.press_sequentially(text)
    if screen.presses:
        page.locator(screen.presses.format(**made)).first.click()


@pytest.fixture
def looker(browser: Browser, signed_in: Callable[[str], Any], capsys: pytest.CaptureFixture[str]) -> Iterator[Looker]:
    looker = Looker(browser, signed_in)
    yield looker
    looker.close()
    with capsys.disabled():
        sys.stdout.write(f"\n{looker}\n")


def test_what_is_asked_for_exists() -> None:
    asked = os.environ.get("ONLY", "*").split()
    assert [pattern for pattern in asked if not any(fnmatch(name, pattern) for name in names())] == []


def test_every_screen_is_accessible_and_fits(installation: Installation, made: Made, looker: Looker) -> None:
    for screen in SCREENS:
        looker.visit(screen, installation.address, made)
    assert looker.found == {}


def test_half_way_in(installation: Installation, made: Made, looker: Looker) -> None:
    page = looker.page_of("")
    page.goto(f"{installation.address}/account/login/")
    page.get_by_label("Work email").fill("zoe@northwind.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/2fa/authenticate/**")
    looker.look("", MID_SIGN_IN, page.url)
    assert looker.found == {}


def test_every_sample_is_in_the_pictures(looker: Looker) -> None:
    with serving() as server:
        for route, sample in SAMPLED.items():
            looker.look("", route, f"{server.address}/{sample}")
    assert looker.found == {}
