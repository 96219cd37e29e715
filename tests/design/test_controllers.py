"""What the browser does by itself, in a real browser: live regions, drafts, counter, keys, toasts, theme.

The server under test is the sample server: it pushes the pings and notes what the page asked for.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Request, Route, expect

from inbox.second_look import Finding
from tests.conftest import WITH_BROWSER
from tests.design import samples
from tests.design.conftest import asked, eventually, ping, posted, until
from tests.design.server import ScreenServer, render_template

pytestmark = pytest.mark.skipif(not WITH_BROWSER, reason="browser tests are left out on purpose (E2E=0)")


def test_a_new_conversation_waits_in_the_pill_and_the_list_does_not_move(server: ScreenServer, live: Page) -> None:
    before = live.locator(".rows .row").count()
    for conversation in (901, 902, 901, 903):
        ping(server, conversation)
    pill = live.locator(".newpill")
    expect(pill).to_have_text("3 new")
    ping(server, 904, kind="conversation.resolved")  # not one of the kinds that bring something new
    ping(server, 905, topic="queue:99")  # another list's
    ping(server, 906)
    expect(pill).to_have_text("4 new")
    assert live.locator(".rows .row").count() == before
    expect(live.locator("#live")).to_contain_text("new in Flight disruption")


def test_what_comes_while_the_list_is_on_its_way_goes_on_waiting(server: ScreenServer, live: Page) -> None:
    pill, held, addresses = live.locator(".newpill"), [], []
    answer = f'<div id="list-body">{live.locator("#list-body").inner_html()}</div>'

    def hold(route: Route) -> None:
        addresses.append(parse_qs(urlsplit(route.request.url).query)["new"])
        held.append(route)

    live.route(re.compile(r"[?&]new="), hold)
    ping(server, 901, 902)
    expect(pill).to_have_text("2 new")
    pill.click()
    eventually(live, lambda: len(held) == 1)
    ping(server, 903)
    expect(pill).to_have_text("3 new")
    held[0].fulfill(body=answer, content_type="text/html")
    expect(pill).to_have_text("1 new")
    pill.click()
    eventually(live, lambda: len(held) == 2)
    held[1].fulfill(body=answer, content_type="text/html")
    expect(pill).to_be_hidden()
    assert addresses == [["901,902"], ["901,902,903"]], "what was taken before stays on top"


def test_an_open_row_fetches_itself_at_most_once_a_second(server: ScreenServer, live: Page) -> None:
    row = samples.row(46, "Ines Calloway", "Answered meanwhile.", clock=None)
    url = "/inbox/flight-disruption/46/row/"
    server.fragments[url] = render_template("inbox/_row.html", {"row": row})
    started = time.monotonic()
    for _ in range(40):
        ping(server, 46)
    expect(live.locator("#row-46 .row-text")).to_have_text("Answered meanwhile.")
    live.wait_for_timeout(1500)
    assert asked(server, url) <= 1 + (time.monotonic() - started)
    assert asked(server, "/inbox/flight-disruption/47/row/") == 0, "only the region that shows it asks"


def test_a_morph_leaves_the_composer_and_an_open_form_alone(server: ScreenServer, live: Page) -> None:
    head = samples.inbox("detail", conversation=samples.conversation(tags=[], revision=8))
    server.fragments["/conversations/45/head/"] = render_template("inbox/_facts.html", head)
    server.fragments["/conversations/45/stream/"] = render_template(
        "inbox/_stream.html", {**head, "stream": [samples.message(99, "post", "A new word.")]}
    )
    live.locator("#reply-45").fill("Half a sentence")
    live.locator("#resolve-45").evaluate("element => element.showPopover()")
    live.locator("#resolve-45 [name=reason]").fill("because")
    live.locator("#resolve-45 label.choice").first.click()
    ping(server, 45)
    expect(live.locator("#stream-45")).to_contain_text("A new word.")
    expect(live.locator("#thread-head-45 .tag")).to_have_count(0)
    expect(live.locator("#reply-45")).to_have_value("Half a sentence")
    expect(live.locator("#resolve-45 [name=reason]")).to_have_value("because")
    assert live.locator("#resolve-45").evaluate("element => element.matches(':popover-open')")


def test_after_a_lost_stream_every_region_fetches_itself(server: ScreenServer, live: Page) -> None:
    fresh = samples.inbox(
        "detail", rows=[samples.row(45, "Hanne Ostby", "Newest words."), samples.row(950, "Ada", "New.")]
    )
    server.fragments["/rows"] = render_template("inbox/_rows.html", fresh)
    server.pings.put("stop")
    until(lambda: server.listeners == 2)
    expect(live.locator("#row-45 .row-text")).to_have_text("Newest words.")
    expect(live.locator("#row-46")).to_have_class("row is-gone")
    expect(live.locator(".newpill")).to_have_text("1 new")
    assert live.locator("#row-950").count() == 0
    eventually(live, lambda: asked(server, "/conversations/45/head/") == 1)
    assert asked(server, "/inbox/flight-disruption/45/row/") == 0, "the list brings its rows along"


def test_an_action_of_our_own_makes_its_regions_fetch(server: ScreenServer, live: Page) -> None:
    live.evaluate("document.dispatchEvent(new CustomEvent('live:refetch', {detail: {conversation: 45}}))")
    eventually(live, lambda: asked(server, "/conversations/45/stream/") == 1)


def test_a_draft_is_saved_after_the_last_key_and_survives_a_failure(server: ScreenServer, live: Page) -> None:
    path = "/conversations/45/drafts/"
    box = live.locator("#reply-45")
    box.fill("")
    # at once: between keys that a busy machine holds up, it would be saved twice
    box.evaluate("""box => [...'Dear Hanne'].forEach(letter => {
        box.value += letter;
        box.dispatchEvent(new Event('input', {bubbles: true}));
    })""")
    state = live.locator("[data-draft-state]")
    expect(state).to_have_text("Draft saved")
    assert len(posted(server, path)) == 1
    assert posted(server, path)[0].startswith("sample "), "with the token of the page"
    assert "Dear Hanne" in posted(server, path)[0]
    server.answers[path] = (500, "")
    box.press_sequentially("!")
    expect(state).to_have_text("Draft not saved. The text is safe here.")
    expect(box).to_have_value("Dear Hanne!")


def test_content_of_a_colleague_goes_where_it_can_be_sent_from(live: Page) -> None:
    words, insert = "Every Swift 4 has 14 days.", live.locator("[data-insert]")
    live.locator("#reply-45").fill("Hello,")
    live.locator('input[name="visibility"][value="note"]').check()
    insert.click()
    expect(live.locator("#reply-45")).to_have_value(f"Hello,\n{words}")
    expect(live.locator("#reply-45")).to_be_focused()
    live.evaluate(
        "document.querySelectorAll('[name=visibility]:not([value=note])').forEach(one => one.disabled = true)"
    )
    insert.click()
    expect(live.locator("#note-45")).to_have_value(words)
    expect(live.locator("#note-45")).to_be_focused()
    expect(live.locator("#reply-45")).to_have_value(f"Hello,\n{words}")


def test_a_missing_signature_is_put_at_the_end_by_one_click(server: ScreenServer, live: Page) -> None:
    missing = Finding("voice-2", "", "The signature is missing at the end.", insert="^ES")
    checks = render_template("inbox/_checks.html", {"pk": 45, "findings": [missing]})
    server.answers["/conversations/45/checks/"] = (200, checks)
    live.locator("#reply-45").fill("On its way.")
    live.get_by_role("button", name="Put it at the end").click()
    expect(live.locator("#reply-45")).to_have_value("On its way.\n^ES")
    expect(live.locator("#reply-45")).to_be_focused()
    assert not posted(server, "/conversations/45/signature/")


def test_enter_in_the_reason_says_away(server: ScreenServer, live: Page) -> None:
    live.locator('[popovertarget="me"]').first.click()
    live.locator("#away-why").fill("Lunch")
    live.locator("#away-why").press("Enter")
    until(lambda: any("presence=away" in body and "reason=Lunch" in body for body in posted(server, "/presence/")))
    assert len(posted(server, "/presence/")) == 1


def test_the_counter_counts_like_the_network_and_stops_the_send(live: Page) -> None:
    box, counter, send = live.locator("#reply-45"), live.locator(".counter"), live.locator("[data-send]").first
    box.fill("日本 https://example.com/very/long/address 👍")
    expect(counter.locator("output")).to_have_text("31 / 280")
    box.fill("x" * 281)
    expect(counter).to_have_attribute("data-state", "over")
    expect(send).to_be_disabled()
    live.locator("label", has_text="Private").first.click()
    expect(counter.locator("output")).to_have_text("281 / 10000")
    expect(send).to_be_enabled()
    expect(box).to_have_value("x" * 281)


def test_a_thread_that_was_chosen_may_go_though_it_is_too_long_for_one_post(server: ScreenServer, live: Page) -> None:
    choice = '<input type="checkbox" name="parts" value="2" aria-label="Send as a thread of 2">'
    server.answers["/conversations/45/checks/"] = (200, f'<div id="checks-45">{choice}</div>')
    counter, send = live.locator(".counter"), live.locator("[data-send]").first
    live.locator("#reply-45").fill("x" * 281)
    expect(send).to_be_disabled()
    live.get_by_label("Send as a thread of 2").check()
    expect(send).to_be_enabled()
    expect(counter).to_have_attribute("data-state", "ok")
    eventually(live, lambda: any("parts" not in body for body in posted(server, "/conversations/45/checks/")))
    live.locator("#reply-45").fill("x" * 282)
    eventually(live, lambda: any("parts=2" in body for body in posted(server, "/conversations/45/checks/")))


def test_keys_reach_everything_and_rest_while_typing(server: ScreenServer, live: Page) -> None:
    press = live.keyboard.press
    press("j")
    expect(live.locator("#row-46 .row-link")).to_be_focused()
    press("k")
    expect(live.locator("#row-45 .row-link")).to_be_focused()
    press("n")
    expect(live.locator("#note-45")).to_be_focused()
    live.keyboard.type("jk ze")
    expect(live.locator("#note-45")).to_have_value("jk ze")
    press("Escape")
    expect(live.locator("#note-45")).not_to_be_focused()
    press("r")
    expect(live.locator("#reply-45")).to_be_focused()
    press("Control+k")
    expect(live.locator("#palette-q")).to_be_focused()
    press("Escape")
    expect(live.locator("#reply-45")).to_be_focused()
    press("Escape")
    before = live.evaluate_handle("document.activeElement")
    press("z")
    assert live.locator("#snooze-45").evaluate("element => element.matches(':popover-open')")
    expect(live.locator("#snooze-45 .menu-item").first).to_be_focused()
    press("ArrowDown")
    expect(live.locator("#snooze-45 .menu-item").nth(1)).to_be_focused()
    press("Escape")
    assert live.evaluate("element => document.activeElement === element", before)
    press("e")
    assert live.locator("#escalate-45").evaluate("element => element.matches(':popover-open')")
    press("Escape")
    press("h")
    assert live.locator("#handoff-45").evaluate("element => element.matches(':popover-open')")
    press("Escape")
    press("2")
    eventually(live, lambda: any("priority=2" in body for body in posted(server, "/conversations/45/priority/")))
    press("?")
    expect(live.locator("#shortcuts")).to_be_visible()


def test_the_palette_does_what_the_page_offers_and_leads_where_the_server_says(
    server: ScreenServer, live: Page
) -> None:
    group = {"label": "Go to", "items": [{"id": "place-0", "url": "/storyboard", "label": "Baggage", "icon": "inbox"}]}
    words = "We look for it."
    reply = {"id": "saved-3", "saved": 3, "text": words, "label": "Bag trace", "aux": words, "icon": "text-quote"}
    replies = {"label": "Saved replies", "items": [reply]}
    for typed, groups in (("bagg", [group]), ("%2Ftrace", [replies])):
        html = render_template("inbox/_palette_found.html", {"groups": groups})
        server.fragments[f"/palette/?q={typed}&talk=45"] = html
    press, options = live.keyboard.press, live.locator("#palette [role=option]")
    press("Control+k")
    expect(options.first).to_have_attribute("aria-selected", "true")
    live.keyboard.type("hand off")
    expect(options.first).to_contain_text("Hand off")
    assert live.locator("#palette-q").get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    press("Enter")
    expect(live.locator("#palette")).to_be_hidden()
    assert live.locator("#handoff-45").evaluate("element => element.matches(':popover-open')")
    press("Escape")

    press("Control+k")
    live.keyboard.type("xyzzy")
    expect(live.locator("#palette .p-none")).to_be_visible()
    press("Enter")
    expect(live.locator("#palette")).to_be_visible()
    live.locator("#palette-q").fill("/trace")
    expect(options).to_have_text(["Bag traceWe look for it."])
    press("Enter")
    expect(live.locator("#reply-45")).to_be_focused()
    expect(live.locator("#reply-45")).to_have_value(re.compile("We look for it"))

    press("Control+k")
    live.locator("#palette-q").fill("bagg")
    expect(options).to_have_text(["Baggage"])
    press("Enter")
    live.wait_for_url("**/storyboard")


def test_a_menu_gives_way_to_what_it_opens_and_the_focus_comes_back(server: ScreenServer, live: Page) -> None:
    live.get_by_label("More actions").click()
    live.locator("#more-45").get_by_role("button", name="Hand off").click()
    expect(live.locator("#handoff-45")).to_be_visible()
    expect(live.locator("#more-45")).to_be_hidden()
    live.keyboard.press("Escape")
    expect(live.get_by_label("More actions")).to_be_focused()


def with_the_one_below(server: ScreenServer, live: Page) -> str:
    """The address of the conversation below the open one, which the page has fetched already."""
    below = "/inbox/flight-disruption/46/"
    eventually(live, lambda: asked(server, below) == 1)  # nothing was there
    thread = samples.inbox("detail", conversation=samples.conversation(pk=46))
    server.fragments[below] = render_template("inbox/_thread.html", thread)
    with answered(live, below):
        live.reload(wait_until="load")
    return below


@contextmanager
def answered(page: Page, path: str) -> Iterator[None]:
    """What is done in the block makes the page ask for this; afterwards it has read the answer."""
    with page.expect_response(f"**{path}") as answer:
        yield
    answer.value.finished()
    page.evaluate("() => new Promise((done) => setTimeout(done))")


def say_of(page: Page, conversation: int) -> None:
    said = {"topic": "queue:12", "kinds": {"conversation.received": [conversation]}}
    page.evaluate("said => document.dispatchEvent(new CustomEvent('live:ping', {detail: said}))", said)


def test_what_stands_below_is_there_before_it_is_asked_for(server: ScreenServer, live: Page) -> None:
    below = with_the_one_below(server, live)

    done = "new CustomEvent('rows:next', {bubbles: true, detail: {conversation: 45}})"
    live.evaluate(f"document.body.dispatchEvent({done})")

    expect(live.locator("#thread-head-46")).to_be_visible()
    expect(live.locator("#row-46 .row-link")).to_be_focused()
    assert live.url.endswith(below)
    assert asked(server, below) == 2


@pytest.mark.parametrize(
    ("act", "asked_for"), [("/conversations/45/tags/", 2), ("/conversations/46/tags/", 3), ("/b/", 3)]
)
def test_it_stays_there_through_an_act_on_another_one(
    server: ScreenServer, live: Page, act: str, asked_for: int
) -> None:
    below = with_the_one_below(server, live)
    live.evaluate("url => htmx.ajax('post', url, {source: document.body, swap: 'none'})", act)
    eventually(live, lambda: len(posted(server, act)) == 1)

    live.locator("#row-46 .row-link").click()

    expect(live.locator("#thread-head-46")).to_be_visible()
    assert asked(server, below) == asked_for


def test_what_was_opened_last_is_not_replaced_by_what_was_asked_for_before(server: ScreenServer, live: Page) -> None:
    below = with_the_one_below(server, live)
    late = below.replace("46", "47")
    live.route(f"**{late}", lambda route: None)  # on its way

    def opens(request: Request) -> bool:
        return request.url.endswith(late) and "x-live" not in request.headers

    with live.expect_request(opens):
        live.locator("#row-47 .row-link").click()

    with live.expect_event("requestfailed", opens, timeout=10_000):  # given up before its own time is over
        live.locator("#row-46 .row-link").click()

    expect(live.locator("#thread-head-46")).to_be_visible()
    expect(live.locator("#row-46 .row-link")).to_have_attribute("aria-current", "true")
    assert live.url.endswith(below)


def test_what_is_said_of_it_meanwhile_is_never_missed(server: ScreenServer, live: Page) -> None:
    below = with_the_one_below(server, live)
    say_of(live, 46)

    live.locator("#row-46 .row-link").click()

    expect(live.locator("#thread-head-46")).to_be_visible()
    assert asked(server, below) == 3


def test_what_is_said_of_it_while_it_comes_is_never_missed_either(server: ScreenServer, live: Page) -> None:
    path = "/inbox/flight-disruption/47/"
    thread = samples.inbox("detail", conversation=samples.conversation(pk=47))
    server.fragments[path] = render_template("inbox/_thread.html", thread)
    held: list[Route] = []
    live.route(f"**{path}", lambda route: held.append(route))
    live.locator("#row-47 .row-link").focus()  # who stands on a row may open it
    eventually(live, lambda: len(held) == 1)
    say_of(live, 47)
    with answered(live, path):
        held[0].continue_()
    live.unroute(f"**{path}")

    live.locator("#row-47 .row-link").click()

    expect(live.locator("#thread-head-47")).to_be_visible()
    assert asked(server, path) == 2


def with_the_last_row(server: ScreenServer) -> str:
    """The address of row 47, which the server knows from now on."""
    own = {"actions": "/conversations/47/", "head_url": "/conversations/47/head/"}
    thread = samples.inbox("detail", conversation=samples.conversation(pk=47, **own))
    path = "/inbox/flight-disruption/47/"
    server.fragments[path] = render_template("inbox/_thread.html", thread)
    return path


def on_its_way(server: ScreenServer, live: Page, held: list[Route]) -> str:
    """Row 47 has the focus and its conversation was asked for ahead; the answer is held."""
    path = with_the_last_row(server)
    live.route(f"**{path}", lambda route: held.append(route))
    live.locator("#row-47 .row-link").focus()
    eventually(live, lambda: len(held) == 1)
    return path


def test_who_is_faster_than_what_is_fetched_ahead_waits_for_it(server: ScreenServer, live: Page) -> None:
    held: list[Route] = []
    path = on_its_way(server, live, held)
    for _ in range(2):
        live.keyboard.press("Enter")
    live.wait_for_timeout(100)
    held[0].continue_()

    expect(live.locator("#thread-head-47")).to_be_visible()
    live.wait_for_url(f"**{path}")
    assert asked(server, path) == len(held) == 1


def test_what_is_said_while_one_waits_for_it_is_asked_for_anew(server: ScreenServer, live: Page) -> None:
    held: list[Route] = []
    on_its_way(server, live, held)
    live.keyboard.press("Enter")
    say_of(live, 47)
    held[0].continue_()

    expect(live.locator("#thread-head-47")).to_be_visible()
    eventually(live, lambda: asked(server, "/conversations/47/head/") == 1)


def test_what_did_not_come_ahead_is_asked_for_again(server: ScreenServer, live: Page) -> None:
    held: list[Route] = []
    path = on_its_way(server, live, held)
    live.keyboard.press("Enter")
    held[0].abort()
    eventually(live, lambda: len(held) == 2)
    held[1].continue_()

    expect(live.locator("#thread-head-47")).to_be_visible()
    assert asked(server, path) == 1


def test_an_act_says_whether_the_next_one_is_there(server: ScreenServer, live: Page) -> None:
    path = "/conversations/45/snooze/"
    with_the_one_below(server, live)
    act = "url => htmx.ajax('post', url, {source: '#thread-head-45', swap: 'none'})"
    with live.expect_request(f"**{path}") as first:
        live.evaluate(act, path)
    say_of(live, 46)  # what is kept is old now
    with live.expect_request(f"**{path}") as second:
        live.evaluate(act, path)
    assert (first.value.headers.get("x-next"), second.value.headers.get("x-next")) == ("kept", None)


def test_who_passes_by_is_not_there(server: ScreenServer, live: Page) -> None:
    with_the_one_below(server, live)
    eventually(live, lambda: "looking" in "".join(posted(server, "/conversations/45/presence/")))
    with_the_last_row(server)
    live.locator("#reply-45").press_sequentially("I")
    live.evaluate("""() => {
        document.querySelector("#row-46 .row-link").click();
        document.querySelector("#row-47 .row-link").click();
    }""")
    expect(live.locator("#thread-head-47")).to_be_visible()
    until(lambda: len(posted(server, "/conversations/47/presence/")) == 1)
    assert "looking" in posted(server, "/conversations/47/presence/")[0], "what was written elsewhere is not said of it"
    assert not posted(server, "/conversations/46/presence/")


def test_ctrl_enter_sends_once_and_the_answer_takes_the_composers_place(server: ScreenServer, live: Page) -> None:
    path = "/conversations/45/replies/"
    answer = samples.inbox("detail", composer=samples.composer(text="", errors=["Somebody was faster."]))
    server.answers[path] = (422, render_template("inbox/_composer.html", answer))
    live.locator("#reply-45").focus()
    live.keyboard.press("Control+Enter")
    expect(live.locator(".c-error")).to_have_text("Somebody was faster.")
    bodies = posted(server, path)
    assert len(bodies) == 1
    assert all(field in bodies[0] for field in ("client_token", "seen", 'name="visibility"'))


def test_a_failed_action_shows_one_toast_that_goes_away(server: ScreenServer, live: Page) -> None:
    server.answers["/conversations/45/tags/"] = (500, "")
    live.locator("#thread-head-45 .tag button").first.click()
    toast = live.locator("#toasts .toast")
    expect(toast).to_have_text("That did not work. Nothing was changed. Try again.")
    expect(toast).to_have_count(0, timeout=12_000)


def test_a_toast_with_undo_comes_out_of_band(server: ScreenServer, live: Page) -> None:
    toast = render_template("components/_toast.html", {"text": "Tag removed.", "tone": "success", "undo_url": "/undo/"})
    server.answers["/conversations/45/tags/"] = (200, f'<div id="toasts" hx-swap-oob="beforeend">{toast}</div>')
    live.locator("#thread-head-45 .tag button").first.click()
    expect(live.locator("#toasts .toast")).to_contain_text("Tag removed.")
    live.keyboard.press("u")
    eventually(live, lambda: len(posted(server, "/undo/")) == 1)


def test_of_many_toasts_the_newest_three_are_shown(server: ScreenServer, live: Page) -> None:
    words = ["First.", "Second.", "Third.", "Fourth.", "Fifth."]
    toasts = [render_template("components/_toast.html", {"text": text, "tone": "success"}) for text in words]
    answer = f'<div id="toasts" hx-swap-oob="beforeend">{"".join(toasts)}</div>'
    server.answers["/conversations/45/tags/"] = (200, answer)
    live.locator("#thread-head-45 .tag button").first.click()
    expect(live.locator("#toasts .toast")).to_have_text(words[2:])


def test_the_theme_switches_at_once_and_is_stored(server: ScreenServer, live: Page) -> None:
    live.emulate_media(color_scheme="light")
    light = live.evaluate("getComputedStyle(document.body).backgroundColor")
    live.locator("[data-theme-switch] button").click()
    expect(live.locator("html")).to_have_attribute("data-theme", "dark")
    assert live.evaluate("getComputedStyle(document.body).backgroundColor") != light
    eventually(live, lambda: any("theme=dark" in body for body in posted(server, "/theme/")))
    assert "dark" in live.evaluate("getComputedStyle(document.documentElement).colorScheme")


def test_rings_tick_without_the_server(live: Page) -> None:
    ring = live.locator("#row-45 .sla time")
    first = ring.inner_text()
    expect(ring).not_to_have_text(first)
    assert ring.inner_text() < first


def test_on_a_phone_a_row_is_a_page(server: ScreenServer, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server.address}/inbox", wait_until="load")
    expect(page.locator("#thread")).to_be_hidden()
    page.locator("#row-46 .row-link").click()
    page.wait_for_url("**/inbox/flight-disruption/46/")


def test_nothing_of_a_customer_is_kept_in_the_browser(server: ScreenServer, live: Page) -> None:
    thread = samples.inbox("detail", conversation=samples.conversation(pk=46))
    server.fragments["/inbox/flight-disruption/46/"] = render_template("inbox/_thread.html", thread)
    live.locator("#row-46 .row-link").click()
    expect(live.locator("#thread-head-46")).to_be_visible()
    expect(live.locator("#row-46 .row-link")).to_have_attribute("aria-current", "true")
    assert live.url.endswith("/46/")
    assert live.evaluate("localStorage.length") == 0
    kept = live.evaluate("Object.values({...sessionStorage})")
    assert all(re.fullmatch(r"/[\w/-]*", value) for value in kept)  # where htmx was: addresses, no words


def test_the_core_works_without_script(server: ScreenServer, browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.address}/thread", wait_until="load")
    expect(page.locator(".counter")).to_be_hidden()
    page.get_by_role("button", name="Resolve").first.click()
    expect(page.locator("#resolve-45")).to_be_visible()
    page.locator("#resolve-45 button[type=submit]").click()
    until(lambda: any("disposition=answered" in body for body in posted(server, "/conversations/45/resolution/")))
    page.goto(f"{server.address}/thread", wait_until="load")
    page.locator("#reply-45").fill("Without script")
    page.locator("#reply-form-45 [data-send]").click()
    until(lambda: any("Without script" in body for body in posted(server, "/conversations/45/replies/")))
    context.close()
