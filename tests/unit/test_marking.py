"""Hits are marked in what was found, and the text stays what it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.marking import LENGTH, passage, plain, words_of


def hits(text: str, query: str) -> list[str]:
    return [piece for piece, hit in passage(text, words_of(query)) if hit]


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("My lost bag, my bags", "bag", ["bag"]),
        ("Größte Verspätung", "grosste verspatung", ["Größte", "Verspätung"]),
        ("LOST lost", '"lost bag" or refund', ["LOST", "lost"]),
        ("lost bag", "lost -bag", ["lost"]),
        ("<b>bag</b>", "bag", ["bag"]),
        ("bag", "", []),
        ("e\u0301te\u0301 now", "ete", ["e\u0301te\u0301"]),
        ("well-known a.b", "well-known", ["well", "known"]),
    ],
)
def test_words_are_found_whatever_their_case_and_accents(text: str, query: str, found: list[str]) -> None:
    assert hits(text, query) == found


def test_a_long_text_is_cut_around_its_first_hit() -> None:
    pieces = passage("word " * 200 + "bag " + "word " * 200, ("bag",))
    assert ("bag", True) in pieces
    assert pieces[0] == ("… ", False)
    assert len(plain(pieces)) == LENGTH + 2


@given(st.text(max_size=400), st.text(max_size=30))
def test_pieces_are_the_text(text: str, query: str) -> None:
    shown = plain(passage(text, words_of(query)))
    assert shown.removeprefix("… ") in text
    assert len(shown) <= LENGTH + 2
    if len(text) <= LENGTH:
        assert shown == text
