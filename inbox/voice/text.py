"""A text that is being written, taken apart once for all rules. Pure.

Words are compared whole and whatever their case; an accent makes another word (schon, schön), however it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

# Links and handles are nobody's choice of words.
_FOREIGN = re.compile(r"https?://\S+|www\.\S+|(?<!\w)@\w[\w.]*")
_WORD = re.compile(r"\w+")
# What may stand between the words of a phrase.
_BETWEEN = re.compile(r"[\s\-‐-–'’·]{1,6}")
# Scripts that put no space between words: there a word is looked for anywhere.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ENDS = re.compile(r"[.!?…。！？]+[\"”’)\]]*(?=\s|$)|\n+")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: as it is compared, as it stands, and where."""

    folded: str
    raw: str
    start: int
    end: int


class Draft:
    """The text, and what of it is words of ours."""

    def __init__(self, text: str) -> None:
        self.text = unicodedata.normalize("NFC", text)
        self.bare = _FOREIGN.sub(lambda hit: " " * len(hit[0]), self.text)
        self.tokens = [Token(folded(hit[0]), hit[0], *hit.span()) for hit in _WORD.finditer(self.bare)]
        self._at: dict[str, list[int]] = defaultdict(list)
        for place, token in enumerate(self.tokens):
            self._at[token.folded].append(place)

    def find(self, phrase: str) -> str | None:
        """A word or phrase as it stands here, the first time; None = nowhere."""
        phrase = unicodedata.normalize("NFC", phrase)
        words = [folded(hit[0]) for hit in _WORD.finditer(phrase)]
        if not words or _UNSPACED.search(phrase):
            return phrase if sought(phrase) and folded(phrase) in self._folded else None
        for place in self._at.get(words[0], ()):
            run = self.tokens[place : place + len(words)]
            if [token.folded for token in run] == words and self._joined(run):
                return self.text[run[0].start : run[-1].end]
        return None

    @cached_property
    def _folded(self) -> str:
        return folded(self.bare)

    def _joined(self, run: list[Token]) -> bool:
        return all(_BETWEEN.fullmatch(self.text, one.end, other.start) for one, other in pairwise(run))

    def sentences(self) -> Iterator[str]:
        """What stands between full stops and line ends."""
        return (part.strip() for part in _ENDS.split(self.bare) if part.strip())

    def begins_sentence(self, token: Token) -> bool:
        """Whether a word is the first of its sentence, where every word has a capital."""
        before = self.bare[: token.start].rstrip(' \t"“„«([–-')
        return not before or before[-1] in ".!?…:\n。！？,"


def folded(text: str) -> str:
    """As words are compared."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def sought(phrase: str) -> bool:
    """Whether there is anything to look for."""
    return bool(folded(phrase).strip())


def words_in(text: str) -> int:
    """How many words."""
    return sum(1 for _ in _WORD.finditer(text))
