"""What a brand-voice rule says, as data, and whether it can be meant. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NoReturn

from core.errors import Invalid
from core.patterns import PATTERN_LENGTH, finder
from inbox import reply_variables
from inbox.second_look import Guideline
from inbox.voice.text import sought

WORDS, PATTERN, CAPITALS = "words", "pattern", "capitals"
EXCLAMATIONS, SENTENCE, HASHTAGS, EMOJI = "exclamations", "sentence", "hashtags", "emoji"
FORMAL, FAMILIAR = "formal", "familiar"
SIGNATURE, NO_SIGNATURE = "signature", "no_signature"
KINDS = (
    *(WORDS, PATTERN, CAPITALS, EXCLAMATIONS, SENTENCE, HASHTAGS, EMOJI),
    *(FORMAL, FAMILIAR, SIGNATURE, NO_SIGNATURE),
)
# The largest number that makes sense, for the kinds that have one.
LARGEST = {CAPITALS: 40, EXCLAMATIONS: 50, SENTENCE: 200, HASHTAGS: 50, EMOJI: 50}
SIGNED_WITH = ("initials", "agent", "agent name", "brand", "account")
AT_MOST = 200
LONGEST_WORD, LONGEST_SIGNATURE = 80, 80
PREFIX = "voice-"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule of one kind asks for; what its kind does not use stays empty.

    Args:
        words: what to avoid and what to say instead ("" = nothing); for capitals the words that may stand in them.
        most: how many there may be; for capitals letters of a word, for sentences words.
        form: the pattern, or the signature with variables in braces.
    """

    words: tuple[tuple[str, str], ...] = ()
    most: int | None = None
    form: str = ""


@dataclass(frozen=True, slots=True)
class VoiceRule:
    """One rule as it is checked. `language` "" = whatever the text is in."""

    pk: int
    kind: str
    terms: Terms
    guideline: Guideline
    asks: bool = False
    language: str = ""

    @property
    def code(self) -> str:
        return f"{PREFIX}{self.pk}"


def checked(kind: str, terms: Terms) -> Terms:
    """The terms as they are kept. Raises: Invalid with the field."""
    if kind not in KINDS:
        _refuse("kind", "There is no such kind of rule.")
    return Terms(
        words=_words(kind, terms.words) if kind in (WORDS, CAPITALS) else (),
        most=_most(kind, terms.most) if kind in LARGEST else None,
        form=_form(kind, terms.form) if kind in (PATTERN, SIGNATURE, NO_SIGNATURE) else "",
    )


def _words(kind: str, given: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for avoid, instead in given:
        avoid, instead = " ".join(avoid.split()), " ".join(instead.split())
        if max(len(avoid), len(instead)) > LONGEST_WORD:
            _refuse("words", f"“{avoid[:20]}…”: at most {LONGEST_WORD} characters.")
        if not sought(avoid) or "\0" in avoid + instead:
            _refuse("words", f"“{avoid}” is no word that can be looked for.")
        found.setdefault(avoid, instead)
    if kind == WORDS and not found:
        _refuse("words", "Write at least one word or phrase.")
    if len(found) > AT_MOST:
        _refuse("words", f"At most {AT_MOST} words; make a second rule.")
    return tuple(found.items())


def _most(kind: str, given: int | None) -> int:
    if given is None or not 0 <= given <= LARGEST[kind] or (kind == SENTENCE and given < 3):
        _refuse("most", f"A whole number from {3 if kind == SENTENCE else 0} to {LARGEST[kind]}.")
    return given


def _form(kind: str, given: str) -> str:
    form = given.strip()
    longest = PATTERN_LENGTH if kind == PATTERN else LONGEST_SIGNATURE
    if not 0 < len(form) <= longest or "\0" in form:
        _refuse("form", f"Write 1 to {longest} characters.")
    if kind == PATTERN:
        _try(form)
        return form
    strange = [*reply_variables.unknown(form), *_not_of_who_signs(form)]
    if strange:
        known = ", ".join(f"{{{name}}}" for name in SIGNED_WITH)
        _refuse("form", f"A signature cannot hold {{{strange[0]}}}. It can hold {known}.")
    return form


def _try(pattern: str) -> None:
    """Raises: Invalid at `form` for what cannot be used, and for what would be found in every text."""
    try:
        found = finder(pattern)("")
    except Invalid as error:
        raise Invalid(error.message, fields={"form": error.message}) from None
    if found is not None:
        _refuse("form", "This pattern fits an empty text, so it would fit every answer.")


def _not_of_who_signs(form: str) -> list[str]:
    return [name for name in reply_variables.named(form) if name not in SIGNED_WITH]


def _refuse(field: str, sentence: str) -> NoReturn:
    raise Invalid(sentence, fields={field: sentence})


def needs_language(rules: Collection[VoiceRule]) -> bool:
    """Whether it matters what language the text is in."""
    return any(rule.language or rule.kind in (FORMAL, FAMILIAR) for rule in rules)
