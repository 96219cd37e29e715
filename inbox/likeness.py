"""Do two profiles on two networks look like one person? Judged by what both show in public, never by what was said in
private. It only ever proposes: a person decides.

Source for what may be compared: X, "Restricted uses of the X APIs", off-X matching (public profile, or with consent).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

NAMED, HANDLE, NAME = "named", "handle", "name"
WEIGHTS = {NAMED: 3, HANDLE: 2, NAME: 1}
# Shorter handles and names of one word are borne by too many.
SHORTEST_HANDLE = 5
SHORTEST_NAME = 8

_MENTION = re.compile(r"(?<![\w@])@([A-Za-z0-9_.]{5,50})")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a profile shows to everybody. `place`: network and id scope, within which one person has one profile."""

    pk: int
    place: tuple[str, str]
    handle: str
    name: str
    bio: str


def evidence(one: Shown, other: Shown) -> tuple[str, ...]:
    """What speaks for one person, the strongest first; nothing within one network."""
    if one.place == other.place:
        return ()
    found = []
    if _names(one, other) or _names(other, one):
        found.append(NAMED)
    if len(one.handle) >= SHORTEST_HANDLE and one.handle.casefold() == other.handle.casefold():
        found.append(HANDLE)
    if is_telling(one.name) and plain(one.name) == plain(other.name):
        found.append(NAME)
    return tuple(found)


def strength(found: Iterable[str]) -> int:
    """How much it says, from 0 to 6; only for sorting."""
    return sum(WEIGHTS[each] for each in found)


def mentioned(bio: str) -> tuple[str, ...]:
    """The handles that somebody names in their own words about themselves; at most five."""
    return tuple(dict.fromkeys(each.rstrip(".") for each in _MENTION.findall(bio)))[:5]


def is_telling(name: str) -> bool:
    """Whether a name says who somebody is: two words and eight letters."""
    words = plain(name).split()
    return len(words) > 1 and sum(map(len, words)) >= SHORTEST_NAME


def plain(name: str) -> str:
    """Letters and digits without marks, in lower case, words apart by one space."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare.casefold()).split())


def _names(one: Shown, other: Shown) -> bool:
    wanted = other.handle.casefold()
    return len(wanted) >= SHORTEST_HANDLE and wanted in (each.casefold() for each in mentioned(one.bio))
