"""Every language is complete: nothing that the sources say is missing, empty, doubtful or short of a value."""

from pathlib import Path

import polib
import pytest
from django.conf import settings

from core.wording import SOURCE
from socialcare.languages import catalogues, sources
from socialcare.languages.words import Words

LANGUAGES = catalogues.languages()


def test_each_language_that_can_be_chosen_has_a_catalogue() -> None:
    assert sorted(code for code, _name in settings.LANGUAGES if code != SOURCE) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing(language: str) -> None:
    """`make messages` takes up what the sources say anew; then somebody translates it."""
    assert list(catalogues.faults(catalogues.path_of(language), sources.words())) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_stands_as_the_command_would_write_it(language: str, tmp_path: Path) -> None:
    """Sorted and without line numbers, so that people who add words at the same time seldom meet."""
    copy = tmp_path / "django.po"
    copy.write_bytes(catalogues.path_of(language).read_bytes())
    assert catalogues.update(copy, sources.words()) == (0, 0)
    assert copy.read_text() == catalogues.path_of(language).read_text()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "django.po"
    po = polib.POFile()
    po.metadata = {"Plural-Forms": "nplurals=2; plural=(n != 1);"}
    po.append(polib.POEntry(msgid="{by} has it.", msgstr="{by} hat es."))
    po.append(
        polib.POEntry(msgid="%(n)s day", msgid_plural="%(n)s days", msgstr_plural={0: "ein Tag", 1: "%(n)s Tage"})
    )
    po.save(str(path))
    return path


SAID = [Words("{by} has it."), Words("%(n)s day", plural="%(n)s days")]


def test_a_complete_one_has_no_faults(small: Path) -> None:
    assert list(catalogues.faults(small, SAID)) == []


def test_a_new_text_is_told_as_missing_and_then_as_not_translated(small: Path) -> None:
    said = [*SAID, Words("Something planted.")]
    assert list(catalogues.faults(small, said)) == ["missing: Something planted."]
    assert catalogues.update(small, said) == (1, 0)
    assert list(catalogues.faults(small, said)) == ["not translated: Something planted."]


def test_a_text_that_nobody_says_is_told_and_dropped(small: Path) -> None:
    assert list(catalogues.faults(small, SAID[1:])) == ["nobody says it: {by} has it."]
    assert catalogues.update(small, SAID[1:]) == (0, 1)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"flags": ["fuzzy"]}, "fuzzy: {by} has it."),
        ({"msgstr": "  "}, "not translated: {by} has it."),
        ({"msgstr": "{wer} hat es."}, "other places than in “{by} has it.”: {wer} hat es."),
        ({"msgstr": "Jemand hat es."}, "other places than in “{by} has it.”: Jemand hat es."),
    ],
)
def test_what_is_wrong_with_a_translation_is_told(small: Path, change: dict[str, object], fault: str) -> None:
    po = polib.pofile(str(small))
    for name, value in change.items():
        setattr(po[0], name, value)
    po.save(str(small))
    assert list(catalogues.faults(small, SAID)) == [fault]


def test_a_plural_lacks_no_form(small: Path) -> None:
    po = polib.pofile(str(small))
    po[1].msgstr_plural = {0: "ein Tag", 1: ""}
    po.save(str(small))
    assert list(catalogues.faults(small, SAID)) == ["not translated: %(n)s day"]


def test_compiling_follows_the_text(tmp_path: Path, small: Path) -> None:
    place = catalogues.path_of("de", tmp_path)
    place.parent.mkdir(parents=True)
    small.rename(place)
    catalogues.compile_all(tmp_path)
    assert polib.mofile(str(place.with_suffix(".mo"))).find("{by} has it.").msgstr == "{by} hat es."
    assert [path.name for path in sorted(place.parent.iterdir())] == ["django.mo", "django.po"]
