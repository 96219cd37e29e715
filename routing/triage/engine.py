"""All verdicts on a batch of messages: pure, by words and rules of ours and by the models that are in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from routing.triage import feelings, issues, kinds, personal, signals
from routing.triage.contracts import Scope, Setup, Subject, Verdict, Verdicts
from routing.triage.language import NAMES, identify
from routing.triage.lexicon import lexicon
from routing.triage.reading import Reading, read
from routing.triage.text import tokens

NO_LISTS = "Not assessed: no word lists for {language}"
SIGNS_ONLY = "en"
"""Where there is no word at all, only faces and marks speak, and they say the same everywhere."""
WORDS_SHOWN = 3
NO_ISSUES = Verdict("", 0.0, "Not assessed: no issues are set up")
NO_ISSUE = Verdict("", 0.0, "Not assessed: its words point to no issue")
UNREAD = Verdict("none", 1.0, "Private: nobody else reads it")
NOTHING_PERSONAL = Verdict("none", 0.9, "Nothing looks like personal data")
ANSWERABLE = Verdict("yes", 1.0, "The network lets us answer")
LEARNT_ORDER = ("language", "sentiment", "kind", "issue")


@dataclass(frozen=True, slots=True)
class Cold:
    """What words and rules say about one text, and what they read in it."""

    verdicts: Verdicts
    reading: Reading | None
    language: str
    words: list[str]


def triage(subjects: Sequence[Subject], setup: Setup) -> list[Verdicts]:
    """A full set of verdicts per message, in order.

    The models in force overrule words and rules for the label, where they are in force: of the channel first,
    else of the language.
    """
    found = [cold(subject, setup) for subject in subjects]
    judged = [each.verdicts for each in found]
    for label in LEARNT_ORDER:
        _overrule(label, subjects, found, judged, setup)
    return judged


def cold(subject: Subject, setup: Setup) -> Cold:
    """What words and rules say about one message."""
    language, sure = identify(subject.text)
    lists = lexicon(language or SIGNS_ONLY)
    reading = read(subject.text, lists) if lists else None
    words = reading.words if reading else tokens(subject.text)
    addressed = subject.names_us or subject.is_private
    sentiment, kind = _felt(reading, language, addressed)
    verdicts = Verdicts(
        language=Verdict(language, sure, f"Reads like {NAMES[language]}" if language else "No words in it"),
        noise=signals.noise(subject, reading),
        sentiment=sentiment,
        kind=kind,
        issue=_issue(words, setup),
        urgency=signals.urgency(reading),
        reach=signals.reach(subject),
        personal_data=_personal(subject),
        answerable=_answerable(subject),
    )
    return Cold(verdicts, reading, language, words)


def _felt(reading: Reading | None, language: str, addressed: bool) -> tuple[Verdict, Verdict]:
    if reading is None:
        blank = Verdict("", 0.0, NO_LISTS.format(language=NAMES.get(language, "this language")))
        return blank, blank
    shares = feelings.confidences(feelings.evidence(reading, addressed=addressed))
    mood, sure = feelings.likeliest(shares)
    order = kinds.ranked(kinds.evidence(reading, shares, addressed=addressed))
    (kind, kind_sure), (second, _) = order[0], order[1]
    return (
        Verdict(mood, sure, _because(reading, mood)),
        Verdict(kind, kind_sure, kinds.because(reading, kind), second=second),
    )


def _because(reading: Reading, mood: str) -> str:
    """The words that weighed most, as a sentence."""
    sign = {"negative": -1, "positive": 1}.get(mood, 0)
    felt = [pair for pair in reading.feelings if pair[0] * sign > 0]
    if felt:
        words = [word for _, word in sorted(felt, key=lambda pair: -abs(pair[0]))]
        said = ", ".join(f"“{word}”" for word in dict.fromkeys(words[:WORDS_SHOWN]))
        return f"It says {said}"
    if mood == "negative":
        return f"It tells of trouble: “{reading.found.get('problem', '…')}”"
    return "No strong words either way"


def _issue(words: list[str], setup: Setup) -> Verdict:
    if not setup.issues:
        return NO_ISSUES
    found = issues.sums(words, setup.issues)
    if not any(found.values()):
        return NO_ISSUE
    order = issues.ranked(found)
    (code, sure), second = order[0], order[1][0] if len(order) > 1 else ""
    name = next(issue.name for issue in setup.issues if issue.code == code)
    return Verdict(code, sure, f"Its words point to {name}", second=second)


def _personal(subject: Subject) -> Verdict:
    if subject.is_private:
        return UNREAD
    seen = personal.found(subject.text)
    if not seen:
        return NOTHING_PERSONAL
    kinds_seen = ", ".join(personal.NAMES[kind] for kind in seen)
    return Verdict(seen[0], 0.9, f"In public: {kinds_seen}")


def _answerable(subject: Subject) -> Verdict:
    if subject.answerable:
        return ANSWERABLE
    return Verdict("no", 1.0, subject.cannot or "The network does not let us answer")


def _overrule(
    label: str, subjects: Sequence[Subject], found: Sequence[Cold], judged: list[Verdicts], setup: Setup
) -> None:
    """Let the models in force for a label speak, each about its own messages in one batch."""
    if not any(scope.label == label for scope in setup.models):
        return
    mine: dict[Scope, list[int]] = {}
    for at, subject in enumerate(subjects):
        by_channel = Scope(label, channel_id=subject.channel_id)
        by_language = Scope(label, language=judged[at].language.value)
        scope = by_channel if by_channel in setup.models else by_language
        if scope in setup.models:
            mine.setdefault(scope, []).append(at)
    for scope, places in mine.items():
        texts = [subjects[at].text for at in places]
        verdicts = setup.models[scope].judge(texts, [found[at] for at in places])
        for at, verdict in zip(places, verdicts, strict=True):
            if label != "issue" or any(verdict.value == issue.code for issue in setup.issues):
                judged[at] = replace(judged[at], **{label: verdict})
