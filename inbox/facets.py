"""What higher layers know of conversations and searches may ask for, such as the mood: they register it here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facet:
    """One operator of searches.

    Args:
        values: each value and its name for people.
        sql: the value of a conversation `c`; an expression of text.
    """

    values: Callable[[], Mapping[str, str]]
    sql: str


_known: dict[str, Facet] = {}


def register(name: str, facet: Facet) -> None:
    """Register under the name of the operator; the last one registered counts."""
    _known[name] = facet


def of(name: str) -> Facet | None:
    """What was registered for an operator, if anything was."""
    return _known.get(name)
