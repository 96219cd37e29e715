"""A rule of the brand's voice in the browser: said while one types, asked about once, with script and without."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Open
from tests.e2e.installation import Installation
from tests.e2e.steps import (
    SOON,
    answer_box,
    answer_on,
    awake,
    open_row,
    row_of,
    say,
    search,
    submit,
    take_pill_until,
    until_shown,
)

pytestmark = pytest.mark.timeout(600)
# The demo's rule of Northwind Air.
REASON, INSTEAD, GUIDELINE = "A better word is at hand.", "what went wrong", "A reason calms more than regret does."


def test_a_word_to_avoid_is_said_while_one_types_and_sending_asks_once(
    browser: Browser, installation: Installation, browse: Open
) -> None:
    question, mark = f"Still no word on bag {secrets.token_hex(3)}", secrets.token_hex(3)
    ana = awake(browse("ana", "/inbox/care/"))
    sandbox = say(browser, installation, question)
    take_pill_until(ana, question)
    open_row(ana, question)
    answer_box(ana).press_sequentially(f"For the inconvenience {mark}")
    said = ana.locator(".c-checks .c-finding")
    expect(said).to_contain_text(REASON, timeout=SOON)
    expect(said).to_contain_text(INSTEAD)
    expect(said).to_contain_text(GUIDELINE)
    ana.locator("[data-send]:not([data-send-note])").click()
    asked = ana.locator(".c-changed")
    expect(asked).to_contain_text(GUIDELINE, timeout=SOON)
    expect(answer_box(ana)).to_have_value(f"For the inconvenience {mark}")
    asked.get_by_role("button", name=re.compile("Send anyway")).click()
    expect(ana.locator(".stream .msg[data-kind=reply]")).to_contain_text(mark, timeout=SOON)
    answer_on(sandbox, question, mark)


def test_without_script_sending_asks_once_and_the_text_is_kept(
    browser: Browser, installation: Installation, browse: Open
) -> None:
    question, mark = f"No answer on seat {secrets.token_hex(3)}", secrets.token_hex(3)
    sandbox = say(browser, installation, question)
    ana = browse("ana", "/inbox/care/", java_script_enabled=False)
    search(ana, question)
    until_shown(ana, row_of(ana, question))
    submit(row_of(ana, question).locator(".row-link"))
    answer_box(ana).fill(f"Please calm down {mark}")
    submit(ana.locator("[data-send]:not([data-send-note])"))
    expect(ana.locator(".c-changed")).to_contain_text(GUIDELINE)
    expect(answer_box(ana)).to_have_value(f"Please calm down {mark}")
    submit(ana.get_by_role("button", name=re.compile("Send anyway")))
    expect(ana.locator(".stream")).to_contain_text(mark)
    answer_on(sandbox, question, mark)
