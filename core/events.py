"""The catalogue of event kinds: typed payloads, sentences and what of them is personal. No models here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


class UnknownKind(ValueError):
    """A kind or a payload key that the catalogue does not list."""


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of recorded fact.

    Args:
        code: such as `conversation.claimed`.
        sentence: for the timeline, with {actor} and payload keys in braces.
        payload: key → type; every key is optional, no other key is allowed.
        personal: payload keys that hold personal data (emptied when a person is erased).
        pings: whether open screens are told.
        timeline: whether people see it in the conversation.
    """

    code: str
    sentence: str
    payload: Mapping[str, type | tuple[type, ...]] = field(default_factory=dict)
    personal: frozenset[str] = frozenset()
    pings: bool = True
    timeline: bool = True


class Catalogue:
    """All kinds of one event table, by code."""

    def __init__(self, *kinds: EventKind) -> None:
        self._kinds = {kind.code: kind for kind in kinds}
        if len(self._kinds) != len(kinds):
            raise UnknownKind("two event kinds share a code")

    def __getitem__(self, code: str) -> EventKind:
        try:
            return self._kinds[code]
        except KeyError:
            raise UnknownKind(f"no event kind {code!r} in the catalogue") from None

    def __iter__(self) -> Iterator[EventKind]:
        return iter(self._kinds.values())

    def check(self, code: str, data: Mapping[str, Any]) -> EventKind:
        """The kind, after its payload was checked.

        Raises: UnknownKind for an unlisted kind, key or type.
        """
        kind = self[code]
        for key, value in data.items():
            expected = kind.payload.get(key)
            if expected is None:
                raise UnknownKind(f"{code} has no payload key {key!r}")
            if value is not None and not isinstance(value, expected):
                raise UnknownKind(f"{code}: {key!r} must be {expected}, not {type(value).__name__}")
        return kind
