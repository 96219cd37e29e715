"""What of a text breaks a rule of the brand's voice, each with its reason. Pure; it changes no text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.patterns import finder
from inbox import reply_variables
from inbox.second_look import Finding
from inbox.voice import register, rules
from inbox.voice.rules import VoiceRule
from inbox.voice.text import Draft, folded, words_in

# Of one rule; more is a wall that nobody reads.
SHOWN = 5
_HASHTAG = re.compile(r"(?<![\w&])[#＃](?=\w*[^\W\d])\w+")
_PICTURE = "[\U0001f000-\U0001faff☀-➿⬀-⯿⌀-⏿〰〽㊗㊙]"
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}|[0-9#*]\ufe0f?\u20e3"
    f"|{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]{{0,2}}(?:\u200d{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]{{0,2}})*"
)
_EXCLAMATION = re.compile("[!！¡]")
# Parts of a pattern for RE2, since people write what stands between them.
_SIGNED = {"initials": r"\p{L}{1,4}"}
_ANYBODY = r"\p{L}[\p{L}\p{M}\p{N}_.’'@-]*(?: \p{L}[\p{L}\p{M}\p{N}_.’'-]*)?"


@dataclass(frozen=True, slots=True)
class Broken:
    """One place in the text."""

    reason: str
    found: str = ""
    instead: str = ""
    insert: str = ""


@dataclass(frozen=True, slots=True)
class Writer:
    """In what language somebody writes ("" = not known), and what the variables of a signature stand for."""

    language: str
    values: Mapping[str, str]


def findings(text: str, given: Sequence[VoiceRule], writer: Writer) -> list[Finding]:
    """What is to be said of a text, in the order of the rules; of an empty one nothing."""
    if not text.strip():
        return []
    draft = Draft(text)
    fitting = [rule for rule in given if rule.language in ("", writer.language)]
    return [_finding(rule, one) for rule in fitting for one in _broken(rule, draft, writer)]


def _finding(rule: VoiceRule, one: Broken) -> Finding:
    return Finding(rule.code, one.found, one.reason, rule.asks, one.instead, one.insert, rule.guideline)


def _broken(rule: VoiceRule, draft: Draft, writer: Writer) -> list[Broken]:
    places = CHECKS[rule.kind](rule, draft, writer)
    return [one for one, _ in zip(places, range(SHOWN), strict=False)]


Check = Callable[[VoiceRule, Draft, Writer], Iterator[Broken]]


def _words(rule: VoiceRule, draft: Draft, _writer: Writer) -> Iterator[Broken]:
    for avoid, instead in rule.terms.words:
        if hit := draft.find(avoid):
            yield Broken("A better word is at hand." if instead else "Better left out.", hit, instead)


def _pattern(rule: VoiceRule, draft: Draft, _writer: Writer) -> Iterator[Broken]:
    if hit := _finder(rule.terms.form)(draft.text):
        yield Broken("Better said otherwise.", hit)


_finder = lru_cache(maxsize=500)(finder)


def _capitals(rule: VoiceRule, draft: Draft, _writer: Writer) -> Iterator[Broken]:
    allowed = {folded(word) for word, _ in rule.terms.words}
    most = rule.terms.most or 0
    loud = [token.raw for token in draft.tokens if token.raw.isupper() and sum(map(str.isalpha, token.raw)) > most]
    for word in dict.fromkeys(loud):
        if folded(word) not in allowed:
            yield Broken(f"Only words of up to {most} letters stand in capitals.", word)


def _sentence(rule: VoiceRule, draft: Draft, _writer: Writer) -> Iterator[Broken]:
    most = rule.terms.most or 0
    for sentence in draft.sentences():
        if (many := words_in(sentence)) > most:
            yield Broken(f"A sentence of {many} words; at most {most}.", f"{sentence[:40].rstrip()}…")


def _counted(pattern: re.Pattern[str], one: str, many: str, *, named: bool = True) -> Check:
    def check(rule: VoiceRule, draft: Draft, _writer: Writer) -> Iterator[Broken]:
        most, found = rule.terms.most or 0, pattern.findall(draft.bare)
        if len(found) > most:
            what = one if most == 1 else many
            none, few = f"No {what}; here are {len(found)}.", f"At most {most} {what}; here are {len(found)}."
            yield Broken(few if most else none, " ".join(found[most : most + SHOWN]) if named else "")

    return check


def _address(wanted: Mapping[str, register.Register], other: Mapping[str, register.Register]) -> Check:
    def check(_rule: VoiceRule, draft: Draft, writer: Writer) -> Iterator[Broken]:
        if writer.language in wanted and (hit := register.first_of(other[writer.language], draft)):
            yield Broken(f"We say {wanted[writer.language].called} to people.", hit)

    return check


def _signature(rule: VoiceRule, draft: Draft, writer: Writer) -> Iterator[Broken]:
    said = reply_variables.fill(rule.terms.form, dict(writer.values))
    if not said.missing and not draft.text.rstrip().endswith(Draft(said.text).text):
        yield Broken("The signature is missing at the end.", insert=said.text)


def _no_signature(rule: VoiceRule, draft: Draft, _writer: Writer) -> Iterator[Broken]:
    if hit := _signed(rule.terms.form)(draft.text.rstrip()):
        yield Broken("Here nobody signs.", hit.strip())


@lru_cache(maxsize=500)
def _signed(form: str) -> Callable[[str], str | None]:
    """The signature of anybody, at the end of a text."""
    parts = re.split(r"\{([^{}\n]{1,40})\}", form)
    source = "".join(
        _SIGNED.get(" ".join(part.lower().split()), _ANYBODY) if number % 2 else re.escape(part)
        for number, part in enumerate(parts)
    )
    begins = r"(?:\A|[^\p{L}\p{N}_])" if form[0].isalnum() or form[0] == "{" else ""
    return finder(rf"(?-i){begins}({source})\z", group=1)


CHECKS: dict[str, Check] = {
    rules.WORDS: _words,
    rules.PATTERN: _pattern,
    rules.CAPITALS: _capitals,
    rules.SENTENCE: _sentence,
    rules.EXCLAMATIONS: _counted(_EXCLAMATION, "exclamation mark", "exclamation marks", named=False),
    rules.HASHTAGS: _counted(_HASHTAG, "hashtag", "hashtags"),
    rules.EMOJI: _counted(_EMOJI, "emoji", "emoji"),
    rules.FORMAL: _address(register.FORMAL, register.FAMILIAR),
    rules.FAMILIAR: _address(register.FAMILIAR, register.FORMAL),
    rules.SIGNATURE: _signature,
    rules.NO_SIGNATURE: _no_signature,
}
