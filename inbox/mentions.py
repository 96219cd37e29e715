"""Who is named in a note: “@Ana Sandoval”, “@ana.sandoval”, “@ana” or “@care”. Pure: no Django, no database."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

MOST_WORDS = 6
# An @ begins a name where a word begins; what follows are words with single spaces between.
_NAMES = re.compile(rf"(?<![\w@./])@(\w[\w.'’\-]*(?:[ \u00a0]\w[\w.'’\-]*){{0,{MOST_WORDS - 1}}})")
_WORD = re.compile(r"[^ \u00a0]+")
# What stands behind a name and is no part of it: “@Ana.”, “@Ana’s”.
_TAIL = re.compile(r"(?:['’]s)?[.'’\-]*$")


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody, or a team, that can be named.

    Args:
        handle: one word that means them alone; what is put into a text.
        sees: whether they (of a team: any of its people) may see the brand of the conversation.
    """

    kind: Literal["person", "team"]
    pk: int
    name: str
    handle: str
    sees: bool = True


@dataclass(frozen=True, slots=True)
class Mention:
    """Where in a text who is named; `text[at:end]` begins with the @."""

    at: int
    end: int
    named: Named


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a text names; `unclear` = words that mean nobody (no names) or several."""

    mentions: tuple[Mention, ...] = ()
    unclear: tuple[tuple[str, tuple[Named, ...]], ...] = ()

    @property
    def named(self) -> list[Named]:
        """Each once, in the order of the text."""
        return list(dict.fromkeys(one.named for one in self.mentions))


Directory = Mapping[str, Sequence[Named]]


def directory(everybody: Iterable[Named]) -> Directory:
    """By every way to name them, in small letters: handle, name, and the first word of a person's name."""
    ways: dict[str, list[Named]] = defaultdict(list)
    for one in everybody:
        first = {_key(one.name.split(" ")[0])} if one.kind == "person" else set()
        for key in {_key(one.handle), _key(one.name)} | first:
            ways[key].append(one)
    return ways


def handles(names: Iterable[tuple[int, str]]) -> dict[int, str]:
    """One word for each of these names (id, name); the same twice get their ids behind."""
    words = {pk: ".".join(re.findall(r"[\w'’\-]+", name.casefold())) or str(pk) for pk, name in names}
    used = list(words.values())
    return {pk: f"{word}.{pk}" if used.count(word) > 1 else word for pk, word in words.items()}


def find(text: str, who: Directory) -> Found:
    """Whom the text names; the longest name counts."""
    mentions: list[Mention] = []
    unclear: dict[str, tuple[Named, ...]] = {}
    for match in _NAMES.finditer(text):
        ends, meant = _longest(match, who)
        if len(meant) == 1:
            mentions.append(Mention(match.start(), ends, meant[0]))
        else:
            unclear.setdefault(text[match.start() : ends], tuple(meant))
    return Found(tuple(mentions), tuple(unclear.items()))


def _longest(match: re.Match[str], who: Directory) -> tuple[int, list[Named]]:
    """Where the name ends, and whom it means; the first word where it means nobody."""
    phrase, begins = match[1], match.start(1)
    end = 0
    for end in _ends(phrase):
        meant = _meant(who.get(_key(phrase[:end]), ()))
        if meant:
            return begins + end, meant
    return begins + end, []


def _ends(phrase: str) -> Iterator[int]:
    """Where a name in this phrase could end, the latest first: each word as it stands, and without its tail."""
    for word in reversed(list(_WORD.finditer(phrase))):
        tail = _TAIL.search(phrase, word.start(), word.end())
        yield word.end()
        if tail is not None and tail.start() > word.start():
            yield tail.start()


def _meant(found: Sequence[Named]) -> list[Named]:
    """Of several those who see the conversation's brand: nobody else could be meant."""
    return [one for one in found if one.sees] or list(found) if len(found) > 1 else list(found)


def _key(words: str) -> str:
    return " ".join(words.casefold().split())
