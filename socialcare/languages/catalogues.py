"""The catalogues under locale/: brought up to date with the sources, judged, and made ready for Django.

They are text, sorted, without line numbers, so that two people who add words seldom meet. What Django reads is compiled
from them without gettext's own programs, before anything starts (docs/translating.md).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib

from socialcare.languages.sources import ROOT
from socialcare.languages.words import Words

LOCALE = ROOT / "locale"
PLACES = re.compile(r"%\(\w+\)0?\d?[a-z]|%%n|%[sd]|\{\w*\}")
HEADER = {"MIME-Version": "1.0", "Content-Type": "text/plain; charset=utf-8", "Content-Transfer-Encoding": "8bit"}


def languages(locale: Path = LOCALE) -> list[str]:
    """The languages that there is a catalogue of."""
    return sorted(path.parts[-3] for path in locale.glob("*/LC_MESSAGES/django.po"))


def path_of(language: str, locale: Path = LOCALE) -> Path:
    """Where the catalogue lies."""
    return locale / language / "LC_MESSAGES" / "django.po"


def update(path: Path, said: Iterable[Words]) -> tuple[int, int]:
    """Add what the sources say anew, without a translation, and drop what they do not say any more; how many each."""
    old = polib.pofile(str(path))
    known = {_key(entry): entry for entry in old}
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = {**old.metadata, **HEADER}
    wanted = {(one.context, one.text): one for one in sorted(said, key=lambda one: (one.text, one.context, one.plural))}
    for key, one in wanted.items():
        entry = known.get(key)
        fresh.append(entry if entry is not None and (entry.msgid_plural or "") == one.plural else _entry(one))
    fresh.save(str(path))
    return len(wanted.keys() - known.keys()), len(known.keys() - wanted.keys())


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def _entry(one: Words) -> polib.POEntry:
    entry = polib.POEntry(msgid=one.text, msgctxt=one.context or None, msgid_plural=one.plural)
    if one.plural:
        entry.msgstr_plural = {0: "", 1: ""}
    return entry


def faults(path: Path, said: Iterable[Words]) -> Iterator[str]:
    """What keeps a catalogue from being complete, a line each."""
    catalogue = polib.pofile(str(path))
    forms = int(re.search(r"nplurals=(\d+)", catalogue.metadata["Plural-Forms"])[1])  # type: ignore[index]
    known = {_key(entry): entry for entry in catalogue if not entry.obsolete}
    for one in sorted(said):
        entry = known.pop((one.context, one.text), None)
        if entry is None or (entry.msgid_plural or "") != one.plural:
            yield f"missing: {one.text}"
        else:
            yield from _entry_faults(entry, forms)
    yield from (f"nobody says it: {text}" for _context, text in known)


def _entry_faults(entry: polib.POEntry, forms: int) -> Iterator[str]:
    texts = [entry.msgstr_plural.get(n, "") for n in range(forms)] if entry.msgid_plural else [entry.msgstr]
    if entry.fuzzy:
        yield f"fuzzy: {entry.msgid}"
    if not all(text.strip() for text in texts):
        yield f"not translated: {entry.msgid}"
        return
    asked = set(PLACES.findall(entry.msgid)) | set(PLACES.findall(entry.msgid_plural or ""))
    for n, text in enumerate(texts):
        found = set(PLACES.findall(text))
        # "One person" may leave its number out, where the English does.
        one_of_many = n == 0 and entry.msgid_plural and found <= asked
        if found != asked and not one_of_many:
            yield f"other places than in “{entry.msgid}”: {text}"


def compile_all(locale: Path = LOCALE) -> None:
    """Make every catalogue ready that has changed since. Safe to run at once in several processes."""
    for language in languages(locale):
        source = path_of(language, locale)
        target = source.with_suffix(".mo")
        if not target.is_file() or target.stat().st_mtime < source.stat().st_mtime:
            made = target.with_suffix(f".{os.getpid()}")
            polib.pofile(str(source)).save_as_mofile(str(made))
            made.replace(target)
