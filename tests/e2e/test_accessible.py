"""axe finds nothing on the pages that people use all day, light and dark, as they really are."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import PHONE, WIDE, Open

pytestmark = pytest.mark.timeout(600)
LOOKS = [(WIDE, "light"), (WIDE, "dark"), (PHONE, "light")]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = [("", "/account/login/"), ("ana", "/inbox/care/"), ("ada", "/channels/"), ("ada", "/people/")]


@pytest.mark.parametrize(("viewport", "scheme"), LOOKS)
def test_axe_finds_nothing(browse: Open, viewport: dict[str, int], scheme: str) -> None:
    found = []
    for name, path in PAGES:
        page = browse(name, path, viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
        found += [(path, one["id"], one["nodes"][0]["html"][:200]) for one in _broken(page)]
        if path == "/inbox/care/":
            page.goto(
                page.locator(".row-link").first.get_attribute("href")
                and page.locator(".row-link").first.evaluate("a => a.href")
            )
            found += [("thread", one["id"], one["nodes"][0]["html"][:200]) for one in _broken(page)]
    assert found == []


def _broken(page: object) -> list[dict]:
    return Axe().run(page, options=RULES).response["violations"]
