"""Every screen in a real browser: accessible, quiet, no wider than the phone, and obeying the content policy.

Without motion: what fades in has too little contrast for a moment.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.conftest import WITH_BROWSER
from tests.design import samples
from tests.design.server import STATIC, render, serving

needs_browser = pytest.mark.skipif(not WITH_BROWSER, reason="browser tests are left out on purpose (E2E=0)")
NAMES = sorted(samples.screens())
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
EVERY_LOOK = {"storyboard", "inbox", "thread"}  # the others in two looks: light, and dark on a phone
LOOKS = {"light": (WIDE, "light"), "dark": (WIDE, "dark"), "phone": (PHONE, "light"), "phone-dark": (PHONE, "dark")}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as server:
        yield server.address


@needs_browser
@pytest.mark.timeout(900)
@pytest.mark.parametrize("look", LOOKS)
def test_every_screen_is_accessible_quiet_and_fits(address: str, browser: Browser, look: str) -> None:
    size, scheme = LOOKS[look]
    names = [name for name in NAMES if name in EVERY_LOOK or look in {"light", "phone-dark"}]
    with closing(browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        found = {name: faults(page, f"{address}/{name}", complaints) for name in names}
    assert {name: what for name, what in found.items() if what} == {}


def faults(page: Page, url: str, complaints: list[str]) -> list[object]:
    """What is wrong with one screen: accessibility, words on the console, too wide."""
    complaints.clear()
    page.goto(url, wait_until="load")
    page.evaluate("document.fonts.ready")
    rules = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    found: list[object] = [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in rules]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, *complaints, *(["wider than the window"] if wide else [])]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_inline(name: str) -> None:
    html = render(name)
    assert html
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", html)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))
    assert not re.search(r"""(?:src|srcset)=["']https?://""", html), "pictures come through our own proxy only"


def test_ids_are_unique_on_every_screen() -> None:
    for name in NAMES:
        ids = re.findall(r'\sid="([^"]+)"', render(name) or "")
        assert len(ids) == len(set(ids)), (name, {each for each in ids if ids.count(each) > 1})


def test_every_icon_is_in_the_sprite() -> None:
    known = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "img/sprite.svg").read_text()))
    used = {icon for name in NAMES for icon in re.findall(r"sprite[.\w]*svg#([\w-]+)", render(name) or "")}
    assert used <= known


def test_raw_colours_stand_in_the_tokens_only() -> None:
    raw = re.compile(r"oklch\([\d.]|#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|\brgba?\(|\bhsla?\(")
    for path in (STATIC / "css").rglob("*.css"):
        if path.name != "tokens.css":
            assert not raw.search(path.read_text()), path.name


def test_styles_and_scripts_stay_small() -> None:
    files = [path for path in STATIC.rglob("*") if path.suffix in {".css", ".js"}]
    size = sum(len(gzip.compress(path.read_bytes())) for path in files)
    assert size < 150_000, f"{size} bytes compressed"
