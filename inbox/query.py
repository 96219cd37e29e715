"""The language of searches and saved views: words, "phrases", -without, and operators such as `queue:pr`.

Pure: no Django and no database. What an operator's value means in this installation is looked up in
`inbox.selectors.asked`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

NAMES = {
    "from": "somebody’s handle or name",
    "to": "the name of one of your channels",
    "brand": "a brand",
    "queue": "a queue",
    "owner": "a colleague’s name",
    "is": "",
    "has": "",
    "kind": "",
    "mood": "",
    "issue": "",
    "lang": "",
    "tag": "a tag",
    "priority": "",
    "before": "a day such as 2026-11-01",
    "after": "a day such as 2026-11-01",
    "waiting": "a time such as 30m, 2h or 3d",
    "reach": "a number of followers such as 10k",
}
ALIASES = {"channel": "to", "label": "tag", "since": "after", "until": "before", "language": "lang"}
STATUSES = ("open", "pending", "snoozed", "resolved")
CHOICES: dict[str, tuple[str, ...]] = {
    "is": (*STATUSES, "any", "waiting", "mine", "unassigned", "late", "private", "public"),
    "has": ("media", "link", "note", "reply"),
    "priority": ("urgent", "high", "normal", "low"),
}
# Of the rest, several of one name widen the search; these narrow it.
NARROWING = frozenset({"has", "tag"})
_TOKEN = re.compile(
    r"""(?P<minus>-?)(?:(?P<name>[A-Za-z][A-Za-z_]*):(?P<value>"[^"]*"?|[^\s"]*)|(?P<words>"[^"]*"?|[^\s"]+))""", re.A
)
_SPAN = re.compile(r"(\d{1,4})(m|h|d|w)", re.A | re.I)
_MANY = re.compile(r"(\d{1,9})(?:\.(\d))?(k|m)?", re.A | re.I)
_SPANS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_TIMES = {"": 1, "k": 1_000, "m": 1_000_000}


@dataclass(frozen=True, slots=True)
class Term:
    """One operator: `-queue:pr` is ("queue", "pr", negative)."""

    name: str
    value: str
    negative: bool = False

    @property
    def written(self) -> str:
        """As one types it."""
        quoted = f'"{self.value}"' if not self.value or re.search(r"\s", self.value) else self.value
        return f"{'-' if self.negative else ''}{self.name}:{quoted}"


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody searches for.

    Args:
        words: as `websearch_to_tsquery` reads them; empty = operators alone.
        problems: a sentence for each operator that could not be understood; the rest is searched all the same.
    """

    words: str = ""
    terms: tuple[Term, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        """The whole as one types it, without what was not understood."""
        return " ".join([*(term.written for term in self.terms), *([self.words] if self.words else [])])

    def without(self, term: Term) -> Query:
        """The same, less wide or less narrow by one operator."""
        return Query(self.words, tuple(one for one in self.terms if one != term))

    def values(self, name: str, *, negative: bool = False) -> list[str]:
        return [term.value for term in self.terms if (term.name, term.negative) == (name, negative)]


def parse(text: str) -> Query:
    """Take a search apart; nothing that somebody types is an error."""
    words: list[str] = []
    terms: list[Term] = []
    problems: list[str] = []
    for token in _TOKEN.finditer(" ".join(text.replace("\0", " ").split())):
        name, value = token["name"], (token["value"] or "").strip('"').strip()
        if name is None or value.startswith("//"):  # an address is a word
            words.append(token[0])
            continue
        known = ALIASES.get(name.lower(), name.lower())
        problem = _problem(known, name, value)
        if problem:
            problems.append(problem)
        else:
            terms.append(Term(known, value.lower() if known in CHOICES else value, bool(token["minus"])))
    return Query(" ".join(words), tuple(dict.fromkeys(terms)), tuple(dict.fromkeys(problems)))


def _problem(known: str, typed: str, value: str) -> str:
    """What is wrong with one operator, or nothing."""
    if known not in NAMES:
        return f"“{typed}:” is not known. There are {listed(f'{name}:' for name in NAMES)}. In quotes it is a word."
    if not value:
        return f"“{typed}:” needs a value: {_wanted(known)}."
    return "" if is_valid(known, value) else unknown_value(known, value)


def _wanted(name: str) -> str:
    return NAMES[name] or listed(CHOICES.get(name, ("a word from the list",)), last="or")


def is_valid(name: str, value: str) -> bool:
    """Whether a value can be read at all; whether there is such a queue is for the database."""
    if name in CHOICES:
        return value.lower() in CHOICES[name]
    if name in ("before", "after"):
        return day(value) is not None
    if name == "waiting":
        return span(value) is not None
    return name != "reach" or many(value) is not None


def unknown_value(name: str, value: str, known: Iterable[str] = ()) -> str:
    """The sentence for a value that an operator does not have."""
    choices = list(known) or list(CHOICES.get(name, ()))
    wanted = listed(choices[:12], last="or") if choices else NAMES[name]
    return f"“{name}:{value}” is not known: after “{name}:” comes {wanted}."


def listed(words: Iterable[str], last: str = "and") -> str:
    """a, b and c."""
    *first, final = [*words] or [""]
    return f"{', '.join(first)} {last} {final}" if first else final


def day(value: str) -> date | None:
    """2026-11-01."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def span(value: str) -> timedelta | None:
    """30m, 2h, 3d, 1w."""
    found = _SPAN.fullmatch(value)
    return int(found[1]) * _SPANS[found[2].lower()] if found else None


def many(value: str) -> int | None:
    """10000, 10k, 1.5m."""
    found = _MANY.fullmatch(value)
    if not found:
        return None
    times = _TIMES[(found[3] or "").lower()]
    return int(found[1]) * times + int(found[2] or 0) * times // 10


def match(value: str, known: Mapping[str, str]) -> str | None:
    """The key of what somebody means: by the key or by the name, whatever the case."""
    wanted = value.casefold()
    for key, name in known.items():
        if wanted in (key.casefold(), name.casefold()):
            return key
    return None
