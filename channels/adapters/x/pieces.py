"""A text on X as the pieces that are never cut: links, names, tags, emoji, characters with their marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from twitter_text import extract_emojis_with_indices, extract_urls_with_indices, parse_tweet

from channels.splitting import Piece

_NAME = re.compile(r"[@＠#＃$]\w+")
# What belongs to the character before it: joiners and what says how an emoji looks.
_JOINING = frozenset("\u200d\ufe0e\ufe0f\u20e3")


def pieces_of(text: str) -> tuple[Piece, ...]:
    """All of the text, in order, weighed as X weighs it."""
    found: list[Piece] = []
    start = 0
    for end in _ends(text, _wholes(text)):
        found.append(Piece(end, _weight(text[start:end])))
        start = end
    return tuple(found)


def _weight(piece: str) -> int:
    if piece.isascii() and len(piece) == 1:
        return 1
    return parse_tweet(piece).weightedLength


def _wholes(text: str) -> dict[int, int]:
    """Begin and end of what holds more than one character; the longer where two begin together."""
    spans = [tuple(one["indices"]) for one in extract_urls_with_indices(text)]
    spans += [tuple(one["indices"]) for one in extract_emojis_with_indices(text)]
    spans += [match.span() for match in _NAME.finditer(text)]
    return dict(sorted(spans))


def _ends(text: str, wholes: dict[int, int]) -> Iterator[int]:
    at = 0
    while at < len(text):
        at = wholes.get(at, at + 1)
        while at < len(text) and _belongs_to_the_last(text[at]):
            at += 1
        yield at


def _belongs_to_the_last(char: str) -> bool:
    return char in _JOINING or unicodedata.category(char) in ("Mn", "Me", "Mc")
