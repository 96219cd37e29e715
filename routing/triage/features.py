"""What a learnt model sees of a message: its words, pairs of words and pieces of words, and what words and rules made
of it. Training and judging build the very same numbers here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import log, sqrt

from routing.triage import feelings, issues, kinds
from routing.triage.contracts import KINDS, IssueView
from routing.triage.language import NAMES, sums_of
from routing.triage.reading import Reading
from routing.triage.text import CACHED, plain, tokens

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


def words_of(text: str) -> dict[str, float]:
    """Words and pairs of words, each by how often it stands there (dampened)."""
    found = [plain(word) for word in tokens(text)]
    counts = Counter(found)
    counts.update(f"{first} {second}" for first, second in pairwise(found))
    return {item: 1 + log(count) for item, count in counts.items()}


def pieces_of(text: str) -> dict[str, float]:
    """Pieces of words, their ends marked, each by how often it stands there (dampened)."""
    counts: Counter[str] = Counter()
    for word in tokens(text):
        counts.update(_pieces(word))
    return {item: 1 + log(count) for item, count in counts.items()}


@lru_cache(maxsize=CACHED)
def _pieces(word: str) -> tuple[str, ...]:
    marked = f" {plain(word)} "
    return tuple(
        marked[at : at + size] for size in range(SHORTEST, LONGEST + 1) for at in range(max(len(marked) - size + 1, 1))
    )


def weighted(counts: dict[str, float], weights: dict[str, float]) -> dict[str, float]:
    """Counts by the weight of each item, brought to length 1; items without a weight are left out."""
    known = {item: count * weights[item] for item, count in counts.items() if item in weights}
    length = sqrt(sum(value * value for value in known.values())) or 1.0
    return {item: value / length for item, value in known.items()}


def rarity(documents: Sequence[dict[str, float]], *, at_least: int) -> dict[str, float]:
    """The weight of each item that stands in so many documents: the rarer, the more."""
    standing: Counter[str] = Counter()
    for document in documents:
        standing.update(document.keys())
    return {item: log((1 + len(documents)) / (1 + count)) + 1 for item, count in standing.items() if count >= at_least}
