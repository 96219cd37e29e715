"""The word lists of a language, and what stands in a text by them. The lists are files of ours in words/."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from routing.triage.text import tokens

FOLDER = Path(__file__).parent / "words"
LONGEST = 5
"""Words of the longest phrase."""
REMEMBERED = 200_000
"""Words of which a list remembers what it knows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a word or phrase: how it feels (-3 to 3) and what it points to."""

    feeling: float = 0.0
    marks: frozenset[str] = frozenset()

    def joined(self, section: str) -> Entry:
        """The same word, found in one more section."""
        if section.lstrip("+-").isdigit():
            strongest = max((self.feeling, float(section)), key=abs)
            return Entry(strongest, self.marks)
        return Entry(self.feeling, self.marks | {section})


NOTHING = Entry()


@dataclass(slots=True)
class Phrases:
    """All phrases that begin with one word. `seconds` and `stems` tell at a glance that none of them stands here."""

    entries: dict[tuple[str, ...], Entry] = field(default_factory=dict)
    seconds: set[str] = field(default_factory=set)
    stems: tuple[str, ...] = ()

    def add(self, key: tuple[str, ...], section: str) -> None:
        self.entries[key] = self.entries.get(key, NOTHING).joined(section)
        if key[1].endswith("*"):
            self.stems = (*self.stems, key[1].rstrip("*"))
        else:
            self.seconds.add(key[1])

    def longest(self, words: list[str], at: int) -> tuple[Entry, int] | None:
        """The longest of them that stands here, and its length in words."""
        if at + 1 >= len(words) or not self._may_stand(words[at + 1]):
            return None
        for length in range(min(LONGEST, len(words) - at), 1, -1):
            here = tuple(words[at : at + length])
            entry = self.entries.get(here) or self._by_stem(here)
            if entry is not None:
                return entry, length
        return None

    def _may_stand(self, second: str) -> bool:
        return second in self.seconds or second.startswith(self.stems)

    def _by_stem(self, here: tuple[str, ...]) -> Entry | None:
        last = here[-1]
        for end in range(len(last), 2, -1):
            entry = self.entries.get((*here[:-1], last[:end] + "*"))
            if entry is not None:
                return entry
        return None


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a word wherever it stands: its own entry, and the phrases that begin with it."""

    entry: Entry | None
    phrases: Phrases | None

    def at(self, words: list[str], at: int) -> tuple[Entry | None, int]:
        """What counts where the word stands, and its length in words: the longest phrase that stands there wins."""
        return (self.phrases and self.phrases.longest(words, at)) or (self.entry, 1)


class Seen(dict[str, Found | None]):
    """Every word that was looked up, so that it is looked up once: people use few words, again and again."""

    def __init__(self, lists: Lexicon) -> None:
        self.lists = lists

    def __missing__(self, word: str) -> Found | None:
        found = self.lists.look_up(word)
        if len(self) < REMEMBERED:
            self[word] = found
        return found


class Lexicon:
    """All entries of one language."""

    def __init__(self) -> None:
        self.words: dict[str, Entry] = {}
        self.stems: dict[str, Entry] = {}
        self.phrases: dict[str, Phrases] = {}
        self._seen = Seen(self)

    def add(self, item: str, section: str) -> None:
        """Enter one item of a list: `word`, `stem*` or `some words*`."""
        parts = tuple(tokens(item.rstrip("*")))
        if len(parts) > 1:
            key = (*parts[:-1], parts[-1] + "*") if item.endswith("*") else parts
            self.phrases.setdefault(parts[0], Phrases()).add(key, section)
        elif item.endswith("*"):
            self.stems[parts[0]] = self.stems.get(parts[0], NOTHING).joined(section)
        elif parts:
            self.words[parts[0]] = self.words.get(parts[0], NOTHING).joined(section)

    def known(self, words: list[str]) -> Iterator[Found | None]:
        """What is known of each word, in order; None for what stands in no list."""
        return map(self._seen.__getitem__, words)

    def look_up(self, word: str) -> Found | None:
        """What is known of a word; all lists are read before the first is looked up."""
        entry, phrases = self.word(word), self.phrases.get(word)
        return Found(entry, phrases) if entry or phrases else None

    def word(self, token: str) -> Entry | None:
        """The entry of a word: its own and those of all its stems, the longest stem's feeling first."""
        entry = self.words.get(token)
        marks = entry.marks if entry else frozenset()
        feeling = entry.feeling if entry else 0.0
        for end in range(len(token), 1, -1):
            stem = self.stems.get(token[:end])
            if stem is not None:
                feeling = feeling or stem.feeling
                marks |= stem.marks
        return Entry(feeling, marks) if feeling or marks else None


@cache
def lexicon(language: str) -> Lexicon | None:
    """The lists of a language by its two letters; None where there are none."""
    path = FOLDER / f"{language}.txt"
    if not path.is_file():
        return None
    lists = Lexicon()
    for file in (path, FOLDER / "signs.txt"):
        _read(lists, file.read_text(encoding="utf-8"))
    return lists


def covered() -> list[str]:
    """The languages that have lists."""
    return sorted(path.stem for path in FOLDER.glob("??.txt"))


def _read(lists: Lexicon, text: str) -> None:
    section = ""
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("[") and line.endswith("]") and " " not in line:
            section = line[1:-1]
        elif line and not line.startswith("# "):
            for item in line.split(","):
                if item.strip():
                    lists.add(item.strip(), section)
