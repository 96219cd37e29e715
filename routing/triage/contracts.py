"""What triage is told and what it says: frozen values, no Django, no database, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

LABELS = (
    "language",
    "noise",
    "sentiment",
    "kind",
    "issue",
    "urgency",
    "reach",
    "personal_data",
    "answerable",
)
NOISE = ("none", "retweet", "ours", "lookalike", "link_spam", "spam")
SENTIMENTS = ("negative", "neutral", "positive")
KINDS = ("complaint", "question", "praise", "feedback", "lead", "press", "abuse", "other")
URGENCIES = ("none", "soon", "now")
REACHES = ("low", "medium", "high")
LEARNT = ("sentiment", "kind", "issue", "language")
"""The labels that a model may learn, and that the daily sample judges."""
CORRECTABLE = (*LEARNT, "urgency")
"""The labels that people correct. What is dangerous is never unlearnt: urgency stays with words and rules."""
RULES = "rules"
"""`Verdict.by` of what words and rules decided."""
BY_RULE = "rule"
"""`Verdict.by` of what a rule of the organisation said (docs/rules.md)."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One message as triage sees it.

    Args:
        text: as stored, HTML entities already undone.
        followers: None where the network does not say.
        brand_words: words that mean the brand; `lookalikes`: phrases in which such a word means something else.
        replies: messages below the same post; `replies_last_hour`: those of the last hour, the speed of spread.
        answerable: whether the network lets us answer now; `cannot`: why not, for people.
    """

    text: str
    author: str = ""
    followers: int | None = None
    verified: bool = False
    is_private: bool = False
    is_retweet: bool = False
    is_ours: bool = False
    names_us: bool = False
    network: str = ""
    channel_id: int | None = None
    brand_words: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()
    posted_at: datetime | None = None
    replies: int = 0
    replies_last_hour: int = 0
    answerable: bool = True
    cannot: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What triage says about one label, how sure it is, and why in words.

    Args:
        value: empty = not assessed.
        confidence: 0 to 1; 0 where nothing was assessed.
        by: "rules" or the name of a model version.
        second: the next best value, where there is one (two issues are offered).
    """

    value: str
    confidence: float
    reason: str
    by: str = RULES
    second: str = ""


NOT_ASSESSED = Verdict("", 0.0, "Not assessed")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """All that triage says about one message."""

    language: Verdict = NOT_ASSESSED
    noise: Verdict = NOT_ASSESSED
    sentiment: Verdict = NOT_ASSESSED
    kind: Verdict = NOT_ASSESSED
    issue: Verdict = NOT_ASSESSED
    urgency: Verdict = NOT_ASSESSED
    reach: Verdict = NOT_ASSESSED
    personal_data: Verdict = NOT_ASSESSED
    answerable: Verdict = NOT_ASSESSED


@dataclass(frozen=True, slots=True)
class IssueView:
    """One problem of the organisation's list: its code, its name, and words that hint at it."""

    code: str
    name: str
    words: tuple[str, ...] = ()


class Judge(Protocol):
    """A learnt model of one label that was loaded for use."""

    @property
    def version(self) -> str:
        """The name of the version, for the reason on screen."""

    def judge(self, texts: Sequence[str], found: Sequence[Any]) -> list[Verdict]:
        """A verdict per text, in order; `found` is what words and rules said of it (`engine.Cold`)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a model is in force: one channel, or one language where no channel has its own."""

    label: str
    channel_id: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Setup:
    """What this installation has set up: its issues and the models in force."""

    issues: tuple[IssueView, ...] = ()
    models: Mapping[Scope, Judge] = field(default_factory=dict)
    version: str = RULES
