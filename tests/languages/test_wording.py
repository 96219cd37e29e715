"""Sentences of ours are said in the reader's language, wherever they were written down."""

import re
from datetime import UTC, datetime
from string import ascii_lowercase

import polib
import pytest
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from core.wording import FEWEST, PLACE, _own, filled, said, stored
from routing.clocks import Clock, Kind, Promise
from routing.selectors import languages
from routing.services import sla
from socialcare.languages import catalogues


def test_english_stays_as_it_is() -> None:
    with override("en"):
        assert said("Ben has it.") == "Ben has it."


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("Say why.", "Sagen Sie, warum."),
        ("At most 1 exclamation mark; here are 3.", "Höchstens 1 Ausrufezeichen; hier sind es 3."),
        ("Ben has it.", "Ben hat es."),
        ("It says “lost”", "Es sagt „lost“"),
        ("In public: a card number, an IBAN", "Öffentlich: eine Kartennummer, eine IBAN"),
        ("12,000 followers, verified", "12,000 Follower, verifiziert"),
        ("12,000 followers; 31 replies within the hour", "12,000 Follower; 31 Antworten in der letzten Stunde"),
        ("Nobody has written this.", "Nobody has written this."),
        ("", ""),
    ],
)
def test_a_sentence_is_recognised_by_its_form(english: str, german: str) -> None:
    with override("de"):
        assert said(english) == german


def test_what_is_stored_is_english_and_said_to_each_reader() -> None:
    with override("de"):
        clock = Clock(Kind.FIRST, 1, datetime(2026, 11, 22, tzinfo=UTC), Promise(1, None, None, 60, 10))
        told = sla.told(clock)["promise"]
        assert told == "First response"
        assert filled("Late: {promise}", {"promise": told}) == "Überfällig: Erste Antwort"
        assert stored(gettext_lazy("Answered")) == "Answered"


def test_what_people_named_is_not_translated() -> None:
    with override("de"):
        assert filled("Arrived in {queue}", {"queue": "Late"}) == "Eingegangen in Late"
        for place in (
            "gone",
            "other",
            "to",
            "old",
            "ask",
            "macro",
            "view",
            "issue",
            "skill",
            "policy",
            "list",
            "hours",
        ):
            assert filled(f"{{actor}} {{{place}}}", {"actor": "Ben", place: "Everybody"}) == "Ben Everybody"
        assert filled("{actor} set the priority to {priority}", {"actor": "Ben", "priority": "high"}) == (
            "Ben hat die Priorität auf hoch gesetzt"
        )


@pytest.mark.parametrize(
    ("language", "zone", "words"),
    [
        ("en", "UTC", "Ben snoozed it until 23 Nov 13:20"),
        ("de", "Europe/Berlin", "Ben hat es bis 23. Nov. 14:20 zurückgestellt"),
    ],
)
def test_a_moment_is_said_in_the_zone_of_who_reads(language: str, zone: str, words: str) -> None:
    kept = {"actor": "Ben", "until": "2026-11-23T13:20:22.929456+00:00"}
    with override(language), timezone.override(zone):
        assert filled("{actor} snoozed it until {until}", kept) == words


def test_languages_have_names_in_the_readers_language() -> None:
    with override("de"):
        assert (languages.name_of("en"), languages.name_of("xx")) == ("Englisch", "xx")
        assert languages.names()["es"] == "Spanisch"


def test_what_was_written_by_people_comes_back_as_it_is() -> None:
    text = "Ben has it. " * 100
    with override("de"):
        assert said(text) == text


def _forms() -> list[polib.POEntry]:
    entries = polib.pofile(str(catalogues.path_of("de")))
    return [entry for entry in entries if PLACE.search(entry.msgid) and _own(entry.msgid) >= FEWEST]


def test_every_form_of_the_catalogue_is_recognised_again() -> None:
    """Filled with words that nobody says, each sentence finds its own translation, and no other form is nearer."""
    with override("de"):
        for entry in _forms():
            names = dict.fromkeys(PLACE.findall(entry.msgid))
            values = {name: f"q{letter}x" for name, letter in zip(names, ascii_lowercase, strict=False)}
            put_in = lambda text, values=values: PLACE.sub(lambda place: values[place[1]], text)  # noqa: E731
            assert said(put_in(entry.msgid)) == put_in(entry.msgstr), entry.msgid


def test_the_timeline_begins_with_who_did_it() -> None:
    """It draws the name by itself, in bold, and the rest after it."""
    begin = re.compile(r"^\{(actor|subject|by|person)\}")
    for entry in _forms():
        if entry.msgid.startswith("{actor}"):
            assert begin.match(entry.msgstr), entry.msgid
