"""Noise, urgency and reach: what a rule of thumb can say, with its reason in words."""

from __future__ import annotations

import re

from routing.triage.contracts import Subject, Verdict
from routing.triage.reading import Reading
from routing.triage.text import tokens

BIG, LARGE = 50_000, 5_000
"""Followers from which on a reach is high and medium. Nine in ten authors have fewer than about 9,000."""
SPREADING, MOVING = 20, 5
"""Replies in the last hour from which on a thread counts as spreading fast, and as moving."""
VERIFIED_STEP = 10
"""A verified author counts as one with ten times the followers."""
VERIFIED = "verified"
LINKS, TAGS, HANDLES = 3, 8, 8
_RETWEET = re.compile(r"^\s*RT @\w+", re.IGNORECASE)

NO_NOISE = Verdict("none", 0.9, "Nothing points to noise")
NOT_READ = Verdict("", 0.0, "Not assessed: no word lists for this language")
NO_HURRY = Verdict("none", 0.7, "Nothing says that it is urgent")

# What points to which urgency, from the gravest on: mark, level, why.
URGENT = (
    ("safety", "now", "It speaks of danger"),
    ("health", "now", "It speaks of health"),
    ("stranded", "now", "Somebody is stranded"),
    ("legal", "soon", "It threatens with the law"),
    ("children", "soon", "It is about children"),
)


def noise(subject: Subject, reading: Reading | None) -> Verdict:
    """Whether it is talk that nobody needs to answer, and why."""
    if subject.is_ours:
        return Verdict("ours", 1.0, "We wrote it")
    if subject.is_retweet or _RETWEET.match(subject.text):
        return Verdict("retweet", 1.0 if subject.is_retweet else 0.9, "It only passes on what somebody else wrote")
    other = _lookalike(subject)
    if other:
        return Verdict("lookalike", 0.9, f"It says “{other}”, which is not us")
    return _spam(subject, reading) or NO_NOISE


def _lookalike(subject: Subject) -> str:
    """The phrase that sounds like us, where nothing else in the text is a word of ours."""
    if not subject.lookalikes or subject.names_us or subject.is_private:
        return ""
    rest = _spoken(subject.text)
    said = [phrase for phrase in subject.lookalikes if _spoken(phrase) in rest]
    for phrase in said:
        rest = rest.replace(_spoken(phrase), " ")
    return said[0] if said and not any(_spoken(word) in rest for word in subject.brand_words) else ""


def _spoken(text: str) -> str:
    """The words of a text, each between spaces: a phrase of whole words is looked for in it, tags are their words."""
    return f" {' '.join(token for token in tokens(text) if token[0].isalnum())} "


def _spam(subject: Subject, reading: Reading | None) -> Verdict | None:
    if reading is None or subject.is_private:
        return None
    tags = subject.text.count("#")
    if reading.links and (reading.links >= LINKS or tags >= TAGS or reading.handles >= HANDLES):
        return Verdict("link_spam", 0.8, "Many links, tags or handles")
    if reading.has("spam") >= 2 or (reading.has("spam") and reading.links):
        return Verdict("spam", 0.8, f"It says “{reading.found['spam']}”")
    return None


def urgency(reading: Reading | None) -> Verdict:
    """Whether it can wait, and why not."""
    if reading is None:
        return NOT_READ
    pressing = reading.has("soon")
    trouble = reading.bad + reading.has("problem") > 0
    for mark, level, why in URGENT:
        if reading.has(mark) and (trouble or mark == "safety"):
            level = "now" if pressing and level == "soon" and mark == "children" else level
            return Verdict(level, 0.8 if pressing else 0.6, f"{why}: “{reading.found[mark]}”")
    if pressing and reading.has("problem"):
        return Verdict("soon", 0.6, f"Something goes wrong, and it says “{reading.found['soon']}”")
    return NO_HURRY


def reach(subject: Subject) -> Verdict:
    """How many may see it: followers, whether verified, and how fast the thread spreads."""
    if subject.is_private:
        return Verdict("low", 1.0, "Private")
    if subject.replies_last_hour >= SPREADING:
        return Verdict("high", 0.9, f"{subject.replies_last_hour} replies within the hour")
    weight = (subject.followers or 0) * (VERIFIED_STEP if subject.verified else 1)
    who = f"{subject.followers:,} followers" if subject.followers is not None else "Followers unknown"
    who += f", {VERIFIED}" if subject.verified else ""
    if weight >= BIG:
        return Verdict("high", 0.9, who)
    if weight >= LARGE or subject.verified or subject.replies_last_hour >= MOVING:
        more = f"; {subject.replies_last_hour} replies within the hour" if subject.replies_last_hour >= MOVING else ""
        return Verdict("medium", 0.8, who + more)
    return Verdict("low", 0.8 if subject.followers is not None else 0.4, who)
