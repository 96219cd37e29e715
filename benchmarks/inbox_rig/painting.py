"""The parts of `benchmarks.painting`: one browser, its first page, and one key after the other."""

import argparse
import time
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from playwright.sync_api import CDPSession, Page, expect, sync_playwright  # noqa: E402

from accounts.models import User  # noqa: E402
from benchmarks.inbox_rig import store, yard  # noqa: E402
from benchmarks.inbox_rig.cast import cast  # noqa: E402
from benchmarks.inbox_rig.served import PRODUCT, Browser, Web, percentile, serving, session_of  # noqa: E402
from benchmarks.tables import show  # noqa: E402
from inbox.services import counts  # noqa: E402
from socialcare.bootstrap import find_browser  # noqa: E402

SIZE = {"width": 1440, "height": 900}
WIRE_MOST = 150_000
KEY_MOST_MS = {False: 100, True: 200}
MILLION = 1_000_000
SLOW_MS = 500
PAGE_DEADLINE_MS = 60_000
PAGE_STEPS = 40
WARM_UP = 8  # requests
LIST = "/inbox/care/"
FREE = f"{LIST}?owner=none"

# The page itself takes the time: from a key that reached it to the frame that shows another conversation.
WATCH = """() => {
  window.shift = { alone: 0, after: 0 };
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.shift[one.hadRecentInput ? "after" : "alone"] += one.value;
  }).observe({ type: "layout-shift", buffered: true });
  window.took = null;
  let began = 0;
  let before = null;
  const shown = () => document.getElementById("thread")?.dataset.conversation ?? "";
  addEventListener("keydown", (event) => {
    if (event.key === "Enter") [began, before, window.took] = [performance.now(), shown(), null];
  }, { capture: true });
  new MutationObserver(() => {
    if (before === null || !shown() || shown() === before) return;
    before = null;
    requestAnimationFrame(() => setTimeout(() => (window.took = performance.now() - began)));
  }).observe(document.body, { childList: true, subtree: true });
}"""
PAINTS = """() => ({
  ...Object.fromEntries(performance.getEntriesByType("paint").map((one) => [one.name, one.startTime])),
  loaded: performance.getEntriesByType("navigation")[0].loadEventEnd,
})"""


def run(chosen: argparse.Namespace) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    everybody = cast()
    User.objects.filter(pk=everybody.ana.pk).update(single_keys=True)
    yard.prepare()
    result: dict[str, Any] = {"seed": chosen.seed, "broken": chosen.broken, "sizes": {}, "faults": []}
    filled = store.filled()
    for size in chosen.sizes:
        filled = store.fill(everybody, size, already=filled, seed=chosen.seed)
        while counts.fold():
            pass
        session = session_of(everybody.ana)
        with serving(PRODUCT) as web:
            found = in_browser(chosen, session, web)
        show(f"With {size:,} conversations stored", found)
        result["sizes"][str(size)] = found
        result["faults"] += [f"{size}: {fault}" for fault in faults(found, large=size >= MILLION)]
    show("Faults", {"n": len(result["faults"]), **dict(enumerate_words(result["faults"]))})
    return result


def enumerate_words(lines: list[str]) -> list[tuple[str, str]]:
    return [(str(number), line) for number, line in enumerate(lines, 1)]


def faults(found: dict[str, float], *, large: bool) -> list[str]:
    """Each aim that was missed, in words."""
    most = KEY_MOST_MS[large]
    keys = {name: value for name, value in found.items() if name.endswith("key_p95_ms")}
    wrong = [f"{name} {value:.1f} is above {most}" for name, value in keys.items() if value > most]
    if found["css_js_bytes"] > WIRE_MOST:
        wrong.append(f"CSS and JS are {found['css_js_bytes']} bytes")
    if found["layout_shift"] > 0:
        wrong.append(f"the layout shifted by {found['layout_shift']:.4f}")
    return wrong


