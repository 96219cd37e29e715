"""Words in a text, safely: folded words on word boundaries, and patterns only of the kind that takes linear time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from core.patterns import finder

_WORDS = re.compile(r"\w+")
# Scripts that put no space between words: there a word is looked for anywhere.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def plain(text: str) -> str:
    """The words of a text, folded, each between two spaces: " my bag is gone "."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return f" {' '.join(_WORDS.findall(folded))} "


def needle(word: str) -> str:
    """What to look for in `plain` text; empty where the word has no letter or digit."""
    inner = plain(word).strip()
    return inner if not inner or _UNSPACED.search(inner) else f" {inner} "


def any_of(words: Iterable[str]) -> Callable[[str], bool]:
    """Whether plain text has at least one of the words or phrases."""
    needles = tuple(needle(word) for word in words)
    return lambda text: any(one in text for one in needles)


def all_of(words: Iterable[str]) -> Callable[[str], bool]:
    """Whether plain text has all of the words or phrases."""
    needles = tuple(needle(word) for word in words)
    return lambda text: all(one in text for one in needles)


def pattern(source: str) -> Callable[[str], bool]:
    """Whether a text matches somewhere, whatever the case. Raises: Invalid (`core.patterns`)."""
    first = finder(source)
    return lambda text: first(text) is not None
