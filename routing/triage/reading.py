"""One pass over a text with the lists of its language: what stands in it, counted. Everything else decides by that."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from routing.triage.lexicon import Entry, Lexicon
from routing.triage.text import HANDLE, LINK, NUMBER, tokens

REACH = 3
"""How many words a "not" reaches, `NEAR` how many a "very"."""
NEAR = 2
FLIPPED = -0.6
"""What is left of a good word behind a "not"; a bad one keeps less, as "not bad" is hardly praise."""
SOFTENED = -0.3
LOUDER, SOFTER = 1.4, 0.7
AFTER_BUT = 1.3
FAR = -9

BUTS = frozenset({"but", "however", "although", "though", "except", "aber", "mais", "pero", "ma", "mas", "però"})
STOPS = frozenset({".", ",", ";", "\n", "…"})
_SHOUTED = re.compile(r"\b[A-Z]{3,}\b")


@dataclass(slots=True)
class Reading:
    """What stands in one text. `good` and `bad` are sums of feelings, `marks` counts of what words point to,
    `found` the first word of each mark, `spans` durations such as "3 hours"."""

    words: list[str]
    good: float = 0.0
    bad: float = 0.0
    last: float = 0.0
    marks: dict[str, int] = field(default_factory=dict)
    feelings: list[tuple[float, str]] = field(default_factory=list)
    found: dict[str, str] = field(default_factory=dict)
    handles: int = 0
    links: int = 0
    spans: int = 0
    asks: int = 0
    bangs: int = 0
    shouted: int = 0
    negations: int = 0
    opens_with_handle: bool = False

    def has(self, mark: str) -> int:
        """How often words point there."""
        return self.marks.get(mark, 0)


@dataclass(slots=True)
class _Pass:
    """Where the pass over the words is: what still reaches the next word."""

    reading: Reading
    negated: int = FAR
    louder: int = FAR
    softer: int = FAR
    weight: float = 1.0

    def stop(self) -> None:
        """A mark ends the reach of every word before it."""
        self.negated = self.louder = self.softer = FAR

    def take(self, entry: Entry, at: int, length: int) -> None:
        """Count one word or phrase that is in the lists."""
        reading = self.reading
        said = reading.words[at] if length == 1 else " ".join(reading.words[at : at + length])
        if entry.feeling:
            self._feel(entry.feeling, said, at)
        for mark in entry.marks:
            if mark == "negate":
                self.negated = at
                reading.negations += 1
            elif mark == "boost":
                self.louder = at
            elif mark == "damp":
                self.softer = at
            elif mark == "span":
                reading.spans += at > 0 and reading.words[at - 1] == NUMBER
            else:
                reading.marks[mark] = reading.marks.get(mark, 0) + 1
                reading.found.setdefault(mark, said)

    def _feel(self, feeling: float, said: str, at: int) -> None:
        value = feeling * self.weight
        if at - self.louder <= NEAR:
            value *= LOUDER
        elif at - self.softer <= NEAR:
            value *= SOFTER
        if at - self.negated <= REACH and said[0].isalpha():
            value *= FLIPPED if value > 0 else SOFTENED
        if value > 0:
            self.reading.good += value
        else:
            self.reading.bad -= value
        self.reading.last = value
        self.reading.feelings.append((value, said))


def read(text: str, lists: Lexicon) -> Reading:
    """What stands in a text by these lists."""
    words = tokens(text)
    reading = Reading(words)
    now = _Pass(reading)
    end = 0
    for at, known in enumerate(lists.known(words)):
        if at < end:  # inside the phrase before
            continue
        word = words[at]
        if word in STOPS or word[0] in "!?.":
            now.stop()
        elif word in BUTS:
            now.weight, now.negated = AFTER_BUT, FAR
        if known is not None:
            entry, length = known.at(words, at)
            end = at + length
            if entry is not None:
                now.take(entry, at, length)
    _look_at_signs(reading, text)
    return reading


def _look_at_signs(reading: Reading, text: str) -> None:
    words = reading.words
    reading.handles, reading.links = words.count(HANDLE), words.count(LINK)
    reading.opens_with_handle = HANDLE in words[:2]
    if "!" in text or "?" in text:
        marks = [word for word in words if word[0] in "!?"]
        reading.asks = sum("?" in word for word in marks)
        reading.bangs = sum(word.count("!") for word in marks)
    reading.shouted = len(_SHOUTED.findall(text))
