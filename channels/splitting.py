"""A text that is too long for one post, as several in a row: where it is cut, and how the posts are numbered. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

# A sentence's end is taken where the post is at least so full there; else the last word that fits ends it.
FULL_ENOUGH = 0.5
# Scripts that write without spaces (kana, ideographs): a word may end between any two of them.
_UNSPACED = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_SENTENCE = re.compile(rf"(?<=[.!?…])[\"'”’»)]*\s+|\n\s*|(?<=[。！？])(?=[{_UNSPACED}])|(?<=[。！？])\s+")
_WORD = re.compile(rf"\s+|(?<=[{_UNSPACED}。、，！？])(?=[{_UNSPACED}])")


@dataclass(frozen=True, slots=True)
class Piece:
    """What is never cut: a link, a name, an emoji, a character with its marks. They stand one behind the other.

    Args:
        end: where it ends in the text; it begins where the one before ends.
        weight: in characters as the network counts them.
    """

    end: int
    weight: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A place where a post may end: its words end at `end`, those of the next begin at `resume`."""

    end: int
    resume: int


def numbered(text: str, part: int, parts: int) -> str:
    """The words of one post of several as they are posted: "… 2/3". One that stands alone stays as it is."""
    return f"{text.strip()} {part}/{parts}" if parts > 1 else text


def split(text: str, pieces: Sequence[Piece], *, limit: int, most: int, count: Callable[[str], int]) -> tuple[str, ...]:
    """The text in as many posts as it takes, in order; joined they are the text again, and each fits with its number.

    None where `most` are not enough, or where something that is never cut does not fit.

    Args:
        text: without space at its ends.
        limit: of one post, in characters as `count` counts them.
    """
    room = limit - len(numbered("", most, most)) if most > 1 else limit
    weights = _Weights(pieces)
    kinds = [*_cuts(text, weights, _SENTENCE), Cut(len(text), len(text))], [*_cuts(text, weights, _WORD)]
    ranked = _Ranked(*kinds, [Cut(piece.end, piece.end) for piece in pieces])
    found: list[str] = []
    start = 0
    while start < len(text) and len(found) < most:
        cut = next((cut for cut in ranked.best(start, weights, room) if count(text[start : cut.end]) <= room), None)
        if cut is None:
            return ()
        found.append(text[start : cut.resume])
        start = cut.resume
    return tuple(found) if start == len(text) else ()


class _Weights:
    """How heavy the text is up to each place where it may be cut."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.ends = [0, *(piece.end for piece in pieces)]
        self.known = dict(zip(self.ends, accumulate((piece.weight for piece in pieces), initial=0), strict=True))

    def within(self, start: int, end: int) -> int:
        return self.known[end] - self.known[start]


def _cuts(text: str, weights: _Weights, pattern: re.Pattern[str]) -> Iterator[Cut]:
    """Where the pattern lets a post end; what it matches is space that ends the post, or nothing."""
    for match in pattern.finditer(text):
        resume = match.end()
        end = len(text[:resume].rstrip())
        if end in weights.known and resume in weights.known:
            yield Cut(end, resume)


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Places to cut, each kind in the order of the text."""

    sentences: list[Cut]
    words: list[Cut]
    anywhere: list[Cut]

    def best(self, start: int, weights: _Weights, room: int) -> Iterator[Cut]:
        """From the best to the worst."""
        full = room * FULL_ENOUGH
        sentences = _fitting(self.sentences, start, weights, room)
        yield from (cut for cut in sentences if cut.end == weights.ends[-1] or weights.within(start, cut.end) >= full)
        yield from _fitting(self.words, start, weights, room)
        yield from _fitting(self.anywhere, start, weights, room)


def _fitting(cuts: list[Cut], start: int, weights: _Weights, room: int) -> Iterator[Cut]:
    """Those that leave a post of at most this weight, the fullest first."""
    at = bisect_right(cuts, start, key=lambda cut: cut.end)
    fits = []
    for cut in cuts[at:]:
        if weights.within(start, cut.end) > room:
            break
        fits.append(cut)
    yield from reversed(fits)
