"""Asking a service of the organisation's choice for a translation (`TRANSLATE_URL`, docs/translation.md).

What it said is kept for a day by text and language, so that the same message is sent out once, whoever reads it.
Source: LibreTranslate, “API usage”, docs.libretranslate.com, read 2026-11: POST {q, source, target, format, api_key} →
{translatedText, detectedLanguage: {language}}.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.core.cache import cache

from channels.http import Policy
from core.errors import Invalid
from inbox import outside
from inbox.outside import Service

KEPT_S = 86_400
POLICY = Policy(connect=1.0, read=8.0, total=10.0, body=256 * 1024)
# Characters; longer than any message that is answered.
LONGEST = 10_000
# So a service refuses one text, or a language that it has not: no reason to leave it alone.
REFUSED = (400, 413, 422)
# A translation is longer than its text, but not ten times; and the box it may go into takes no more (drafts.LONGEST).
LONGEST_ANSWER = 20_000


@dataclass(frozen=True, slots=True)
class Wish:
    """A text, its language ("" = not known) and the one to put it into, by ISO 639-1 code."""

    text: str
    source: str
    target: str

    @property
    def key(self) -> str:
        parts = "\0".join((settings.TRANSLATE_URL, self.source, self.target, self.text))
        return f"translation:{hashlib.sha256(parts.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Translated:
    """What the service made of a text.

    Args:
        source: the language it was in, as we or the service know it; "" = nobody does.
        service: the host that was asked.
    """

    text: str
    source: str
    target: str
    service: str


def is_set() -> bool:
    """Whether there is a service."""
    return bool(settings.TRANSLATE_URL)


def may_leave(*, private: bool) -> bool:
    """Whether a text may be sent to the service."""
    return is_set() and (not private or settings.TRANSLATE_PRIVATE)


def known(wishes: Iterable[Wish]) -> dict[Wish, Translated]:
    """Of these what was asked before; nobody is asked."""
    by_key = {wish.key: wish for wish in wishes}
    kept = cache.get_many(list(by_key)) if by_key else {}
    return {by_key[key]: _told(by_key[key], answer) for key, answer in kept.items()}


def translate(wish: Wish) -> Translated | None:
    """The translation; None = the service is away, rests, or says what cannot be read. At most 10 seconds.

    Raises: Invalid for what the service does not take.
    """
    if found := known([wish]):
        return found[wish]
    said = outside.asked(_service(), _body(wish))
    if said == b"":
        raise Invalid("The translation service does not take this text or language.", code="not_translatable")
    answer = _read(said) if said else None
    if answer is None:
        return None
    cache.set(wish.key, answer, KEPT_S)
    return _told(wish, answer)


def _service() -> Service:
    return Service("translation", settings.TRANSLATE_URL, settings.TRANSLATE_TOKEN, POLICY, REFUSED)


def _body(wish: Wish) -> bytes:
    key = {"api_key": settings.TRANSLATE_TOKEN} if settings.TRANSLATE_TOKEN else {}
    asked = {"q": wish.text, "source": wish.source or "auto", "target": wish.target, "format": "text", **key}
    return orjson.dumps(asked)


def _read(said: bytes) -> tuple[str, str] | None:
    """The text and the language that the service found, or None for what is no answer."""
    try:
        answer: Any = orjson.loads(said)
    except orjson.JSONDecodeError:
        return None
    text = answer.get("translatedText") if isinstance(answer, dict) else None
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_ANSWER:
        return None
    found = answer.get("detectedLanguage")
    language = found.get("language") if isinstance(found, dict) else ""
    return text.replace("\0", "").strip(), language[:3] if isinstance(language, str) else ""


def _told(wish: Wish, answer: tuple[str, str]) -> Translated:
    text, found = answer
    return Translated(text, wish.source or found, wish.target, urlsplit(settings.TRANSLATE_URL).hostname or "")
