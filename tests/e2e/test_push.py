"""Asking for notices on a device by button, and what the browser then shows; the push service alone is a stand-in."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.design.conftest import eventually
from tests.e2e.conftest import Open
from tests.e2e.installation import Installation
from tests.e2e.steps import submit
from tests.pushed import PretendBrowser

pytestmark = pytest.mark.timeout(600)
PAGE = "/you/attention/"
# Chromium has no push service here: what it would give is given by a page that knows no more than that.
STAND_IN = """({endpoint, p256dh, auth}) => {
  const given = {
    endpoint,
    options: {},
    toJSON: () => ({ endpoint, keys: { p256dh, auth } }),
    unsubscribe: async () => { sessionStorage.setItem("unsubscribed", "yes"); return true; },
  };
  PushManager.prototype.subscribe = async (options) => {
    given.options = { applicationServerKey: Uint8Array.from([4]).buffer };
    sessionStorage.setItem("asked", JSON.stringify(options));
    return given;
  };
  PushManager.prototype.getSubscription = async () => null;
}"""
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.getRegistration("/");
  const shown = await worker.getNotifications();
  return shown.map(({ title, body, tag, data }) => ({ title, body, tag, path: data.path }));
}"""
# What the browser would do at a click on a notice.
CLICK = """async () => {
  const done = [];
  Clients.prototype.openWindow = async (url) => done.push(["opened", url]);
  WindowClient.prototype.focus = async function () { done.push(["focused", this.url]); };
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
  for (let turn = 0; turn < 100 && !done.length; turn += 1) await new Promise((go) => { setTimeout(go, 20); });
  return done;
}"""


def endpoint_of(browser: PretendBrowser) -> dict[str, str]:
    given = browser.subscription
    return {"endpoint": given.endpoint.replace("http:", "https:"), "p256dh": given.p256dh, "auth": given.auth}


def stand_in(browser: PretendBrowser) -> str:
    return f"({STAND_IN})({json.dumps(endpoint_of(browser))})"


def given_by(page: Page, browser: PretendBrowser) -> None:
    """From now on this page, and what comes after it in its tab, gets this address."""
    page.add_init_script(stand_in(browser))
    page.evaluate(stand_in(browser))


def registered(session: CDPSession) -> list[str]:
    """Where the browser's registrations of workers will stand."""
    found: list[str] = []

    def note(event: dict[str, Any]) -> None:
        found.extend(each["registrationId"] for each in event["registrations"] if not each["isDeleted"])

    session.on("ServiceWorker.workerRegistrationUpdated", note)
    session.send("ServiceWorker.enable")
    return found


def push(page: Page, session: CDPSession, worker: str, origin: str, **told: str) -> None:
    """As the push service of the browser's maker would."""
    given = {"origin": origin, "registrationId": worker, "data": json.dumps(told)}
    session.send("ServiceWorker.deliverPushMessage", given)
    eventually(page, lambda: any(one["title"] == told["title"] for one in page.evaluate(SHOWN)))


def test_one_asks_by_button_is_shown_what_is_pushed_and_takes_it_back(installation: Installation, browse: Open) -> None:
    page = browse("mia", PAGE, permissions=["notifications"])
    button = page.get_by_role("button", name="Notices on this device")
    expect(button).to_be_visible()
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    session = page.context.new_cdp_session(page)
    workers = registered(session)
    given_by(page, PretendBrowser("push.example", "/push/mia"))
    submit(button)
    expect(page.locator("#toasts")).to_contain_text("You get notices on this device now.")
    row = page.locator("[data-push] li", has_text="This device")
    expect(row).to_have_count(1)
    expect(button).to_be_hidden()
    asked = json.loads(page.evaluate("sessionStorage.getItem('asked')"))
    assert asked["userVisibleOnly"] is True
    assert asked["applicationServerKey"] == page.locator("body").get_attribute("data-push-key")
    assert "/push/mia" not in page.content()

    eventually(page, lambda: bool(workers))
    first = {"title": "A promise is at risk.", "body": "Care, Northwind Air", "path": PAGE, "tag": "conversation-7"}
    push(page, session, workers[0], installation.address, **first)
    assert page.evaluate(SHOWN) == [first]
    later = {**first, "title": "A promise is late."}
    push(page, session, workers[0], installation.address, **later)
    assert page.evaluate(SHOWN) == [later], "a later one of the same conversation stands for the earlier"

    [worker] = page.context.service_workers
    assert worker.evaluate(CLICK) == [["focused", page.url]]
    assert page.evaluate(SHOWN) == []
    push(page, session, workers[0], installation.address, **{**first, "path": "/notices/"})
    assert worker.evaluate(CLICK) == [["opened", f"{installation.address}/notices/"]]
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "data:text/html,x"):
        assert worker.evaluate("pageOf", elsewhere) == f"{installation.address}/notices/"

    submit(row.get_by_role("button", name="Remove"))
    expect(page.locator("#toasts")).to_contain_text("That device gets no notices any more.")
    expect(page.get_by_role("button", name="Notices on this device")).to_be_visible()
    expect(row).to_have_count(0)


def test_a_browser_that_lost_its_address_gets_another_and_tells_it(browse: Open) -> None:
    page = browse("omar", PAGE, permissions=["notifications"])
    given_by(page, PretendBrowser("push.example", "/push/omar"))
    submit(page.get_by_role("button", name="Notices on this device"))
    row = page.locator("[data-push] li", has_text="This device")
    expect(row).to_have_count(1)
    lost = page.context.new_page()
    another = PretendBrowser("push.example", "/push/another")
    lost.add_init_script(stand_in(another))
    with lost.expect_response("**/you/devices/renewal/") as told:
        lost.goto(page.url)
    assert told.value.status == 204
    sent = parse_qs(told.value.request.post_data or "")
    assert sent["endpoint"] == [endpoint_of(another)["endpoint"]]
    assert row.locator(f"form[action*='/{sent['device'][0]}/']").first.is_visible()
    submit(lost.locator("[data-push] li", has_text="This device").get_by_role("button", name="Remove"))
    expect(lost.locator("[data-push] li")).to_have_count(0)


def test_where_it_was_forbidden_the_page_says_so_and_asks_nothing(browse: Open) -> None:
    page = browse("mia", PAGE, permissions=[])
    button = page.get_by_role("button", name="Notices on this device")
    denied = page.get_by_text("This browser was told not to show notices of Socialcare.")
    expect(button.or_(denied).first).to_be_visible()
    if button.is_visible():
        button.click()
    expect(denied).to_be_visible()
    expect(button).to_be_hidden()
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0


def test_where_the_browser_gets_no_address_the_page_says_so(browse: Open) -> None:
    page = browse("mia", PAGE, permissions=["notifications"])
    refusing = "() => { PushManager.prototype.subscribe = async () => { throw new DOMException('', 'AbortError'); }; }"
    page.evaluate(refusing)
    page.get_by_role("button", name="Notices on this device").click()
    expect(page.get_by_text("The browser did not get an address from its push service.")).to_be_visible()


def test_without_scripts_the_page_says_what_is_missing(browse: Open) -> None:
    page = browse("mia", PAGE, java_script_enabled=False)
    expect(page.get_by_text("To be told on this device, switch JavaScript on.")).to_be_visible()
    expect(page.get_by_role("button", name="Notices on this device")).to_be_hidden()
    expect(page.get_by_role("columnheader", name="On my devices")).to_be_visible()
