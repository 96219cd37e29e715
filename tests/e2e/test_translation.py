"""Somebody writes in a language that the agent does not read: through the demo's pretend translation service."""

from __future__ import annotations

import secrets

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Open
from tests.e2e.installation import Installation
from tests.e2e.steps import SOON, answer_box, answer_on, awake, open_row, say, send, take_pill_until, until_shown

pytestmark = pytest.mark.timeout(600)


def test_a_message_and_its_answer_are_translated_and_read_before_they_go_out(
    browser: Browser, installation: Installation, browse: Open
) -> None:
    mark = secrets.token_hex(3)
    question = f"Mein Koffer ist leider noch nicht angekommen, können Sie mir bitte helfen? {mark}"
    ana = awake(browse("ana", "/inbox/care/"))
    sandbox = say(browser, installation, question)
    take_pill_until(ana, mark)
    open_row(ana, mark)
    ana.get_by_role("button", name="Translate from German").click()
    beneath = ana.locator(".stream .translation")
    expect(beneath).to_contain_text("[pretend translation into en]", timeout=SOON)
    expect(ana.locator(".stream .bubble").first).to_contain_text("Mein Koffer")
    into = ana.get_by_role("button", name="Translate into German")
    until_shown(ana, into)  # triage may not have read it yet when the thread was opened
    awake(ana)
    answer_box(ana).fill(f"It is on its way {mark}")
    into.click()
    expect(answer_box(ana)).to_have_value(f"[pretend translation into de] It is on its way {mark}", timeout=SOON)
    ana.get_by_role("button", name="Put my words back").click()
    expect(answer_box(ana)).to_have_value(f"It is on its way {mark}", timeout=SOON)
    into.click()
    expect(answer_box(ana)).to_have_value(f"[pretend translation into de] It is on its way {mark}", timeout=SOON)
    send(ana)
    answer_on(sandbox, mark, "pretend translation into de")
