"""From a text to tokens: links, handles, tags, faces and words, however people stretch them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain

LINK, HANDLE, NUMBER = "<link>", "<handle>", "<number>"
CACHED = 60_000
"""Spellings that are remembered; a word is looked at once, not each time that it comes."""

TOKEN = re.compile(
    r"""https?://\S*|\bhttps?\b|www\.\S+      # links, also cut ones
    |(?:RT\s+)?@[\w.-]*\w                     # handles
    |[#]\w+                                   # tags
    |[<>]?[:;=8xX][-'oO]?[)(\]\[DPp/\\|*3@sS]+(?!\w)|<3+|</3|\(:|\):|[\^]_+[\^]  # faces
    |\d+(?:[.,:]\d+)*[a-z]*                   # numbers
    |[^\W\d_]\w*(?:['’`´]\w+)*                # words
    |[!?]+|\.{2,}|…|[.,;\n]                   # marks
    |[\U0001F300-\U0001FAFF\u2600-\u27BF\u2764]  # pictures
    """,
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")  # left over by careless importers
_STRETCHED = re.compile(r"(\w)\1{2,}")
_HUMPS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def tokens(text: str) -> list[str]:
    """The tokens of a text in the form in which words are listed: lower case, plain apostrophes, two at most of a
    stretched letter; a tag gives its words."""
    if "\\u" in text:
        text = unescaped(text)
    if "RT" in text:  # the one token that reaches over a space
        return list(_cut(text))
    return list(chain.from_iterable(map(_cut_once, chunks(text))))


def chunks(text: str) -> list[str]:
    """What stands between spaces and line ends; each line end is a chunk, too.

    People write the same chunks again and again: what is made of one is remembered, by everybody who reads texts.
    """
    return (text.replace("\n", " \n ") if "\n" in text else text).split(" ")


def unescaped(text: str) -> str:
    """The text with the signs that a careless importer left as codes."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _cut(text: str) -> tuple[str, ...]:
    return tuple(chain.from_iterable(map(_form, TOKEN.findall(text))))


_cut_once = lru_cache(maxsize=CACHED)(_cut)


@lru_cache(maxsize=CACHED)
def _form(raw: str) -> tuple[str, ...]:
    first = raw[0]
    if first == "#":
        return tuple(part.lower() for part in _HUMPS.findall(raw)) or (raw[1:].lower(),)
    if "@" in raw and (first == "@" or raw.startswith("RT")):
        return (HANDLE,)
    if raw.startswith(("http", "www.")):
        return (LINK,)
    if first.isdigit():
        return _number(raw)
    return (_STRETCHED.sub(r"\1\1", raw.lower().replace("’", "'").replace("`", "'").replace("´", "'")),)


def _number(raw: str) -> tuple[str, ...]:
    tail = raw.lstrip("0123456789.,:")
    return (NUMBER, tail.lower()) if tail else (NUMBER,)


def plain(word: str) -> str:
    """A word without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
