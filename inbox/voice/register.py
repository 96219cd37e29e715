"""Formal and familiar address, by language. Pure.

Lists of ours, short: forms that mean nothing else. German says Sie, Ihr and Ihnen with a capital and means somebody
else without one, so there the case counts, and what begins a sentence is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from inbox.voice.text import Draft


@dataclass(frozen=True, slots=True)
class Register:
    """One way to address people.

    Args:
        called: the word for it, as people name it.
        words: folded, or as written where `cased`.
    """

    called: str
    words: frozenset[str]
    cased: bool = False


def _register(called: str, words: str, *, cased: bool = False) -> Register:
    return Register(called, frozenset(words.split()), cased)


FORMAL = {
    "de": _register("Sie", "Sie Ihnen Ihr Ihre Ihrem Ihren Ihrer Ihres", cased=True),
    "fr": _register("vous", "vous votre vos vôtre vôtres"),
    "es": _register("usted", "usted ustedes"),
    "nl": _register("u", "u uw"),
}
FAMILIAR = {
    "de": _register("du", "du dich dir dein deine deinem deinen deiner deines euch euer eure eurem euren eurer"),
    "fr": _register("tu", "tu te toi tes"),
    "es": _register("tú", "tú ti contigo tuyo tuya"),
    "nl": _register("je", "je jij jou jouw jullie"),
}


def first_of(register: Register, draft: Draft) -> str | None:
    """The first word of the text that addresses people so; None = none."""
    for token in draft.tokens:
        if register.cased:
            if token.raw in register.words and not draft.begins_sentence(token):
                return token.raw
        elif token.folded in register.words:
            return token.raw
    return None
