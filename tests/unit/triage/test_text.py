"""Texts cut into tokens, chunk by chunk."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from routing.triage.text import HANDLE, LINK, TOKEN, _cut, tokens

PIECES = (
    "RT",
    "@someone",
    "www.x.example",
    "https://t.example/a",
    ":)",
    "sooo",
    "#NotGood",
    "3h",
    "a\nb",
    "it’s",
    "?!",
    " ",
)


def test_who_is_passed_on_is_one_token() -> None:
    assert tokens("RT @someone: late") == [HANDLE, "late"]


def test_forms() -> None:
    assert tokens("Sooo late\nsee www.x.example #NotGood") == ["soo", "late", "\n", "see", LINK, "not", "good"]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=12).map(" ".join))
def test_chunks_give_what_the_whole_text_gives(text: str) -> None:
    if "\\u" not in text:
        assert tokens(text) == list(_cut(text)), TOKEN.findall(text)
