"""Our own sentences in the reader's language.

The domain writes plain English: reasons that are stored, refusals, what a worker noted at night. Whoever reads them may
have another language, so a sentence is said when it is shown. It is recognised by its form: the catalogue holds
"{by} has changed this draft." as it stands in the source, and "Ben has changed this draft." fits it.
Why so: docs/adr/0008-sentences-are-said-when-shown.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import polib
from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext, override, pgettext

SOURCE = "en"
PLACE = re.compile(r"\{(\w+)\}")
LONGEST = 1000  # characters; what is longer was written by people
KEPT = 4096
FEWEST = 3
"""Characters of our own, spaces apart, from which on a form says whose sentence it is."""

NAMES = frozenset(
    {
        *("actor", "ask", "brand", "by", "channel", "desk", "email", "gone", "hours", "issue", "list", "macro", "name"),
        *("old", "other", "owner", "person", "policy", "queue", "reason", "rule", "skill", "subject", "team", "to"),
        "view",
    }
)
"""What people have named or written: a queue called “Late” stays so."""

MOMENTS = frozenset({"due", "until"})
"""Points in time, kept as ISO 8601."""


def said(text: str) -> str:
    """A sentence of ours in the current language; whatever else it is comes back as it is."""
    language = get_language() or SOURCE
    return _said(text, language) if text and language != SOURCE else text


def stored(words: object) -> str:
    """A label of ours as it is stored: in English, whoever asks, so that each reader is told in their own language."""
    with override(SOURCE):
        return str(words)


def filled(form: str, values: Mapping[str, object]) -> str:
    """A form such as "{actor} claimed it" in the current language, with its values; those that are ours are said.

    Units: moments as day and time in the current zone; they are never kept with a sentence, whose readers have others.
    """
    return PLACE.sub(lambda place: _value_or_moment(place[1], values[place[1]]), said(form))


def day_and_time(value: datetime) -> str:
    """`3 Nov 14:32`, in the current zone."""
    return formats.date_format(timezone.localtime(value), pgettext("date", "j M H:i"))


def _value_or_moment(name: str, value: object) -> str:
    if name in MOMENTS and isinstance(value, str) and value:
        return day_and_time(datetime.fromisoformat(value))
    return _value(name, value)


def _put_in(words: str, values: Mapping[str, object]) -> str:
    return PLACE.sub(lambda place: _value(place[1], values[place[1]]), words)


def _value(name: str, value: object) -> str:
    return str(value) if name in NAMES or not isinstance(value, str) else said(value)


@lru_cache(maxsize=KEPT)
def _said(text: str, language: str) -> str:
    known = gettext(text)
    if known != text or len(text) > LONGEST:
        return known
    return _enumerated(text, "; ") or _by_form(text, language) or _enumerated(text, ", ") or text


def _by_form(text: str, language: str) -> str:
    for form, pattern in _forms(language):
        if found := pattern.fullmatch(text):
            return _put_in(gettext(form), found.groupdict())
    return ""


def _enumerated(text: str, between: str) -> str:
    """ "a card number, an IBAN": each part by itself, where all are ours."""
    parts = text.split(between)
    words = [said(part) for part in parts] if len(parts) > 1 else []
    all_ours = all(word != part for word, part in zip(words, parts, strict=False))
    return between.join(words) if words and all_ours else ""


@lru_cache(maxsize=8)
def _forms(language: str) -> list[tuple[str, re.Pattern[str]]]:
    """What the catalogue holds with something left open, the most definite first."""
    path = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.mo"
    texts = [entry.msgid for entry in polib.mofile(str(path))] if path.is_file() else []
    open_ones = [text for text in texts if PLACE.search(text) and _own(text) >= FEWEST]
    return [(text, _pattern(text)) for text in sorted(open_ones, key=lambda text: (-_own(text), text))]


def _own(form: str) -> int:
    return len("".join(PLACE.sub("", form).split()))


def _pattern(form: str) -> re.Pattern[str]:
    texts, names, seen = PLACE.split(form)[::2], PLACE.findall(form), set()
    pattern = re.escape(texts[0])
    for name, after in zip(names, texts[1:], strict=True):
        # What stands in quotes has none inside, else “a”, “b” would be one word.
        inner = "[^“”]+" if pattern.endswith("“") else ".+?"
        pattern += f"(?P={name})" if name in seen else f"(?P<{name}>{inner})"
        pattern += re.escape(after)
        seen.add(name)
    return re.compile(pattern, re.DOTALL)
