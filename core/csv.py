"""CSV that a spreadsheet opens as text: no cell can become a formula, and rows stream."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

# What makes a spreadsheet calculate. Tab and line ends count because some programs cut them off first.
# Source: OWASP, "CSV Injection", read 2026-11.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
BYTE_ORDER_MARK = "\ufeff"


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def cell(value: Any) -> Any:
    """The value as a cell: times in ISO 8601, None empty, text that would start a formula behind an apostrophe.

    Full-width and other look-alikes (＝ ＋ － ＠ ﹢ −) count as what NFKC makes of them, and so does text that
    begins with spaces or invisible characters. Numbers stay numbers.
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (bool, int, float)):
        return value
    text = str(value).replace("\x00", "\ufffd")
    return f"'{text}" if _starts_formula(text) else text


def _starts_formula(text: str) -> bool:
    if text.startswith(FORMULA_STARTS):
        return True
    head = unicodedata.normalize("NFKC", _without_invisible_start(text)[:4])
    return head.startswith((*FORMULA_STARTS, "\u2212"))


def _without_invisible_start(text: str) -> str:
    for position, character in enumerate(text):
        if not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc"):
            return text[position:]
    return ""


def lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file line by line, with a byte order mark so that Excel reads UTF-8."""
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow([cell(name) for name in header])
    for row in rows:
        yield writer.writerow([cell(value) for value in row])
