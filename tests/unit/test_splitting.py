"""Where a long text is cut into posts, and where it never is."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from channels.adapters.x import capabilities
from channels.adapters.x.pieces import pieces_of
from channels.contracts import Visibility
from channels.splitting import Piece, numbered, split

MARKED = re.compile(r" (\d)/(\d)$")
LINK = "https://www.northwind.example/claims/2026?bag=NW412&lang=en"
FAMILY = "👩‍👩‍👧"
WORDS = st.sampled_from(
    [LINK, "@northwindair", "#lostbag", FAMILY, "🇳🇴", "e\u0301t\u00e9", "Sorry.", "bag", "荷物。", "荷はどこ", "\n"]
)


def posts_of(text: str) -> list[str]:
    parts = capabilities.split(text)
    return [numbered(part, at, len(parts)) for at, part in enumerate(parts, start=1)]


def length(text: str) -> int:
    return capabilities.length(text, Visibility.PUBLIC)


@given(st.lists(st.tuples(WORDS, st.sampled_from([" ", " ", "  ", ""])), min_size=1, max_size=120))
@settings(max_examples=40)
def test_whatever_is_written_is_said_whole_in_posts_that_fit(words: list[tuple[str, str]]) -> None:
    text = "".join(word + gap for word, gap in words).strip()
    assume(text)
    parts = capabilities.split(text)
    if not parts:
        assert length(text) > 280 * capabilities.POSTS_AT_MOST * 0.4
        return
    assert "".join(parts) == text
    posts = posts_of(text)
    assert all(length(post) <= 280 for post in posts)
    assert len(posts) == 1 or [MARKED.findall(post) for post in posts] == [
        [(str(at), str(len(posts)))] for at in range(1, len(posts) + 1)
    ]
    ends = {piece.end for piece in pieces_of(text)}
    at = 0
    for part in parts:
        at += len(part)
        assert at in ends


@pytest.mark.parametrize("whole", [LINK, "@northwindair", "#lostbag", FAMILY, "🇳🇴", "e\u0301"])
@pytest.mark.parametrize(("filling", "weight"), [("a", 1), ("荷", 2)])
def test_what_belongs_together_is_not_cut_wherever_it_stands(whole: str, filling: str, weight: int) -> None:
    """Text without a space comes before it, so that every character is a place to cut."""
    gap = " " if filling == "a" else "。"
    for before in range(276 // weight - 12, 276 // weight + 2):
        text = f"{filling * before}{gap}{whole} " + "b" * 280
        parts = capabilities.split(text)
        assert "".join(parts) == text
        assert sum(part.count(whole) for part in parts) == 1


def test_sentences_end_a_post_before_words_do_and_words_before_anything() -> None:
    sentence = "We are sorry that your bag did not come with you to Oslo; it flies tonight, and lands at 22:40. "
    parts = capabilities.split((sentence * 5).strip())
    assert [part.count(sentence.strip()) for part in parts] == [2, 2, 1]
    parts = capabilities.split(("word " * 100).strip())
    assert all(set(part.split()) == {"word"} for part in parts)
    assert [len(part) for part in capabilities.split("a" * 600)] == [276, 276, 48]


def test_one_post_stays_as_it_is_and_too_much_is_refused() -> None:
    assert capabilities.split("Short.") == ("Short.",)
    assert posts_of("a" * 280) == ["a" * 280]
    assert len(capabilities.split("a" * 276 * 9)) == 9
    assert capabilities.split("a" * (276 * 9 + 1)) == ()
    assert capabilities.split("word " * 4000) == ()


def test_what_never_fits_is_refused() -> None:
    assert split("abc", [Piece(1, 1), Piece(3, 400)], limit=280, most=9, count=len) == ()
    assert split("a" * 300, [Piece(at, 1) for at in range(1, 301)], limit=280, most=1, count=len) == ()
