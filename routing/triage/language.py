"""Which language a text is in: by its script, else by small words and by pieces of spelling, from lists of ours.

Romanised Hindi is Hindi: people write it so, mixed with English.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, lru_cache
from math import exp

from routing.triage.lexicon import FOLDER
from routing.triage.text import CACHED, chunks, unescaped

# ISO 639-1. Where a script stands for several languages, the most written one is named.
SCRIPTS = (
    ("ja", "぀", "ヿ"),
    ("ar", "؀", "ۿ"),
    ("ar", "ﭐ", "\ufeff"),
    ("hi", "ऀ", "ॿ"),
    ("ru", "Ѐ", "ӿ"),
    ("el", "Ͱ", "Ͽ"),
    ("he", "֐", "׿"),
    ("th", "฀", "๿"),
    ("ko", "가", "힯"),
    ("zh", "一", "鿿"),
    ("bn", "ঀ", "৿"),
    ("ta", "஀", "௿"),
    ("te", "ఀ", "౿"),
    ("gu", "઀", "૿"),
    ("pa", "਀", "੿"),
)
NAMES = {
    "en": "English",
    "es": "Spanish",
    "pt": "Portuguese",
    "fr": "French",
    "de": "German",
    "it": "Italian",
    "hi": "Hindi",
    "ar": "Arabic",
    "nl": "Dutch",
    "tr": "Turkish",
    "id": "Indonesian",
    "pl": "Polish",
    "sv": "Swedish",
    "tl": "Filipino",
    "ru": "Russian",
    "ja": "Japanese",
    "zh": "Chinese",
    "ko": "Korean",
    "el": "Greek",
    "he": "Hebrew",
    "th": "Thai",
    "bn": "Bengali",
    "ta": "Tamil",
    "te": "Telugu",
    "gu": "Gujarati",
    "pa": "Punjabi",
}
RANK = {language: place for place, language in enumerate(NAMES)}
"""Of languages for which the same is said, the first of the names is meant."""
WORD_WEIGHT, PIECE_WEIGHT = 1.0, 0.25
MIXED = 1.6
"""Romanised Hindi comes mixed with English: its own words say more than the English ones around them."""
KANA = 0.1
"""Japanese is mostly written with Chinese signs; a tenth of its own tells it."""
LONGEST_PIECE = 6
TAG_WEIGHT = 0.3
"""A tag says less: English tags stand in every language."""

_NOISE = re.compile(r"https?://\S*|\bhttps?\b|www\.\S+|@[\w.-]+|\bRT\b|<\w+>")
_WORD = re.compile(r"#?[^\W\d_]+(?:['’][^\W\d_]+)*")


Said = list[tuple[str, float]]
"""Languages, and how much is said for each."""


@dataclass(slots=True)
class Lists:
    """Small words and pieces: what each says for which language."""

    words: dict[str, Said] = field(default_factory=dict)
    pieces: dict[str, Said] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spelt:
    """What one chunk of a text says: for which languages how much, its letters, and those of other scripts."""

    said: Said
    letters: int
    foreign: str


def identify(text: str) -> tuple[str, float]:
    """The language by its ISO code and how sure it is; empty and 0 where nothing says anything."""
    spelt = _spellings(text)
    return _script(text, spelt) or _likeliest(_sums(spelt))


def of(text: str) -> str:
    """The likeliest language by its ISO code; empty where nothing says anything."""
    return identify(text)[0]


def sums_of(text: str) -> dict[str, float]:
    """What the words say for each language; a script of its own says the most."""
    spelt = _spellings(text)
    by_script = _script(text, spelt)
    return {by_script[0]: 6.0} if by_script else _sums(spelt)


def _spellings(text: str) -> list[Spelt]:
    if "\\u" in text:
        text = unescaped(_NOISE.sub(" ", text))
    return list(map(_spelt, chunks(text)))


@lru_cache(maxsize=CACHED)
def _spelt(chunk: str) -> Spelt:
    """One chunk without links and handles."""
    bare = _NOISE.sub(" ", chunk)
    said = [pair for word in _WORD.findall(bare) for pair in _said_by(word)]
    letters = "".join(filter(str.isalpha, bare))
    foreign = "" if bare.isascii() else "".join(c for c in letters if c > "\u036f" and not "\u1e00" <= c <= "\u1eff")
    return Spelt(said, len(letters), foreign)


def _sums(spelt: list[Spelt]) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for one in spelt:
        for language, weight in one.said:
            sums[language] += weight
    return sums


def _likeliest(sums: dict[str, float]) -> tuple[str, float]:
    if not sums:
        return "", 0.0
    best = max(sums, key=lambda language: (round(sums[language], 9), -RANK[language]))
    return best, 1.0 / sum(exp(max(value - sums[best], -30.0)) for value in sums.values())


def _script(text: str, spelt: list[Spelt]) -> tuple[str, float] | None:
    """The language of the script in which most letters are, where that is not the Latin one."""
    if text.isascii() and "\\u" not in text:
        return None
    foreign = "".join([one.foreign for one in spelt])
    if not foreign or 3 * len(foreign) < sum(one.letters for one in spelt):
        return None
    shares: dict[str, float] = defaultdict(float)
    for language, low, high in SCRIPTS:
        shares[language] += sum(low <= c <= high for c in foreign) / len(foreign)
    best = "ja" if shares["ja"] > KANA else max(shares, key=shares.__getitem__)
    return (best, shares[best]) if shares[best] else None


@lru_cache(maxsize=CACHED)
def _said_by(raw: str) -> tuple[tuple[str, float], ...]:
    """What one word says for which languages: whole words first, spelling beside."""
    lists = _lists()
    tag = raw.startswith("#")
    word = raw.lstrip("#").lower().replace("’", "'")
    said: dict[str, float] = defaultdict(float)
    for language, weight in lists.words.get(word, ()):
        said[language] += WORD_WEIGHT * weight * (MIXED if language == "hi" else 1.0)
    if len(word) > 2:
        for piece in _pieces(word):
            for language, weight in lists.pieces.get(piece, ()):
                said[language] += PIECE_WEIGHT * weight
    scale = TAG_WEIGHT if tag else 1.0
    return tuple((language, scale * weight) for language, weight in said.items())


@cache
def _lists() -> Lists:
    """The lists as read once; what stands in n languages counts 1/n for each."""
    words: dict[str, set[str]] = defaultdict(set)
    pieces: dict[str, set[str]] = defaultdict(set)
    for section, items in _sections():
        kind, _, language = section.rpartition(" ")
        target = pieces if kind else words
        for item in items:
            target[item].add(language)
    return Lists(_shared(words), _shared(pieces))


def _shared(known: dict[str, set[str]]) -> dict[str, Said]:
    return {item: [(language, 1 / len(said)) for language in sorted(said)] for item, said in known.items()}


def _pieces(word: str) -> dict[str, None]:
    """All pieces of a word of up to six letters, each once and in order, those at its ends marked."""
    marked = f"^{word}$"
    sizes = range(1, LONGEST_PIECE + 1)
    return dict.fromkeys(marked[at : at + size] for size in sizes for at in range(len(marked) - size + 1))


def _sections() -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for line in (FOLDER / "languages.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            found.append((line[1:-1], []))
        elif line and not line.startswith("#"):
            found[-1][1].extend(item.strip() for item in line.split(",") if item.strip())
    return found
