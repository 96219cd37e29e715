"""The words that saved replies leave open: a closed list, filled in once for one conversation. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What a saved reply may leave open; docs/replies.md says where each comes from.
VARIABLES = {
    "first name": "The contact’s first name",
    "name": "The contact’s name as the network shows it",
    "handle": "The contact’s handle, such as @hanneostby",
    "agent": "Your first name",
    "agent name": "Your whole name",
    "initials": "Your initials, such as AS",
    "brand": "The brand that answers",
    "account": "The account that answers, such as @northwindair",
    "case": "The number of the case, such as 4812-1",
}
# No keyboard types these by accident, and no network changes them.
MARK = "⟦{}⟧"
LONGEST_VALUE = 80

_OPEN = re.compile(r"\{([^{}\n]{1,40})\}")
_MARKS = re.compile(r"⟦([^⟦⟧\n]{1,40})⟧")
_FIRST = re.compile(r"[^\W\d_]+(?:[’'\-][^\W\d_]+)*")
# What belonged to another person in an answer that was given to them: addresses, numbers, codes. Each part is bounded:
# the cost of hostile text grows with its length and no faster.
_PERSONAL = re.compile(
    r"[\w.+-]{1,64}@[\w-][\w.-]{1,200}"
    r"|\+?\d(?:[ ().-]{0,2}\d){4,30}"
    r"|(?<![\w-])(?=[A-Z-]{0,20}\d)(?=[\d-]{0,20}[A-Z])[A-Z\d][A-Z\d-]{3,20}(?![\w-])"
)
_LINK = re.compile(r"(https?://\S+)")


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with the values in it. `missing`: the variables of which there is no value; their marks stand in it."""

    text: str
    missing: tuple[str, ...] = ()


def unknown(text: str) -> list[str]:
    """The words in braces that are no variables, each once, in their order."""
    return list(dict.fromkeys(name for name in _OPEN.findall(text) if _plain(name) not in VARIABLES))


def named(text: str) -> list[str]:
    """The variables in a text, each once, in their order."""
    return list(dict.fromkeys(name for one in _OPEN.findall(text) if (name := _plain(one)) in VARIABLES))


def fill(text: str, values: dict[str, str]) -> Filled:
    """Put each value in its place, once: braces within a value stay what they are.

    Args:
        values: by variable; one that is absent or empty leaves a mark that `unfilled` finds.
    """
    missing: list[str] = []

    def value(match: re.Match[str]) -> str:
        name = _plain(match[1])
        if name not in VARIABLES:
            return match[0]
        if said := _harmless(values.get(name, "")):
            return said
        missing.append(name)
        return MARK.format(name)

    return Filled(_OPEN.sub(value, text), tuple(dict.fromkeys(missing)))


def unfilled(text: str) -> list[str]:
    """What of a text is still to be filled in, as it stands there: marks, and variables in braces."""
    braces = [match[0] for match in _OPEN.finditer(text) if _plain(match[1]) in VARIABLES]
    return list(dict.fromkeys([*marks(text), *braces]))


def marks(text: str) -> list[str]:
    """The marks of missing values, as they stand in a text."""
    return [match[0] for match in _MARKS.finditer(text)]


def first_name(name: str) -> str:
    """The first word of a name if it can be one; else nothing: nobody is called “🔥 deals 24/7”."""
    first = name.split()[0] if name.split() else ""
    return first if len(first) > 1 and _FIRST.fullmatch(first) else ""


def for_somebody_else(text: str, *, name: str, handle: str, values: dict[str, str]) -> Filled:
    """An answer that was given to one person, made ready for another.

    The name and the handle of the first become those of the other; e-mail addresses, numbers and codes become
    marks. Links stay.

    Args:
        name, handle: of the person to whom it was said.
        values: as for `fill`.
    """
    if handle:
        text = re.sub(rf"@{re.escape(handle)}\b", "{handle}", text, flags=re.IGNORECASE)
    parts = _LINK.split(text)
    text = "".join(
        part if number % 2 else _PERSONAL.sub(MARK.format("number"), part) for number, part in enumerate(parts)
    )
    for words, variable in ((name.strip(), "{name}"), (first_name(name), "{first name}")):
        if len(words) > 1:
            text = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", variable, text, flags=re.IGNORECASE)
    return fill(text, values)


def _plain(name: str) -> str:
    return " ".join(name.lower().split())


def _harmless(value: str) -> str:
    """A value on one line, short, without marks of ours."""
    return " ".join(_MARKS.sub("", value.replace("\0", "")).split())[:LONGEST_VALUE]
