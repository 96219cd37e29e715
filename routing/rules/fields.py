"""The only list of what a rule may ask: each field with its kind, its values and how it reads in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from routing.triage.contracts import KINDS, NOISE, REACHES, SENTIMENTS, URGENCIES
from routing.triage.language import NAMES

Kind = Literal["choice", "number", "flag", "words", "hours"]

OPS: Mapping[str, tuple[str, ...]] = {
    "choice": ("is",),
    "number": ("at_least", "below"),
    "flag": ("is",),
    "words": ("any", "all", "pattern"),
    "hours": ("within",),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a condition may look at.

    Args:
        label: for the builder; `says` and `denies`: the condition in a sentence, and its opposite, about {value}.
        values: value → words, where the list is closed; `names`: else the attribute of `Names` that holds it.
        closed: these values are all there are, so that one of them is always true.
        live: it changes while the conversation waits; a back-test can only come near.
        at_arrival: known before triage has spoken.
    """

    name: str
    kind: Kind
    label: str
    says: str
    denies: str
    values: Mapping[str | int, str] = field(default_factory=dict)
    names: str = ""
    closed: bool = False
    live: bool = False
    at_arrival: bool = False


def _words(*values: str, **other: str) -> dict[str | int, str]:
    return {value: other.get(value, value) for value in values}


_KIND = {
    **_words(*KINDS),
    "complaint": "a complaint",
    "question": "a question",
    "lead": "a lead",
    "press": "from the press",
    "other": "something else",
}
_NOISE = _words(
    *NOISE,
    none="worth reading",
    retweet="a retweet",
    ours="our own",
    lookalike="about something else of that name",
    link_spam="link spam",
)
_URGENCY = _words(*URGENCIES, none="not urgent", soon="urgent soon", now="urgent now")
_STATUS = _words("open", "pending", "snoozed", "resolved")
_PRIORITY: dict[str | int, str] = {1: "urgent", 2: "high", 3: "normal", 4: "low"}
_LANGUAGES = _words(*NAMES, **NAMES)

_ALL = (
    Field("network", "choice", "network", "is on {value}", "is not on {value}", names="networks", at_arrival=True),
    Field(
        "channel",
        "choice",
        "account",
        "comes in for {value}",
        "does not come in for {value}",
        names="channels",
        at_arrival=True,
    ),
    Field("brand", "choice", "brand", "is for {value}", "is not for {value}", names="brands", at_arrival=True),
    Field(
        "visibility",
        "choice",
        "public or private",
        "is {value}",
        "is not {value}",
        values=_words("public", "private"),
        closed=True,
        at_arrival=True,
    ),
    Field("kind", "choice", "kind", "is {value}", "is not {value}", values=_KIND),
    Field("issue", "choice", "issue", "is about {value}", "is not about {value}", names="issues"),
    Field("sentiment", "choice", "mood", "is {value}", "is not {value}", values=_words(*SENTIMENTS)),
    Field("language", "choice", "language", "is in {value}", "is not in {value}", values=_LANGUAGES),
    Field("urgency", "choice", "urgency", "is {value}", "is not {value}", values=_URGENCY),
    Field("reach", "choice", "reach", "has {value} reach", "does not have {value} reach", values=_words(*REACHES)),
    Field("noise", "choice", "noise", "is {value}", "is not {value}", values=_NOISE),
    Field(
        "personal_data",
        "flag",
        "personal details",
        "shows personal details in public",
        "shows no personal details in public",
    ),
    Field("answerable", "flag", "answerable", "can be answered by us", "cannot be answered by us"),
    Field(
        "followers",
        "number",
        "followers",
        "is from someone with {value} followers",
        "is not from someone with {value} followers",
        at_arrival=True,
    ),
    Field(
        "verified",
        "flag",
        "verified author",
        "is from a verified account",
        "is not from a verified account",
        at_arrival=True,
    ),
    Field(
        "list",
        "choice",
        "author list",
        "is from someone on {value}",
        "is not from someone on {value}",
        names="lists",
    ),
    Field("words", "words", "words", "mentions {value}", "does not mention {value}"),
    Field(
        "previous",
        "number",
        "earlier conversations",
        "is from someone with {value} earlier conversations",
        "is not from someone with {value} earlier conversations",
    ),
    Field("new", "flag", "first message", "begins a conversation", "goes on with a conversation"),
    Field("hours", "hours", "time", "is posted {value}", "is not posted {value}"),
    Field(
        "open_hours",
        "flag",
        "business hours",
        "is posted in business hours",
        "is posted outside business hours",
    ),
    Field("queue", "choice", "queue", "stands in {value}", "does not stand in {value}", names="queues", live=True),
    Field(
        "status",
        "choice",
        "status",
        "is {value}",
        "is not {value}",
        values=_STATUS,
        closed=True,
        live=True,
    ),
    Field(
        "priority",
        "choice",
        "priority",
        "has priority {value}",
        "does not have priority {value}",
        values=_PRIORITY,
        closed=True,
        live=True,
    ),
    Field("owned", "flag", "owner", "has an owner", "has no owner", live=True),
    Field("waiting", "number", "waiting time", "has waited for {value}", "has not waited for {value}", live=True),
)

FIELDS: Mapping[str, Field] = {one.name: one for one in _ALL}
# Triage's labels: a condition on them may ask for a least confidence.
JUDGED = frozenset({"kind", "issue", "sentiment", "language", "urgency", "reach", "noise"})
