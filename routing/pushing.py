"""Whether a notice may ring on a device, and when it is tried again. Pure: no Django, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# Who looks at the conversation reads the notice meanwhile.
GRACE = timedelta(seconds=5)
# What is older is no news any more: it stands in the list.
LIVES = timedelta(hours=1)
ATTEMPTS = 5
WAIT = timedelta(seconds=30)
URGENT = frozenset({"escalation", "promise", "mention"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of one notice and one device now.

    Args:
        age: since it was told.
        active: the person may sign in; theirs: the device is still this person's; awake: it is signed in.
        wanted: they want this cause on devices; readable: they may read the conversation; silent: in peace.
        trial: they asked for it this moment, so that it rings whatever the hour.
    """

    age: timedelta
    active: bool = True
    theirs: bool = True
    awake: bool = True
    wanted: bool = True
    readable: bool = True
    read: bool = False
    silent: bool = False
    trial: bool = False


def held_back(facts: Facts) -> str:
    """Why it is not pushed, in a word; empty = it is."""
    reasons = (
        ("disabled", not facts.active),
        ("not_theirs", not facts.theirs),
        ("signed_out", not facts.awake),
        ("too_late", facts.age > LIVES),
        ("unwanted", not facts.trial and not facts.wanted),
        ("out_of_sight", not facts.trial and not facts.readable),
        ("read", not facts.trial and facts.read),
        ("in_peace", not facts.trial and facts.silent),
    )
    return next((reason for reason, holds in reasons if holds), "")


def next_wait(attempts: int, age: timedelta, asked: timedelta | None = None) -> timedelta | None:
    """How long to wait after that many tries; None = it is not tried again.

    Args:
        asked: what the push service asked for.
    """
    wait = max(asked or timedelta(), WAIT * 2 ** (attempts - 1))
    return wait if attempts < ATTEMPTS and age + wait <= LIVES else None


def asked_wait(header: str, now: datetime) -> timedelta | None:
    """What `Retry-After` says, in seconds or as a date; None where it says nothing that one can read."""
    if header.isascii() and header.isdigit() and len(header) < 9:
        return timedelta(seconds=int(header))
    try:
        until = parsedate_to_datetime(header)
        return max(until.astimezone(UTC) - now, timedelta()) if until.tzinfo else None
    except (ValueError, OverflowError):
        return None


def seconds_left(age: timedelta) -> int:
    """How long a push service may keep it for a browser that is away."""
    return max(int((LIVES - age).total_seconds()), 0)


def topic_of(conversation_id: int | None, notice_id: int | None) -> str:
    """By which a later notice of one conversation replaces an earlier one: at most 32 letters of base64url.

    Source: RFC 8030 §5.4.
    """
    if conversation_id is not None:
        return f"conversation-{conversation_id}"
    return f"notice-{notice_id}" if notice_id is not None else "trial"


def urgency_of(cause: str) -> str:
    """How much of a phone's battery it is worth. Source: RFC 8030 §5.3."""
    return "high" if cause in URGENT else "normal"
