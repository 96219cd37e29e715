"""Who else is here: how long from an act in one browser until another browser shows it, in the list and in the thread.

    python -m benchmarks.presence [--n 20] [--json PATH]

Starts the demo in a temporary home with its default settings and opens the same conversation as two people, and the
list as a third. One of them opens it, types, and leaves, n times at random gaps; the pages of the others note when they
have drawn it. All clocks are the machine's. Milliseconds.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.post_to_screen import PASSWORD, SETTLED_S, running
from benchmarks.tables import show
from socialcare.bootstrap import find_browser
from tests.e2e.installation import Installation

GAPS_S = (0.5, 3.0)
PATIENCE_MS = 20_000

# The page notes when a place has come to say what is waited for.
SEEN = """([place, words]) => new Promise((done) => {
  const says = () => (document.querySelector(place)?.textContent ?? "").includes(words);
  const look = () => (says() ? done(Date.now()) : requestAnimationFrame(look));
  look();
})"""
# The first key press is the act: its own time is taken as it happens.
PRESSED = """() => { window.pressed = null;
  document.addEventListener("input", () => (window.pressed ??= Date.now()), { capture: true, once: true }); }"""


def signed_in(browser: Browser, installation: Installation, name: str) -> Page:
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{installation.address}/account/login/")
    page.get_by_label("Work email").fill(f"{name}@northwind.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/inbox/**")
    return page


@contextmanager
def browsers(installation: Installation) -> Iterator[tuple[Page, Page]]:
    """Ana, who acts, and Omar, who looks on."""
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
        browser = playwright.chromium.launch(executable_path=find_browser(), args=options)
        ana, omar = (signed_in(browser, installation, name) for name in ("ana", "omar"))
        omar.wait_for_timeout(SETTLED_S * 1000)
        yield ana, omar
        browser.close()


def measure(ana: Page, omar: Page, address: str, n: int, dice: random.Random) -> dict[str, list[float]]:
    """Milliseconds by what was shown where."""
    took: dict[str, list[float]] = {
        "looking, in the list": [],
        "replying, in the list": [],
        "replying, in the thread": [],
    }
    omar.goto(f"{address}/inbox/care/")
    link = omar.locator(".row-link").first
    row = omar.locator(".rows .row").first.get_attribute("id") or ""
    path = link.get_attribute("href") or ""
    link.click()
    omar.wait_for_selector("body[data-live=on] #thread")
    for _ in range(n):
        began = ana.evaluate("Date.now()")
        ana.goto(f"{address}{path}", wait_until="domcontentloaded")
        took["looking, in the list"].append(omar.evaluate(SEEN, [f"#{row} .looking", "Ana"]) - began)
        box = ana.locator("[data-composer] .c-reply textarea")
        box.evaluate(PRESSED)
        ana.wait_for_timeout(dice.uniform(*GAPS_S) * 1000)
        box.press_sequentially("Hi")
        pressed = ana.evaluate("window.pressed")
        for name, place in (("list", f"#{row} .presence"), ("thread", "#thread .typing")):
            took[f"replying, in the {name}"].append(omar.evaluate(SEEN, [place, "Ana"]) - pressed)
        ana.goto(f"{address}/notices/")
        omar.wait_for_function("(row) => !document.querySelector(`#${row} .presence`)", arg=row)
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    with running() as installation, browsers(installation) as (ana, omar):
        took = measure(ana, omar, installation.address, chosen.n, random.Random(chosen.seed))
    figures = {
        name: {
            "median": statistics.median(all_),
            "p95": sorted(all_)[-(-len(all_) * 95 // 100) - 1],
            "worst": max(all_),
        }
        for name, all_ in took.items()
    }
    for name, each in figures.items():
        show(f"{name} (ms, n = {chosen.n})", each)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
