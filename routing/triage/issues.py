"""Which of the organisation's issues a message is about, before anything was learnt: by the words of each issue and
by themes of ours that an issue's name points to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import exp

from routing.triage.contracts import IssueView
from routing.triage.lexicon import FOLDER, Entry, Lexicon
from routing.triage.text import CACHED, tokens

OWN_WORD, NAME_WORD, SIGN = 2.0, 1.5, 1.0
"""What a word that the organisation gave, a word of the name and a sign of a theme are worth."""
SHARPNESS = 0.8
UNCLEAR = "unclear"
NO_SIGN = 0.7
"""What the issue for everything unclear has from the start."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A problem that customers have everywhere."""

    name: str
    names: frozenset[str]
    signs: tuple[str, ...]


@cache
def themes() -> tuple[Theme, ...]:
    """The themes of words/issues.txt."""
    found: list[tuple[str, frozenset[str], list[str]]] = []
    for line in (FOLDER / "issues.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name, _, names = line[1:-1].partition(":")
            found.append((name, frozenset(item.strip() for item in names.split(",")), []))
        elif line and not line.startswith("#"):
            found[-1][2].extend(item.strip() for item in line.split(",") if item.strip())
    return tuple(Theme(name, names, tuple(signs)) for name, names, signs in found)


def theme_of(issue_name: str) -> Theme | None:
    """The theme that an issue's name points to: the same name first, else the most words in common."""
    plain = " ".join(tokens(issue_name))
    best: tuple[float, Theme | None] = (0.0, None)
    for theme in themes():
        score = max((_likeness(plain, name) for name in theme.names), default=0.0)
        if score > best[0]:
            best = (score, theme)
    return best[1]


@cache
def is_unclear(issue_name: str) -> bool:
    """Whether the issue is the one for what fits no other."""
    theme = theme_of(issue_name)
    return theme is not None and theme.name == UNCLEAR


def _likeness(plain: str, name: str) -> float:
    if plain == name:
        return 10.0
    common = set(plain.split()) & set(name.split())
    return len(common) / len(set(plain.split()) | set(name.split())) if common else 0.0


@lru_cache(maxsize=32)
def signs_of(issues: tuple[IssueView, ...]) -> Lexicon:
    """One list over all issues: a sign's marks are the codes of the issues that it points to, by its worth."""
    lists = Lexicon()
    for issue in issues:
        for word in issue.words:
            lists.add(word, f"{OWN_WORD}:{issue.code}")
        for word in tokens(issue.name):
            if len(word) > 3:
                lists.add(word, f"{NAME_WORD}:{issue.code}")
        theme = theme_of(issue.name)
        for sign in theme.signs if theme else ():
            lists.add(sign, f"{SIGN}:{issue.code}")
    return lists


def sums(words: list[str], issues: Sequence[IssueView]) -> dict[str, float]:
    """A sum of evidence per issue; a sign that several issues share counts less for each."""
    found = {issue.code: NO_SIGN if is_unclear(issue.name) else 0.0 for issue in issues}
    end = 0
    for at, known in enumerate(signs_of(tuple(issues)).known(words)):
        if known is not None and at >= end:
            entry, length = known.at(words, at)
            end = at + length
            for code, worth in _worth(entry) if entry is not None else ():
                found[code] += worth
    return found


@lru_cache(maxsize=CACHED)
def _worth(entry: Entry) -> tuple[tuple[str, float], ...]:
    """What a sign says for each of its issues."""
    told = [mark.partition(":") for mark in sorted(entry.marks)]
    return tuple((code, float(worth) / len(told) ** 0.5) for worth, _, code in told)


def ranked(found: dict[str, float]) -> list[tuple[str, float]]:
    """Issues and their shares of one, the likeliest first."""
    powers = {code: exp(min(SHARPNESS * value, 30.0)) for code, value in found.items()}
    whole = sum(powers.values()) or 1.0
    return sorted(
        ((code, power / whole) for code, power in powers.items()), key=lambda pair: (-round(pair[1], 9), pair[0])
    )
