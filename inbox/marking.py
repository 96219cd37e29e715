"""Where a found text was hit: the words of the search in it, whatever their case and accents. Pure."""

from __future__ import annotations

import re
import unicodedata

LENGTH = 280
BEFORE = 80  # characters shown before the first hit

Passage = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it is a hit."""

_WANTED = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


def words_of(query: str) -> tuple[str, ...]:
    """The words that a search wants, folded; those with a minus and the `or` between words are none."""
    found: dict[str, None] = {}
    for token in _WANTED.finditer(query):
        wanted = token["word"] if token["phrase"] is None else token["phrase"]
        if not token["minus"] and wanted.lower() != "or":
            found |= dict.fromkeys(re.findall(r"\w+", fold(wanted)[0]))
    return tuple(found)


def fold(text: str) -> tuple[str, list[int]]:
    """A text without case and accents, and for each of its characters the place of the one it came from."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        plain = [one for one in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(one)]
        for one in "".join(plain).casefold():
            letters.append(one)
            places.append(place)
    return "".join(letters), places


def passage(text: str, words: tuple[str, ...]) -> Passage:
    """At most 280 characters of a text around its first hit, in pieces."""
    hits = _hits(text, words)
    begin = max(hits[0][0] - BEFORE, 0) if hits and hits[0][1] > LENGTH else 0
    end = begin + LENGTH
    pieces: list[tuple[str, bool]] = []
    at = begin
    for start, stop in hits:
        if start < at or stop > end:
            continue
        pieces += [(text[at:start], False), (text[start:stop], True)]
        at = stop
    pieces.append((text[at:end], False))
    if begin:
        pieces.insert(0, ("… ", False))
    return tuple(piece for piece in pieces if piece[0])


def plain(pieces: Passage) -> str:
    """A passage as mere text."""
    return "".join(text for text, _ in pieces)


def _hits(text: str, words: tuple[str, ...]) -> list[tuple[int, int]]:
    """From where to where each hit reaches, in order."""
    if not words:
        return []
    folded, places = fold(text)
    wanted = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")
    return [(places[hit.start()], _whole(text, places[hit.end() - 1] + 1)) for hit in wanted.finditer(folded)]


def _whole(text: str, stop: int) -> int:
    """The end of a hit with the accents that are characters of their own."""
    while stop < len(text) and unicodedata.combining(text[stop]):
        stop += 1
    return stop
