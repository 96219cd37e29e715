"""What a customer system says of a person, checked and cut to what a panel shows. The format is in docs/customer.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

TONES = ("", "good", "warn", "bad")
TAGS, BLOCKS, ROWS = 10, 5, 12
SHORT, LONG = 60, 200


class Unreadable(ValueError):
    """An answer that is not as documented; the sentence names the place, never what stood there."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a block."""

    label: str
    value: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A section of the panel, such as a trip or a membership."""

    title: str
    note: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Attributes:
    """What is known of a person who agreed that their account is tied to it.

    Args:
        consented_at: when they agreed. Without it nothing is shown.
    """

    consented_at: datetime
    tags: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    url: str = ""


def read(answer: Any) -> Attributes | None:
    """The answer of a customer system; None where it knows nobody.

    Raises: Unreadable.
    """
    if answer is None or answer == {}:
        return None
    top = _mapping(answer, "the answer")
    consent = _moment(top.get("consented_at"))
    tags = tuple(_text(tag, f"tags[{n}]", SHORT) for n, tag in enumerate(_list(top, "tags", TAGS)))
    blocks = tuple(_block(one, f"blocks[{n}]") for n, one in enumerate(_list(top, "blocks", BLOCKS)))
    return Attributes(consent, tags, blocks, _address(top.get("url", "")))


def _block(given: Any, place: str) -> Block:
    one = _mapping(given, place)
    rows = tuple(_row(row, f"{place}.rows[{n}]") for n, row in enumerate(_list(one, "rows", ROWS)))
    return Block(
        _text(one.get("title"), f"{place}.title", SHORT), _text(one.get("note", ""), f"{place}.note", SHORT), rows
    )


def _row(given: Any, place: str) -> Row:
    one = _mapping(given, place)
    tone = one.get("tone", "")
    if tone not in TONES:
        raise Unreadable(f"{place}.tone is none of good, warn, bad")
    label, value = (_text(one.get(name), f"{place}.{name}", LONG) for name in ("label", "value"))
    return Row(label, value, tone)


def _moment(value: Any) -> datetime:
    """Raises: Unreadable where nobody wrote down that the person agreed."""
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unreadable("consented_at is missing or no time: nothing is shown without recorded consent") from None
    if at.tzinfo is None:
        raise Unreadable("consented_at has no time zone")
    return at


def _mapping(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Unreadable(f"{place} is no object")
    return value


def _list(one: Mapping[str, Any], name: str, most: int) -> Sequence[Any]:
    """At most so many; what is more is left out."""
    found = one.get(name, [])
    if not isinstance(found, list):
        raise Unreadable(f"{name} is no list")
    return found[:most]


def _text(value: Any, place: str, longest: int) -> str:
    if not isinstance(value, str):
        raise Unreadable(f"{place} is no text")
    plain = " ".join(value.replace("\0", " ").split())
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


def _address(value: Any) -> str:
    """Only https leads out of the panel."""
    if value == "":
        return ""
    try:
        parts = urlsplit(value)
        fits = parts.scheme == "https" and bool(parts.hostname) and len(value) <= 500 and parts.username is None
    except (TypeError, ValueError, AttributeError):
        fits = False
    if not fits:
        raise Unreadable("url is no https address")
    return str(value)
