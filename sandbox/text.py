"""Reading a text as X does: mentions, tags, links and its weighted length."""

import html
import re
import unicodedata
from collections.abc import Iterator

# Source: github.com/twitter/twitter-text, validMentionPrecedingChars: a slash may stand before, these may not.
MENTION = re.compile(r"(?<![A-Za-z0-9_!#$%&*@])@([A-Za-z0-9_]{1,20})(?![A-Za-z0-9_@])")
HASHTAG = re.compile(r"(?<![\w&/])#(\w*[^\W\d_]\w*)")
CASHTAG = re.compile(r"(?<![\w$])\$([A-Za-z]{1,6})(?!\w)")
URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]}'»”]", re.IGNORECASE)
_EMOJI = r"[\U0001F000-\U0001FAFF\u2190-\u21FF\u2300-\u27BF\u2900-\u297F\u2B00-\u2BFF\u3030\u303D\u3297\u3299]"
_TAIL = r"[\uFE0F\u20E3\U0001F3FB-\U0001F3FF\U000E0020-\U000E007F]*"
EMOJI = re.compile(rf"[\U0001F1E6-\U0001F1FF]{{2}}|[0-9#*]\uFE0F?\u20E3|{_EMOJI}{_TAIL}(?:\u200D(?:{_EMOJI}){_TAIL})*")

MAX_WEIGHT = 280
URL_WEIGHT = 23
# Source: github.com/twitter/twitter-text config/v3.json: these ranges weigh 100 of 200, the rest 200,
# a link counts 23, an emoji 2, the limit is 280.
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


def weighted_length(text: str) -> int:
    """Characters as X counts them: links 23, emoji and far scripts 2, after NFC."""
    total = 0
    rest = unicodedata.normalize("NFC", text)
    for pattern, weight in ((URL, URL_WEIGHT), (EMOJI, 2)):
        rest, found = pattern.subn("", rest)
        total += found * weight
    return total + sum(1 if _is_light(ord(char)) else 2 for char in rest)


def _is_light(code: int) -> bool:
    return any(low <= code <= high for low, high in _LIGHT)


def mentioned_handles(text: str) -> list[str]:
    """Lower-case handles named in a text, each once, in order."""
    if "@" not in text:
        return []
    return list(dict.fromkeys(match.group(1).lower() for match in MENTION.finditer(without_links(text))))


def without_links(text: str) -> str:
    """The text with its links blanked, of the same length: an @ in a link names nobody."""
    return URL.sub(lambda link: " " * len(link[0]), text)


def to_wire(text: str) -> str:
    """X delivers texts with `&`, `<` and `>` escaped."""
    return html.escape(text, quote=False)


def from_wire(text: str) -> str:
    return html.unescape(text)


def spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and the last group of each match; positions in code points."""
    for match in pattern.finditer(text):
        yield match.start(), match.end(), match.group(match.lastindex or 0)


def display_url(url: str) -> str:
    """The way X shows a link: without scheme, cut to 27 characters."""
    bare = re.sub(r"^https?://(www\.)?", "", url)
    return bare if len(bare) <= 27 else bare[:26] + "…"
