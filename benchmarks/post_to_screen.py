"""From a post on the network to the open inbox: how long, through everything that `make run` starts.

    python -m benchmarks.post_to_screen [--n 50] [--json PATH]

Starts the demo in a temporary home with its default settings, opens the inbox of the care agent in Chromium, lets
people write at random moments, and takes the time at which the page showed each post in its pill. Seconds.
"""

from __future__ import annotations

import argparse
import json
import random
import secrets
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.tables import show
from socialcare.bootstrap import find_browser
from tests.e2e.installation import Installation

PASSWORD = "one inbox for all"
SETTLED_S = 60.0  # the morning of the demo is read by then
GAPS_S = (1.0, 6.0)  # between two posts; drawn at random, so that the polls do not fall into step with them
DEADLINE_S = 180.0
POLL_DEFAULT_S = 10

# The page itself notes when it has drawn a ping, per conversation.
EAR = """() => {
  window.heard = {};
  document.addEventListener("live:ping", ({detail}) => requestAnimationFrame(() => {
    const pill = document.querySelector(".newpill");
    if (pill.hidden) return;
    for (const id of detail.kinds?.["conversation.opened"] ?? []) window.heard[id] ??= Date.now() / 1000;
  }));
}"""


@dataclass(frozen=True)
class Result:
    """Seconds from the sandbox's answer to the post until the page showed it."""

    n: int
    shown: int
    median_s: float
    p95_s: float
    worst_s: float
    poll_seconds: int


@contextmanager
def running() -> Iterator[Installation]:
    directory = Path(tempfile.mkdtemp(prefix="socialcare-bench-"))
    directory.chmod(0o711)  # as root the servers run as nobody, who must be able to pass
    installation = Installation(directory / "home")
    try:
        yield installation
    finally:
        installation.stop()
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def inbox(installation: Installation) -> Iterator[Page]:
    """The open inbox of the care agent."""
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
        browser = playwright.chromium.launch(executable_path=find_browser(), args=options)
        page = browser.new_page()
        page.goto(f"{installation.address}/account/login/")
        page.get_by_label("Work email").fill("ana@northwind.example")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/inbox/**")
        page.wait_for_timeout(SETTLED_S * 1000)
        page.reload()
        page.wait_for_selector("body[data-live=on]")
        page.evaluate(EAR)
        yield page
        browser.close()


def measure(installation: Installation, page: Page, n: int) -> Result:
    posted: dict[str, float] = {}
    for number in range(n):
        token = secrets.token_hex(4)
        text = f"@northwindair question {token}, where is my bag?"
        installation.sandbox.say(f"b{number}_{token}", text)
        posted[token] = time.time()
        page.wait_for_timeout(random.uniform(*GAPS_S) * 1000)
    took = _wait_for_all(installation, page, posted)
    ordered = sorted(took.values())
    return Result(
        n=n,
        shown=len(ordered),
        median_s=statistics.median(ordered),
        p95_s=ordered[max(0, -(-len(ordered) * 95 // 100) - 1)],
        worst_s=ordered[-1],
        poll_seconds=POLL_DEFAULT_S,
    )


def _wait_for_all(installation: Installation, page: Page, posted: dict[str, float]) -> dict[str, float]:
    """The seconds per post. Each conversation that was heard of is looked at once, to know whose it is."""
    took: dict[str, float] = {}
    known: set[str] = set()
    deadline = time.monotonic() + DEADLINE_S
    while len(took) < len(posted) and time.monotonic() < deadline:
        for pk, at in page.evaluate("window.heard").items():
            if pk in known:
                continue
            known.add(pk)
            answer = page.request.get(f"{installation.address}/inbox/all/rows/{pk}/", headers={"HX-Request": "true"})
            words = answer.text() if answer.ok else ""
            took |= {token: at - then for token, then in posted.items() if token in words}
        page.wait_for_timeout(500)
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=50)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    with running() as installation, inbox(installation) as page:
        result = measure(installation, page, chosen.n)
    show("From the post to the screen", vars(result))
    if chosen.json:
        chosen.json.write_text(json.dumps(vars(result), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