def in_browser(chosen: argparse.Namespace, session: str, web: Web) -> dict[str, Any]:
    warm(web, session)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        context = browser.new_context(viewport=SIZE)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session}
        context.add_cookies([{**cookie, "url": f"http://127.0.0.1:{web.port}"}])
        page = context.new_page()
        page.set_default_timeout(PAGE_DEADLINE_MS)
        first = first_page(page, context.new_cdp_session(page), f"http://127.0.0.1:{web.port}{LIST}")
        if chosen.broken == "slow":
            context.new_cdp_session(page).send(
                "Network.emulateNetworkConditions",
                {"offline": False, "latency": SLOW_MS, "downloadThroughput": -1, "uploadThroughput": -1},
            )
        keys = {
            **line("reading", walk(page, chosen.steps, chosen.pause)),
            **line("hurry", walk(page, chosen.steps, 0)),
            **line("act", acts(page, chosen.steps // 3, chosen.pause)),
        }
        shift = page.evaluate("window.shift")
        browser.close()
    return {**first, **keys, "layout_shift": shift["alone"], "layout_shift_after_keys": shift["after"]}


def warm(web: Web, session: str) -> None:
    """A server that has just been started reads its templates first: no visitor should stand for that."""
    visitor = Browser(web.port, session)
    for _ in range(WARM_UP):
        visitor.get(LIST)
    visitor.close()


def first_page(page: Page, wire: CDPSession, address: str) -> dict[str, Any]:
    """Nothing cached in the browser: when it is painted, and how many bytes came for it."""
    kinds: dict[str, str] = {}
    bytes_of = {"Stylesheet": 0, "Script": 0, "Font": 0, "Document": 0}
    wire.send("Network.enable")
    wire.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))

    def ended(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "")
        bytes_of[kind] = bytes_of.get(kind, 0) + int(event["encodedDataLength"])

    wire.on("Network.loadingFinished", ended)
    page.add_init_script(f"addEventListener('DOMContentLoaded', {WATCH});")
    page.goto(address)
    page.locator(".rows .row-link").first.wait_for()
    paints = page.evaluate(PAINTS)
    return {
        "first_paint_ms": paints["first-paint"],
        "first_contentful_paint_ms": paints["first-contentful-paint"],
        "loaded_ms": paints["loaded"],
        "css_js_bytes": bytes_of["Stylesheet"] + bytes_of["Script"],
        "font_bytes": bytes_of["Font"],
        "document_bytes": bytes_of["Document"],
    }


def walk(page: Page, steps: int, pause: float) -> list[float]:
    """Down the list: J, read, Enter."""
    begin(page)
    taken = []
    for step in range(steps):
        if step % PAGE_STEPS == PAGE_STEPS - 1:
            more(page)
        page.keyboard.press("j")
        page.wait_for_timeout(pause * 1000)
        page.keyboard.press("Enter")
        taken.append(painted(page))
    return taken


def begin(page: Page, which: str = LIST) -> None:
    """The list with nothing opened."""
    page.goto(page.url.partition("/inbox/")[0] + which)
    page.locator(".rows .row-link").first.wait_for()


def more(page: Page) -> None:
    """The next page of the list below it."""
    before = page.locator(".rows .row-link").count()
    page.locator("#rows-more a").click()
    page.locator(".rows .row-link").nth(before).wait_for()


def acts(page: Page, steps: int, pause: float) -> list[float]:
    """Snooze what is open and nobody's for an hour; the next one stands there. The server's answer counts."""
    begin(page, FREE)
    page.locator(".rows .row-link").first.click()
    page.locator("#thread-h").wait_for()
    taken = []
    for _ in range(steps):
        page.wait_for_timeout(pause * 1000)
        page.keyboard.press("z")
        expect(page.locator("#thread [id^=snooze-] .menu-item").first).to_be_focused(timeout=PAGE_DEADLINE_MS)
        page.keyboard.press("Enter")
        taken.append(painted(page))
    return taken


def painted(page: Page) -> float:
    """Milliseconds from the last Enter to the frame with another conversation."""
    until = time.monotonic() + PAGE_DEADLINE_MS / 1000
    while (took := page.evaluate("window.took")) is None:
        if time.monotonic() > until:
            raise SystemExit("no other conversation was painted")
        page.wait_for_timeout(5)
    return float(took)


def line(name: str, taken: list[float]) -> dict[str, float]:
    return {
        f"{name}_steps": len(taken),
        f"{name}_key_p50_ms": percentile(taken, 50),
        f"{name}_key_p95_ms": percentile(taken, 95),
        f"{name}_key_worst_ms": max(taken),
    }
