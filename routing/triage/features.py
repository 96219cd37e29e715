"""What a learnt model sees of a message: its words, pairs of words and pieces of words, and what words and rules made
of it. Training and judging build the very same numbers here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import log

from routing.triage import feelings, issues, kinds
from routing.triage.contracts import KINDS, IssueView
from routing.triage.language import NAMES, sums_of
from routing.triage.reading import Reading
from routing.triage.text import CACHED, plain

MARKS = (
    "thanks",
    "problem",
    "ask",
    "request",
    "wish",
    "care",
    "legal",
    "safety",
    "stranded",
    "children",
    "health",
    "soon",
    "press",
    "lead",
    "abuse",
    "spam",
)
SHORTEST, LONGEST = 3, 5
"""Letters of a piece of a word."""
SCALE = 0.4
"""How loud what words and rules say is beside the words themselves, whose length is 1."""


@lru_cache(maxsize=1)
def themes() -> tuple[IssueView, ...]:
    """Our own themes, each as if it were an issue."""
    return tuple(IssueView(theme.name, theme.name) for theme in issues.themes())


def names(label: str) -> list[str]:
    """The names of what `told` gives, in order; a model is only read where they are what it was made with."""
    if label == "language":
        return [f"language {language}" for language in NAMES]
    return [
        *("negative evidence", "neutral evidence", "positive evidence"),
        *("negative", "neutral", "positive"),
        *(f"kind {kind}" for kind in KINDS),
        *(f"mark {mark}" for mark in MARKS),
        *("spans", "asks", "bangs", "negations", "last feeling", "shouted", "length", "opens with handle", "links"),
        *(f"theme {theme.code}" for theme in themes()),
    ]


def told(label: str, text: str, reading: Reading | None) -> list[float]:
    """What words and rules make of a message, as numbers of about -1 to 2; all 0 where nothing could be read."""
    if label == "language":
        said = sums_of(text)
        return [min(said.get(language, 0.0), 6.0) / 3 for language in NAMES]
    if reading is None:
        return [0.0] * len(names(label))
    return _read(reading)


def _read(reading: Reading) -> list[float]:
    sums = feelings.evidence(reading)
    shares = feelings.confidences(sums)
    of_kinds = kinds.evidence(reading, shares)
    of_themes = issues.sums(reading.words, themes())
    return [
        *sums,
        *shares,
        *(of_kinds[kind] for kind in KINDS),
        *(min(reading.has(mark), 3) / 2 for mark in MARKS),
        min(reading.spans, 2) / 2,
        min(reading.asks, 2) / 2,
        min(reading.bangs, 3) / 3,
        min(reading.negations, 3) / 3,
        reading.last / 2,
        min(reading.shouted, 3) / 3,
        min(len(reading.words), 60) / 30,
        float(reading.opens_with_handle),
        min(reading.links, 2) / 2,
        *(min(of_themes[theme.code], 6.0) / 3 for theme in themes()),
    ]


def words_of(words: Sequence[str]) -> list[str]:
    """Words and pairs of words, as often as they stand there."""
    found = [_plain(word) for word in words]
    return [*found, *(f"{first} {second}" for first, second in pairwise(found))]


_plain = lru_cache(maxsize=CACHED)(plain)


def pieces_of(words: Sequence[str]) -> list[str]:
    """Pieces of words, their ends marked, as often as they stand there."""
    return [piece for word in words for piece in pieces(word)]


@lru_cache(maxsize=CACHED)
def pieces(word: str) -> tuple[str, ...]:
    """The pieces of one word."""
    marked = f" {plain(word)} "
    return tuple(
        marked[at : at + size] for size in range(SHORTEST, LONGEST + 1) for at in range(max(len(marked) - size + 1, 1))
    )


def rarity(documents: Sequence[Sequence[str]], *, at_least: int) -> dict[str, float]:
    """The weight of each item that stands in so many documents: the rarer, the more."""
    standing: Counter[str] = Counter()
    for document in documents:
        standing.update(list(dict.fromkeys(document)))
    return {item: log((1 + len(documents)) / (1 + count)) + 1 for item, count in standing.items() if count >= at_least}
