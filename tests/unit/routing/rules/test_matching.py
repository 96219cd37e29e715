import time

import pytest

from routing.rules import matching
from routing.rules.matching import plain


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        (["bag"], "My BAG is gone", True),
        (["bag"], "A baggage claim", False),
        (["lost bag"], "lost  bag!", True),
        (["lost bag"], "lost my bag", False),
        (["STRASSE"], "auf der Straße", True),
        (["don't"], "I don't care", True),
        (["#refund"], "where is my #Refund", True),
        (["返金"], "返金してください", True),
        (["refund", "money back"], "I want my money back.", True),
        (["refund"], "", False),
    ],
)
def test_words_are_found_folded_and_on_their_boundaries(words: list[str], text: str, found: bool) -> None:
    assert matching.any_of(words)(plain(text)) is found


def test_all_words_are_needed_where_all_are_asked_for() -> None:
    both = matching.all_of(["bag", "refund"])

    assert both(plain("refund my bag"))
    assert not both(plain("my bag"))


@pytest.mark.parametrize("source", ["(a+)+$", "(a|a)*$", "(.*a){20}$", "(x+x+)+y"])
def test_no_pattern_hangs(source: str) -> None:
    """Each of these takes a backtracking engine years on this text."""
    found = matching.pattern(source)
    begun = time.process_time()

    found("a" * 5_000 + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx!")

    assert time.process_time() - begun < 1


def test_patterns_do_not_mind_the_case() -> None:
    assert matching.pattern(r"flight\s+nw\d+")("Flight NW204 is late")
