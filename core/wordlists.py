"""Lists of words that administrators write: one form for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from core.errors import Invalid

WORDS, WORD_LENGTH = 60, 60
"""Words of one list, and characters of one word or phrase."""


def cleaned(words: Iterable[str], *, field: str = "words") -> list[str]:
    """Lower case, single spaces, each word once and in the order given. Raises: Invalid, naming the field."""
    clean = list(dict.fromkeys(" ".join(word.lower().split()) for word in words if word.strip()))
    if len(clean) > WORDS or any(len(word) > WORD_LENGTH for word in clean):
        says = f"At most {WORDS} words or phrases of {WORD_LENGTH} characters."
        raise Invalid(says, fields={field: says})
    return clean


def split(text: str) -> list[str]:
    """The words of a text in which commas or line ends stand between them."""
    return [word for word in text.replace("\n", ",").split(",") if word.strip()]
