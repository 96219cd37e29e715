"""Text as it came, with the three permitted exceptions, each noted: entities decoded once, NUL replaced, card
numbers cut to the last four. Pure functions.
"""

from __future__ import annotations

import html
import re
from typing import Any

import orjson
from stdnum import luhn

ENTITIES, NUL, CARD, SURROGATE = 1, 2, 4, 8
LONGEST = 200_000  # characters; PostgreSQL refuses a text search vector above 1 MiB

_BETWEEN = r"[ \-.\u00a0\u2007\u2009\u202f\u2010-\u2015]{0,2}"
_DIGITS = re.compile(rf"(?<!\d)\d(?:{_BETWEEN}\d){{12,}}")
# In an address a number behind a slash or an equals sign is the id of something.
_LINK = re.compile(r"(https?://[^\s\"'<>]+)")
_DIGITS_IN_LINK = re.compile(r"(?<![\d/=])\d(?:[\-.]?\d){12,}")
_GROUP = re.compile(r"\d+")
_LENGTHS = range(13, 20)
# Known prefixes and the lengths issued with them. Source: ISO/IEC 7812 ranges as listed in Wikipedia,
# "Payment card number", read 2026-11.
_PREFIXES = re.compile(
    r"(?:4(?:\d{12}|\d{15}|\d{18})"  # Visa 13, 16, 19
    r"|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"  # Mastercard 16
    r"|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12,15}"  # American Express, Diners, JCB
    r"|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|62\d{14,17}"  # Discover, UnionPay
    r"|(?:50[0-9]|5[6-9]\d|6[0-9]\d)\d{10,16})$"  # Maestro
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_ID_KEY = re.compile(r"(?:^|_)ids?(?:_str)?$")


def is_card(digits: str) -> bool:
    """Whether 13 to 19 digits are a payment card number: a known prefix of that length, and Luhn."""
    return bool(_PREFIXES.match(digits)) and luhn.is_valid(digits)


def cut_cards(text: str) -> tuple[str, bool]:
    """The text with each card number replaced by its last four digits, and whether there was one."""
    found = False

    def cut(match: re.Match[str]) -> str:
        nonlocal found
        run, groups = match[0], list(_GROUP.finditer(match[0]))
        parts, at, first = [], 0, 0
        while first < len(groups):
            # Within a run a card begins with a group of its own, so that a text of single digits costs nothing.
            may_begin = first == 0 or len(groups[first][0]) >= 3
            last = _last_of_card(groups, first) if may_begin else None
            if last is not None:
                digits = "".join(group[0] for group in groups[first : last + 1])
                parts += [run[at : groups[first].start()], f"•••• {digits[-4:]}"]
                at, first, found = groups[last].end(), last, True
            first += 1
        return "".join([*parts, run[at:]])

    parts = _LINK.split(text)  # words, link, words, link, …
    cut_parts = [(_DIGITS_IN_LINK if number % 2 else _DIGITS).sub(cut, part) for number, part in enumerate(parts)]
    return "".join(cut_parts), found


def _last_of_card(groups: list[re.Match[str]], first: int) -> int | None:
    """Where a card number ends that begins with this group of digits: an expiry date often follows it."""
    digits, ends = "", None
    for index in range(first, len(groups)):
        digits += groups[index][0]
        if len(digits) > _LENGTHS[-1]:
            break
        if len(digits) in _LENGTHS and is_card(digits):
            ends = index
    return ends


def clean(text: str) -> tuple[str, int]:
    """The text as it is stored, and the bits that say how it differs from what came."""
    noted = 0
    if "&" in text and (decoded := html.unescape(text)) != text:
        text, noted = decoded, noted | ENTITIES
    if "\0" in text:
        text, noted = text.replace("\0", "\ufffd"), noted | NUL
    if not text.isascii() and _SURROGATES.search(text):
        # Half of a pair cannot be written as UTF-8 at all; shown like NUL.
        text, noted = _SURROGATES.sub("\ufffd", text), noted | SURROGATE
    if _DIGITS.search(text):
        text, cut = cut_cards(text)
        noted |= CARD if cut else 0
    return text, noted


def clean_raw(raw: bytes) -> bytes:
    """The payload without card numbers in its texts; ids stay as they are. Unparseable bytes are cut blindly."""
    text = raw.decode("utf-8", "replace")
    if not cut_cards(text)[1]:
        return raw
    try:
        payload = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return cut_cards(text)[0].encode()
    return orjson.dumps(_without_cards(payload, ""))


def _without_cards(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return {name: _without_cards(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without_cards(inner, key) for inner in value]
    if isinstance(value, str) and not _ID_KEY.search(key):
        return cut_cards(value)[0]
    return value
