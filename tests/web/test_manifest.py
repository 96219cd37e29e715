"""Every address that draws a page has an entry in the manifest of screens, and no entry is about nothing."""

from tests.design import samples
from tests.screens.manifest import MID_SIGN_IN, NO_PAGE, SAMPLED, SCREENS, readable_routes


def test_every_page_has_an_entry() -> None:
    shown = {screen.route for screen in SCREENS} | set(SAMPLED) | {MID_SIGN_IN}
    assert shown & NO_PAGE == set()
    assert readable_routes() - shown - NO_PAGE == set(), "add them to tests/screens/manifest.py"


def test_no_entry_is_about_nothing() -> None:
    named = {screen.route for screen in SCREENS} | set(SAMPLED) | NO_PAGE | {MID_SIGN_IN}
    assert named - readable_routes() == set()
    assert set(SAMPLED.values()) <= set(samples.screens())


def test_every_picture_has_a_name_of_its_own() -> None:
    names = [screen.name for screen in SCREENS]
    assert len(names) == len(set(names))
